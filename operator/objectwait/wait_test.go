package objectwait_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator/objectwait"
	"github.com/heitan/heitan/params"
)

var start = time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)

// waits are the times between the looks of a wait until it is over, at most n.
func waits(w objectwait.Wait, n int) []string {
	var times []string
	now, checkpoint := start, params.Empty()
	for range n {
		w := w.Resume(checkpoint, now)
		if w.Over(now) {
			return append(times, "over")
		}
		again := w.Again(now)
		times = append(times, again.Poll.After.String())
		now, checkpoint = now.Add(again.Poll.After), again.Poll.Checkpoint
	}
	return times
}

func TestLooksBecomeRarer(t *testing.T) {
	t.Parallel()
	w := objectwait.Wait{First: 5 * time.Second, Most: time.Minute}
	if diff := cmp.Diff([]string{"5s", "10s", "20s", "40s", "1m0s", "1m0s"}, waits(w, 6)); diff != "" {
		t.Error(diff)
	}
}

func TestLastLookIsWhenTheTimeIsOver(t *testing.T) {
	t.Parallel()
	w := objectwait.Wait{First: 5 * time.Second, Most: time.Minute, Timeout: 22 * time.Second}
	if diff := cmp.Diff([]string{"5s", "10s", "7s", "over"}, waits(w, 9)); diff != "" {
		t.Error(diff)
	}
}

func TestTimeIsCountedFromTheFirstLookOverRestarts(t *testing.T) {
	t.Parallel()
	w := objectwait.Wait{Object: "b/k", First: time.Second, Most: time.Second, Timeout: time.Hour}
	checkpoint := w.Resume(params.Empty(), start).Again(start).Poll.Checkpoint
	if resumed := w.Resume(checkpoint, start.Add(59*time.Minute)); resumed.Over(start.Add(59 * time.Minute)) {
		t.Error("it is over after 59 minutes")
	}
	late := start.Add(2 * time.Hour) // heitan was not running meanwhile
	resumed := w.Resume(checkpoint, late)
	if !resumed.Over(late) || resumed.TimedOut().Error() != "Object 'b/k' did not appear within 1h0m0s (runtime)" {
		t.Errorf("over: %t, %v", resumed.Over(late), resumed.TimedOut())
	}
	if w.Timeout = 0; w.Resume(checkpoint, late).Over(late) {
		t.Error("a wait without a limit is over")
	}
}
