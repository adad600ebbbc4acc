package runnertest

import (
	"fmt"
	"syscall"
	"testing"
	"time"
)

func (h Harness) testExit(t *testing.T) {
	for _, code := range []int{0, 3, 255} {
		t.Run(fmt.Sprintf("code %d is reported", code), func(t *testing.T) {
			t.Parallel()
			outcome, _ := h.program(t, Exit(code)).ran()
			if outcome.ExitCode != code || outcome.Signal != "" || outcome.OOMKilled {
				t.Errorf("got %+v", outcome)
			}
		})
	}
	for name, signal := range map[string]syscall.Signal{"SIGKILL": syscall.SIGKILL, "SIGTERM": syscall.SIGTERM} {
		t.Run(name+" is reported as 128 plus its number and by name", func(t *testing.T) {
			t.Parallel()
			outcome, _ := h.program(t, Die(name)).ran()
			if want := 128 + int(signal); outcome.ExitCode != want || outcome.Signal != name || outcome.OOMKilled {
				t.Errorf("got %+v, want code %d", outcome, want)
			}
		})
	}
	t.Run("times enclose the command", func(t *testing.T) {
		t.Parallel()
		const pause = 300 * time.Millisecond
		before := time.Now()
		outcome, _ := h.program(t, Pause(pause)).ran()
		after := time.Now()
		// An engine on a virtual machine may have another clock, a little apart.
		const apart = 2 * time.Second
		if outcome.Started.Before(before.Add(-apart)) || outcome.Finished.After(after.Add(apart)) {
			t.Errorf("from %v to %v, want within %v and %v", outcome.Started, outcome.Finished, before, after)
		}
		if took := outcome.Finished.Sub(outcome.Started); took < pause || took > after.Sub(before)+apart {
			t.Errorf("took %v, want at least %v", took, pause)
		}
	})
}
