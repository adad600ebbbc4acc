package runnertest

import (
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/heitan/heitan/runner"
)

func (h Harness) testIdempotency(t *testing.T) {
	t.Run("a second start adopts the running command", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("once\n"), forever())
		first, output := k.start()
		ended := k.background(first)
		output.Await(k.ctx, t, "once\n")

		second, again := k.start()
		alsoEnded := k.background(second)
		again.Await(k.ctx, t, "once\n")
		k.running(1)
		k.stop(second, 0)
		if a, b := <-ended, <-alsoEnded; a.ExitCode != 137 || b.ExitCode != 137 || !a.Finished.Equal(b.Finished) {
			t.Errorf("got %+v and %+v", a, b)
		}
		if output.String() != "once\n" || again.String() != "once\n" {
			t.Errorf("got %q and %q", output, again)
		}
		k.release(second)
		k.release(first)
	})
	t.Run("a second start adopts the ended command", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("once\n"), Exit(5))
		first, _ := k.start()
		before := k.wait(first)
		second, output := k.start()
		after := k.wait(second)
		if after.ExitCode != 5 || !after.Finished.Equal(before.Finished) || output.String() != "once\n" {
			t.Errorf("got %+v, %q, after %+v", after, output, before)
		}
		k.release(second)
	})
	h.inShell(t, true, "simultaneous starts run it once", func(t *testing.T) {
		t.Parallel()
		k := h.shell(t, "echo started >>starts; printf done")
		starters := 2 + h.Repeat
		outputs := make([]Output, starters)
		runs := make([]runner.Run, starters)
		var group errgroup.Group
		for i := range starters {
			group.Go(func() (err error) {
				if runs[i], err = k.runner.Start(k.ctx, k.spec, &outputs[i]); err == nil {
					_, err = runs[i].Wait(k.ctx)
				}
				return err
			})
		}
		if err := group.Wait(); err != nil {
			t.Fatal(err)
		}
		if n := k.lines("starts"); n != 1 {
			t.Errorf("started %d times", n)
		}
		for i := range outputs {
			if got := outputs[i].String(); got != "done" {
				t.Errorf("output %d is %q", i, got)
			}
		}
		k.release(runs[0])
	})
	t.Run("tokens are told apart", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("first"), Pause(10*time.Millisecond))
		other := h.program(t, Print("second"))
		other.runner = k.runner
		other.spec.Token = k.spec.Token + "-2"
		if _, output := k.ran(); output != "first" {
			t.Errorf("got %q", output)
		}
		if _, output := other.ran(); output != "second" {
			t.Errorf("got %q", output)
		}
	})
}
