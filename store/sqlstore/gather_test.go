package sqlstore

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/store"
)

func TestWritesOfAnAttemptAreGathered(t *testing.T) {
	t.Parallel()
	task := func(id heitan.TaskID, retries int) engine.Task { return engine.Task{ID: id, Retries: retries} }
	end := time.Unix(1, 0)
	got := gather([]store.Write{
		{Attempt: 7, Fence: 2, Tasks: []engine.Task{task(3, 1), task(5, 1)}, Flags: 1},
		{Attempt: 4, Fence: 1, Tasks: []engine.Task{task(9, 1), task(2, 1)}},
		{Attempt: 7, Fence: 1, Tasks: []engine.Task{task(3, 9)}, Flags: 8},
		{Attempt: 7, Fence: 2, Tasks: []engine.Task{task(1, 2), task(5, 2)}, Flags: 2, Finished: end},
		{Attempt: 7, Fence: 2},
	})
	want := []change{
		{attempt: 4, fence: 1, tasks: []engine.Task{task(2, 1), task(9, 1)}},
		{attempt: 7, fence: 2, tasks: []engine.Task{task(1, 2), task(3, 1), task(5, 2)}, flags: 3, finished: end},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(change{})); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestTasksThatAreInOrderAreNotCopied(t *testing.T) {
	t.Parallel()
	tasks := []engine.Task{{ID: 1}, {ID: 2}, {ID: 9}}
	if got := gather([]store.Write{{Attempt: 1, Tasks: tasks}}); &got[0].tasks[0] != &tasks[0] {
		t.Error("they are copied")
	}
}

// Whatever is written, each task is as its last write with the highest fence
// has it, and no statement meets a row twice.
func TestGatheringKeepsTheLastWriteOfEachTask(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		writes := make([]store.Write, rapid.IntRange(0, 8).Draw(t, "writes"))
		for i := range writes {
			w := store.Write{
				Attempt: heitan.AttemptID(rapid.IntRange(1, 3).Draw(t, "attempt")),
				Fence:   heitan.Fence(rapid.IntRange(1, 2).Draw(t, "fence")),
			}
			for n := range rapid.IntRange(0, 6).Draw(t, "tasks") {
				w.Tasks = append(w.Tasks, engine.Task{ID: heitan.TaskID(rapid.IntRange(1, 5).Draw(t, "id")), Retries: 10*i + n})
			}
			writes[i] = w
		}
		got := make(map[heitan.AttemptID]map[heitan.TaskID]int)
		var last heitan.AttemptID
		for _, c := range gather(writes) {
			if c.attempt <= last {
				t.Errorf("attempt %d comes after %d", c.attempt, last)
			}
			last, got[c.attempt] = c.attempt, make(map[heitan.TaskID]int)
			for i, task := range c.tasks {
				if i > 0 && task.ID <= c.tasks[i-1].ID {
					t.Errorf("task %d comes after %d", task.ID, c.tasks[i-1].ID)
				}
				got[c.attempt][task.ID] = task.Retries
			}
		}
		if diff := cmp.Diff(lastWrites(writes), got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("tasks (-want +got):\n%s", diff)
		}
	})
}

// lastWrites is what gather does, in the simplest way.
func lastWrites(writes []store.Write) map[heitan.AttemptID]map[heitan.TaskID]int {
	fences := make(map[heitan.AttemptID]heitan.Fence)
	for _, w := range writes {
		fences[w.Attempt] = max(fences[w.Attempt], w.Fence)
	}
	last := make(map[heitan.AttemptID]map[heitan.TaskID]int)
	for _, w := range writes {
		if w.Fence != fences[w.Attempt] {
			continue
		}
		if last[w.Attempt] == nil {
			last[w.Attempt] = make(map[heitan.TaskID]int)
		}
		for _, task := range w.Tasks {
			last[w.Attempt][task.ID] = task.Retries
		}
	}
	return last
}
