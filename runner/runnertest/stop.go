package runnertest

import (
	"strings"
	"testing"
	"time"

	"github.com/heitan/heitan/runner"
)

// long is a grace period that no test waits out.
const long = time.Minute

func (h Harness) testStop(t *testing.T) {
	t.Run("SIGTERM ends the command within its grace", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("ready\n"), forever())
		outcome, _, took := k.stopped(long)
		if outcome.ExitCode != 143 || outcome.Signal != "SIGTERM" || took > long/2 {
			t.Errorf("got %+v after %v", outcome, took)
		}
	})
	t.Run("SIGKILL ends a command that ignores SIGTERM after its grace", func(t *testing.T) {
		t.Parallel()
		const grace = time.Second
		k := h.program(t, Ignore(), Print("ready\n"), forever())
		outcome, _, took := k.stopped(grace)
		if outcome.ExitCode != 137 || outcome.Signal != "SIGKILL" || took < grace {
			t.Errorf("got %+v after %v", outcome, took)
		}
	})
	t.Run("no grace is SIGKILL at once", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Ignore(), Print("ready\n"), forever())
		if outcome, _, took := k.stopped(0); outcome.ExitCode != 137 || took > long/2 {
			t.Errorf("got %+v after %v", outcome, took)
		}
	})
	h.inShell(t, true, "a command may clean up and choose its exit code", func(t *testing.T) {
		t.Parallel()
		k := h.shell(t, `trap 'echo bye; exit 9' TERM; echo ready; while :; do sleep 0.05; done`)
		// The shell may say in between that its sleep was terminated.
		if outcome, output, _ := k.stopped(long); outcome.ExitCode != 9 || !strings.Contains(output, "bye\n") {
			t.Errorf("got %+v, %q", outcome, output)
		}
	})
	h.inShell(t, true, "children and grandchildren end too", func(t *testing.T) {
		t.Parallel()
		k := h.shell(t, `
			sleep 1000 &
			sh -c 'trap "" TERM; sleep 1001 & echo one; wait' &
			(setsid sh -c 'sleep 1002 & echo two; wait' &)
			setsid env -i /bin/sh -c 'sleep 1003 & echo three; wait' &
			sleep 1004 & wait`)
		run, output := k.start()
		ended := k.background(run)
		for _, text := range []string{"one\n", "two\n", "three\n"} {
			output.Await(k.ctx, t, text)
		}
		k.stop(run, 300*time.Millisecond)
		k.running(0)
		<-ended
		k.release(run)
	})
	t.Run("stopping again and after the end is no error", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("done\n"))
		run, _ := k.start()
		k.wait(run)
		k.stop(run, long)
		k.stop(run, 0)
		if outcome := k.wait(run); outcome.ExitCode != 0 {
			t.Errorf("got %+v", outcome)
		}
		k.release(run)
		k.stop(run, 0)
	})
	t.Run("simultaneous stops and waits all return", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("ready\n"), forever())
		run, output := k.start()
		first, second := k.background(run), k.background(run)
		output.Await(k.ctx, t, "ready\n")
		stopped := make(chan error)
		for _, grace := range []time.Duration{long, 0, time.Second} {
			go func() { stopped <- run.Stop(k.ctx, grace) }()
		}
		for range 3 {
			if err := <-stopped; err != nil {
				t.Errorf("Stop: %v", err)
			}
		}
		if a, b := <-first, <-second; a != b {
			t.Errorf("got %+v and %+v", a, b)
		}
		k.running(0)
		k.release(run)
	})
	if !h.Survives {
		return // commands are lost with their runner
	}
	t.Run("a stop with another runner's run counts", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("ready\n"), forever())
		run, output := k.start()
		ended := k.background(run)
		output.Await(k.ctx, t, "ready\n")
		restarted, handle := k.restarted(run)
		attached, err := restarted.Attach(k.ctx, handle, &Output{})
		if err != nil {
			t.Fatalf("Attach: %v", err)
		}
		k.stop(attached, long)
		if outcome := <-ended; outcome.ExitCode != 143 {
			t.Errorf("got %+v", outcome)
		}
		k.release(attached)
	})
}

// stopped starts the task, stops it when it is ready, and returns how it ended
// and how long that took.
func (k *task) stopped(grace time.Duration) (runner.Outcome, string, time.Duration) {
	k.t.Helper()
	run, output := k.start()
	ended := k.background(run)
	output.Await(k.ctx, k.t, "ready\n")
	before := time.Now()
	k.stop(run, grace)
	took := time.Since(before)
	k.running(0)
	outcome := <-ended
	k.release(run)
	return outcome, output.String(), took
}
