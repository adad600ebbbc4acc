package process_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/process"
)

// The rate of short commands, beside that of package os/exec doing the same. A
// session of its own costs a command some time on kernels that schedule by session
// (sched_autogroup), which shows when the machine is busy.
func BenchmarkShortCommand(b *testing.B) {
	b.Run("os/exec", func(b *testing.B) { benchExec(b, nil) })
	b.Run("os/exec with a session", func(b *testing.B) { benchExec(b, &syscall.SysProcAttr{Setsid: true}) })
	b.Run("process", func(b *testing.B) {
		r := process.New(process.Options{Environ: os.Environ()})
		n := 0
		for b.Loop() {
			n++
			runOnce(b, r, io.Discard, fmt.Sprintf("bench-%d", n), "true")
		}
	})
}

func benchExec(b *testing.B, attr *syscall.SysProcAttr) {
	for b.Loop() {
		c := exec.CommandContext(b.Context(), "true")
		c.Dir = b.TempDir()
		c.SysProcAttr = attr
		var output bytes.Buffer
		c.Stdout, c.Stderr = struct{ io.Writer }{&output}, struct{ io.Writer }{&output}
		if err := c.Run(); err != nil {
			b.Fatal(err)
		}
	}
}

// The throughput of output.
func BenchmarkOutput(b *testing.B) {
	const size = 256 << 20
	b.Run("os/exec", func(b *testing.B) {
		b.SetBytes(size)
		for b.Loop() {
			c := exec.CommandContext(b.Context(), "head", "-c", fmt.Sprint(size), "/dev/zero")
			c.Stdout = struct{ io.Writer }{io.Discard}
			if err := c.Run(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("process", func(b *testing.B) {
		b.SetBytes(size)
		r := process.New(process.Options{Environ: os.Environ()})
		n := 0
		for b.Loop() {
			n++
			runOnce(b, r, struct{ io.Writer }{io.Discard}, fmt.Sprintf("bench-%d", n), "head", "-c", fmt.Sprint(size), "/dev/zero")
		}
	})
}

func runOnce(b *testing.B, r *process.Runner, output io.Writer, token string, command ...string) {
	b.Helper()
	dir := b.TempDir()
	spec := runner.Spec{Token: token, Command: command, Workspace: dir, Dir: dir, InheritEnv: true}
	run, err := r.Start(b.Context(), spec, output)
	if err != nil {
		b.Fatal(err)
	}
	if outcome, err := run.Wait(b.Context()); err != nil || outcome.ExitCode != 0 {
		b.Fatal(outcome, err)
	}
	if err := run.Release(b.Context()); err != nil {
		b.Fatal(err)
	}
}
