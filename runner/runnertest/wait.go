package runnertest

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"
)

func (h Harness) testWait(t *testing.T) {
	t.Run("a cancelled wait leaves the command running", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("one\n"), Pause(300*time.Millisecond), Print("two\n"), Exit(6))
		run, output := k.start()
		why := errors.New("somebody else takes over")
		ctx, cancel := context.WithCancelCause(k.ctx)
		waited := make(chan error)
		go func() {
			_, err := run.Wait(ctx)
			waited <- err
		}()
		output.Await(k.ctx, t, "one\n")
		cancel(why)
		if err := <-waited; !errors.Is(err, why) {
			t.Errorf("got %v, want %v", err, why)
		}
		if outcome := k.wait(run); outcome.ExitCode != 6 || output.String() != "one\ntwo\n" {
			t.Errorf("got %+v, %q", outcome, output)
		}
		k.release(run)
	})
	t.Run("every wait has the same outcome and output is written once", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("one\n"), Pause(50*time.Millisecond), Print("two\n"), Exit(7))
		output := &slowOutput{taken: make(chan struct{}), resume: make(chan struct{})}
		run, err := k.runner.Start(k.ctx, k.spec, output)
		if err != nil {
			t.Fatalf("Start: %v", err)
		}
		first := k.background(run)
		<-output.taken
		second, third := k.background(run), k.background(run)
		for range 1000 {
			runtime.Gosched() // so that they get where they could do harm
		}
		close(output.resume)
		a, b, c, d := <-first, <-second, <-third, k.wait(run)
		if a != b || b != c || c != d || a.ExitCode != 7 {
			t.Errorf("got %+v, %+v, %+v and %+v", a, b, c, d)
		}
		if got := output.buf.String(); got != "one\ntwo\n" {
			t.Errorf("got %q", got)
		}
		k.release(run)
	})
	t.Run("a failing output is an error of the wait and not of the command", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("hello\n"), forever())
		full := errors.New("disk full")
		run, err := k.runner.Start(k.ctx, k.spec, failingOutput{full})
		if err != nil {
			t.Fatalf("Start: %v", err)
		}
		if _, err := run.Wait(k.ctx); !errors.Is(err, full) {
			t.Errorf("got %v, want %v", err, full)
		}
		k.running(1)
		k.stop(run, 0)
		k.release(run)
	})
}

type failingOutput struct{ err error }

func (o failingOutput) Write([]byte) (int, error) { return 0, o.err }
