package engine_test

import (
	"testing"

	"github.com/heitan/heitan/engine"
)

// TestCostPerTaskIsFlat compares what small and large attempts allocate for each
// task. It counts bytes rather than time, so that a busy machine does not matter;
// it is not parallel, so that nothing else is counted.
func TestCostPerTaskIsFlat(t *testing.T) {
	const small, large, tolerated = 1_000, 8_000, 1.25
	for _, l := range loads() {
		perTask := func(n int) float64 {
			root, says := l.root(n), l.answer(n)
			start := totalAllocated()
			a := mustComplete(t, root, says)
			return float64(totalAllocated()-start) / float64(a.Len())
		}
		if a, b := perTask(small), perTask(large); b > a*tolerated {
			t.Errorf("%s: %.0f bytes for each of %d tasks, %.0f for each of %d", l.name, a, small, b, large)
		}
	}
}

// TestParamsOfPassedTasksAreForgotten counts the documents that an attempt keeps
// while it runs: those of what runs now, not of all that ran.
func TestParamsOfPassedTasksAreForgotten(t *testing.T) {
	t.Parallel()
	for _, l := range loads()[1:5] {
		root := l.root(2_000)
		most, calls := 0, 0
		a, changes, err := engine.New(root, engine.Definition{Limits: engine.DefaultLimits()}, curtain)
		if err != nil {
			t.Fatal(err)
		}
		for queue := changes.Commands; len(queue) > 0; {
			dispatch, ok := queue[0].(engine.Dispatch)
			queue = queue[1:]
			if !ok {
				continue
			}
			a.Params(dispatch.Task)
			if calls++; calls%50 == 0 {
				most = max(most, a.Views())
			}
			task, _ := a.Task(dispatch.Task)
			changes, err := a.Apply(engine.Succeeded{Task: task.ID, Result: storing(task)}, curtain)
			if err != nil {
				t.Fatal(err)
			}
			queue = append(queue, changes.Commands...)
		}
		if left := a.Views(); most > 5 || left > 0 {
			t.Errorf("%s: up to %d documents, and %d at the end", l.name, most, left)
		}
	}
}
