package runnertest

import (
	"errors"
	"testing"

	"github.com/heitan/heitan/runner"
)

func (h Harness) testRestart(t *testing.T) {
	t.Run("a running command is attached to by its handle", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("hello\n"), forever())
		run, output := k.start()
		ended := k.background(run)
		output.Await(k.ctx, t, "hello\n")
		_, handle := k.restarted(run)
		again := &Output{}
		attached, err := k.runner.Attach(k.ctx, handle, again)
		if err != nil {
			t.Fatalf("Attach: %v", err)
		}
		if attached.Handle() != run.Handle() {
			t.Errorf("got handle %+v, want %+v", attached.Handle(), run.Handle())
		}
		alsoEnded := k.background(attached)
		again.Await(k.ctx, t, "hello\n")
		k.stop(attached, 0)
		if a, b := <-ended, <-alsoEnded; a.ExitCode != 137 || b.ExitCode != 137 {
			t.Errorf("got %+v and %+v", a, b)
		}
		k.release(attached)
	})
	t.Run("after a restart a running command is adopted or lost and stopped", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("hello\n"), forever())
		run, output := k.start()
		ended := k.background(run)
		output.Await(k.ctx, t, "hello\n")
		restarted, handle := k.restarted(run)
		again := &Output{}
		attached, err := restarted.Attach(k.ctx, handle, again)
		if !h.Survives {
			if !errors.Is(err, runner.ErrLost) {
				t.Errorf("got %v, want %v", err, runner.ErrLost)
			}
			k.running(0)
			<-ended
			k.release(run)
			return
		}
		if err != nil {
			t.Fatalf("Attach: %v", err)
		}
		adopted := k.background(attached)
		again.Await(k.ctx, t, "hello\n")
		k.stop(attached, 0)
		<-ended
		if outcome := <-adopted; outcome.ExitCode != 137 || again.String() != "hello\n" {
			t.Errorf("got %+v, %q", outcome, again)
		}
		k.release(attached)
	})
	t.Run("after a restart an ended command is adopted or lost", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("hello\n"), Exit(4))
		run, _ := k.start()
		k.wait(run)
		restarted, handle := k.restarted(run)
		again := &Output{}
		attached, err := restarted.Attach(k.ctx, handle, again)
		if !h.Survives {
			if !errors.Is(err, runner.ErrLost) {
				t.Errorf("got %v, want %v", err, runner.ErrLost)
			}
			k.release(run)
			return
		}
		if err != nil {
			t.Fatalf("Attach: %v", err)
		}
		if outcome := k.wait(attached); outcome.ExitCode != 4 || again.String() != "hello\n" {
			t.Errorf("got %+v, %q", outcome, again)
		}
		k.release(attached)
	})
	t.Run("a recovering start never leaves two of the command", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("hello\n"), forever())
		run, output := k.start()
		ended := k.background(run)
		output.Await(k.ctx, t, "hello\n")

		k.spec.Recovering = true
		k.runner = h.New(t)
		recovered, again := k.start()
		alsoEnded := k.background(recovered)
		again.Await(k.ctx, t, "hello\n")
		k.running(1)
		k.stop(recovered, 0)
		<-ended
		if outcome := <-alsoEnded; outcome.ExitCode != 137 {
			t.Errorf("got %+v", outcome)
		}
		k.running(0)
		k.release(recovered)
		k.release(run)
	})
	t.Run("a command of an earlier heitan is discarded by its token", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("hello\n"), forever())
		run, output := k.start()
		over := make(chan struct{})
		go func() {
			defer close(over)
			_, _ = run.Wait(k.ctx) // how it ends is lost if its container is gone first
		}()
		output.Await(k.ctx, t, "hello\n")

		restarted, handle := k.restarted(run)
		for range 2 { // the second time there is nothing
			if err := restarted.Discard(k.ctx, k.spec.Token, 0); err != nil {
				t.Fatal(err)
			}
		}
		<-over
		k.running(0)
		if _, err := restarted.Attach(k.ctx, handle, &Output{}); !errors.Is(err, runner.ErrLost) {
			t.Errorf("got %v, want %v", err, runner.ErrLost)
		}
		k.release(run)
	})
	t.Run("a released command is lost", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("hello\n"))
		run, _ := k.start()
		k.wait(run)
		k.release(run)
		if _, err := k.runner.Attach(k.ctx, run.Handle(), &Output{}); !errors.Is(err, runner.ErrLost) {
			t.Errorf("got %v, want %v", err, runner.ErrLost)
		}
	})
	t.Run("foreign and unreadable handles are errors, not losses", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("hello\n"))
		run, _ := k.start()
		k.wait(run)
		k.release(run)
		foreign, newer, broken := run.Handle(), run.Handle(), run.Handle()
		foreign.Runner += "-of-another-kind"
		newer.Version += 1000
		broken.State = "\x00{"
		for _, handle := range []runner.Handle{foreign, newer, broken, {}} {
			if _, err := k.runner.Attach(k.ctx, handle, &Output{}); err == nil || errors.Is(err, runner.ErrLost) {
				t.Errorf("%+v: got %v", handle, err)
			}
		}
	})
}
