// Package testenv says which real components a test may use, and skips or fails
// the tests whose components are missing.
//
// scripts/services.sh starts what the machine has and exports where it listens.
// A component named in HEITAN_TEST_REQUIRE (or "all") must be there: its tests
// fail instead of being skipped, so that nothing is skipped silently in CI.
package testenv

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Component is something a test needs beyond Go.
type Component string

// The components and what tells that they are there.
const (
	Postgres Component = "postgres" // HEITAN_TEST_POSTGRES, a URL with the right to create schemas
	Redis    Component = "redis"    // HEITAN_TEST_REDIS, host:port
	Docker   Component = "docker"   // HEITAN_TEST_DOCKER, an engine's address such as unix:///var/run/docker.sock
	S3       Component = "s3"       // HEITAN_TEST_S3, the URL of an S3-compatible server
	Python   Component = "python"   // python3 on PATH
	Ruby     Component = "ruby"     // ruby on PATH
	NPM      Component = "npm"      // npm on PATH, with its registry in reach
)

// Need returns where the component is, and skips the test if it is missing, or
// fails it if it is required.
func Need(t testing.TB, c Component) string {
	t.Helper()
	where, err := find(c)
	if err == nil {
		return where
	}
	if Required(c) {
		t.Fatalf("%s is required by HEITAN_TEST_REQUIRE: %v", c, err)
	}
	t.Skipf("needs %s: %v", c, err)
	return ""
}

// Have reports whether the component is there, for tests that can say themselves
// what to do without it.
func Have(c Component) bool {
	_, err := find(c)
	return err == nil
}

// Required reports whether the tests of a component may not be skipped.
func Required(c Component) bool {
	required := strings.Split(os.Getenv("HEITAN_TEST_REQUIRE"), ",")
	return slices.Contains(required, string(c)) || slices.Contains(required, "all")
}

func find(c Component) (string, error) {
	switch c {
	case Python:
		return exec.LookPath("python3")
	case Ruby, NPM:
		return exec.LookPath(string(c))
	case Postgres, Redis, Docker, S3:
	}
	variable := "HEITAN_TEST_" + strings.ToUpper(string(c))
	if where := os.Getenv(variable); where != "" {
		return where, nil
	}
	return "", fmt.Errorf("%s is not set; scripts/services.sh starts it where it can", variable)
}
