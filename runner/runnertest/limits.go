package runnertest

import (
	"testing"
	"time"
)

// allocate96 is a command that needs 96 MiB: dd reads blocks into one buffer.
const allocate96 = "dd if=/dev/zero of=/dev/null bs=96M count=1 2>/dev/null"

// hold300 is a command that needs 300 MiB for a while.
const hold300 = `{ head -c 314000000 /dev/zero; sleep 2.5; } | dd of=/dev/null bs=300M count=1 iflag=fullblock 2>/dev/null`

func (h Harness) testLimits(t *testing.T) {
	h.inShell(t, h.Limits, "more memory than the limit is OOMKilled", func(t *testing.T) {
		t.Parallel()
		k := h.shell(t, "exec "+allocate96)
		k.spec.Memory = 32 << 20
		if outcome, _ := k.ran(); !outcome.OOMKilled || outcome.ExitCode != 137 {
			t.Errorf("got %+v", outcome)
		}
	})
	h.inShell(t, true, "less memory and CPU than the limit is no harm", func(t *testing.T) {
		t.Parallel()
		k := h.shell(t, allocate96)
		k.spec.Memory = 256 << 20
		k.spec.CPU = 0.5
		if outcome, output := k.ran(); outcome.OOMKilled || outcome.ExitCode != 0 {
			t.Errorf("got %+v, %q", outcome, output)
		}
	})
	h.inShell(t, h.CPUTime, "CPU time is measured", func(t *testing.T) {
		t.Parallel()
		k := h.shell(t, `end=$(($(date +%s) + 3)); while [ $(date +%s) -lt $end ]; do i=0; while [ $i -lt 3000 ]; do i=$((i + 1)); done; done`)
		outcome, _ := k.ran()
		took := outcome.Finished.Sub(outcome.Started)
		// Two busy cores are shared with other tests: a part of the time must do.
		if got := outcome.Usage.CPUTime; got < 200*time.Millisecond || got > 2*took {
			t.Errorf("%v of CPU time in %v", got, took)
		}
	})
	h.inShell(t, h.PeakMemory, "peak memory is measured", func(t *testing.T) {
		t.Parallel()
		k := h.shell(t, hold300)
		outcome, _ := k.ran()
		if got := outcome.Usage.PeakMemory; got < 290<<20 || got > 400<<20 {
			t.Errorf("got %d MiB, want about 300", got>>20)
		}
	})
}
