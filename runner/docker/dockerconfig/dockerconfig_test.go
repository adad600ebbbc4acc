package dockerconfig

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/moby/api/types/registry"
)

func write(t *testing.T, mode os.FileMode, path ...string) {
	t.Helper()
	file, content := filepath.Join(path[:len(path)-1]...), path[len(path)-1]
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, dir string) *Config {
	t.Helper()
	c, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheEngineOfAContextIsFound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, 0o644, dir, "config.json", `{"currentContext": "colima", "unknown": {}}`)
	for name, meta := range map[string]string{
		"colima": `{"Name":"colima","Endpoints":{"docker":{"Host":"unix:///c.sock","SkipTLSVerify":false}}}`,
		"far":    `{"Name":"far","Endpoints":{"docker":{"Host":"tcp://far:2376","SkipTLSVerify":true}}}`,
		"empty":  `{}`,
	} {
		sum := sha256.Sum256([]byte(name))
		id := hex.EncodeToString(sum[:])
		write(t, 0o644, dir, "contexts/meta", id, "meta.json", meta)
		if name == "far" {
			write(t, 0o644, dir, "contexts/tls", id, "docker/ca.pem", "x")
		}
	}
	c := load(t, dir)
	for context, want := range map[string]Endpoint{
		"":        {Host: "unix:///c.sock"},
		"default": {},
		"colima":  {Host: "unix:///c.sock"},
		"far":     {Host: "tcp://far:2376", SkipTLSVerify: true, CertPath: "?"},
	} {
		got, err := c.Endpoint(context)
		if got.CertPath != "" {
			got.CertPath = "?"
		}
		if err != nil || got != want {
			t.Errorf("%q: got %+v, %v, want %+v", context, got, err, want)
		}
	}
	for _, context := range []string{"gone", "empty"} {
		if _, err := c.Endpoint(context); err == nil || !strings.Contains(err.Error(), context) {
			t.Errorf("%q: got %v", context, err)
		}
	}
}

func TestAMissingFileIsAnEmptyConfig(t *testing.T) {
	t.Parallel()
	c := load(t, t.TempDir())
	endpoint, err := c.Endpoint("")
	login, authErr := c.Auth(t.Context(), dockerHub, nil)
	if err != nil || authErr != nil || endpoint != (Endpoint{}) || login != (registry.AuthConfig{}) {
		t.Errorf("got %+v, %v, %+v, %v", endpoint, err, login, authErr)
	}
	dir := t.TempDir()
	write(t, 0o644, dir, "config.json", `{`)
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "config.json") {
		t.Errorf("got %v for a broken file", err)
	}
}

func TestServers(t *testing.T) {
	t.Parallel()
	for image, want := range map[string]string{
		"busybox": dockerHub, "me/x:1": dockerHub, "docker.io/library/x": dockerHub,
		"ghcr.io/a/b": "ghcr.io", "localhost:5000/x": "localhost:5000",
		"1.dkr.ecr.eu-west-1.amazonaws.com/x@sha256:" + strings.Repeat("0", 64): "1.dkr.ecr.eu-west-1.amazonaws.com",
	} {
		if got, err := Server(image); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", image, got, err, want)
		}
	}
	if _, err := Server("Not An Image"); err == nil {
		t.Error("accepted a bad name")
	}
}

func TestLoginsComeFromHelpersTheStoreAndTheFile(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	write(t, 0o755, bin, "docker-credential-ecr", "#!/bin/sh\nread s; echo \"{\\\"Username\\\":\\\"AWS\\\",\\\"Secret\\\":\\\"$1 $s $HELP\\\"}\"\n")
	write(t, 0o755, bin, "docker-credential-token", "#!/bin/sh\necho '{\"Username\":\"<token>\",\"Secret\":\"t\"}'\n")
	write(t, 0o755, bin, "docker-credential-none", "#!/bin/sh\necho 'credentials not found in native keychain'; exit 1\n")
	write(t, 0o755, bin, "docker-credential-bad", "#!/bin/sh\necho 'no keychain' >&2; exit 1\n")
	write(t, 0o755, bin, "docker-credential-odd", "#!/bin/sh\necho hello\n")
	environ := []string{"PATH=/usr/bin:/bin:" + bin, "HELP=me"}
	file := `{
		"auths": {"file.io": {"auth": "dTpwOng="}, "https://url.io/v1/": {"username": "u", "password": "p"}, "broken.io": {"auth": "!"},
			"https://index.docker.io/v1/": {"auth": "aDpw"}},
		"credHelpers": {"ecr.io": "ecr", "token.io": "token", "none.io": "none", "bad.io": "bad", "odd.io": "odd", "gone.io": "gone"}
	}`
	dir := t.TempDir()
	write(t, 0o644, dir, "config.json", file)
	c := load(t, dir)
	for server, want := range map[string]registry.AuthConfig{
		"ecr.io":   {Username: "AWS", Password: "get ecr.io me", ServerAddress: "ecr.io"},
		"token.io": {IdentityToken: "t", ServerAddress: "token.io"},
		"none.io":  {},
		"other.io": {},
		"file.io":  {Username: "u", Password: "p:x", ServerAddress: "file.io"},
		"url.io":   {Username: "u", Password: "p", ServerAddress: "url.io"},
		dockerHub:  {Username: "h", Password: "p", ServerAddress: dockerHub},
	} {
		got, err := c.Auth(t.Context(), server, environ)
		if err != nil {
			t.Errorf("%s: %v", server, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", server, diff)
		}
	}
	for server, mention := range map[string]string{
		"bad.io": "no keychain", "odd.io": "no JSON", "gone.io": "not found in PATH", "broken.io": "docker login",
	} {
		if _, err := c.Auth(t.Context(), server, environ); err == nil || !strings.Contains(err.Error(), mention) {
			t.Errorf("%s: got %v", server, err)
		}
	}
	c.CredsStore = "token"
	if got, err := c.Auth(t.Context(), "file.io", environ); err != nil || got.IdentityToken != "t" {
		t.Errorf("with a store: got %+v, %v", got, err)
	}
}
