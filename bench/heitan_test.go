package bench

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// heitan is the path of the stripped binary that is measured.
var heitan string

func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.bench").Value.String() == "" {
		os.Exit(m.Run()) // nothing here is a test, so nothing needs the binary
	}
	dir, err := os.MkdirTemp("", "heitan-bench")
	if err != nil {
		panic(err)
	}
	heitan = filepath.Join(dir, "heitan")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", heitan, "../cmd/heitan")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s\n%v\n", out, err)
		os.Exit(2)
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// project makes a folder with one workflow, wf.dig.
func project(b *testing.B, workflow string) string {
	b.Helper()
	dir := b.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "wf.dig"), []byte(workflow), 0o644); err != nil {
		b.Fatal(err)
	}
	return dir
}

// measured is one finished process.
type measured struct {
	wall time.Duration
	peak int64 // bytes
}

// measure runs a command to its successful end with its output thrown away.
func measure(b *testing.B, dir, name string, args ...string) measured {
	b.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if err != nil {
		b.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, stderr.String())
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return measured{wall: wall, peak: usage.Maxrss << 10}
}

// forkExecRate is how many processes per second this machine starts and reaps,
// one after the other, measured now.
func forkExecRate(b *testing.B) float64 {
	b.Helper()
	const n = 200
	start := time.Now()
	for range n {
		if err := exec.Command("/bin/true").Run(); err != nil {
			b.Fatal(err)
		}
	}
	return n / time.Since(start).Seconds()
}
