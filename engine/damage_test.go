package engine_test

import (
	"testing"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
)

// TestDamagedTasksAreRefused has a case for each way in which stored tasks may
// not hang together.
func TestDamagedTasksAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		damage func(tasks []engine.Task) []engine.Task
		want   string
	}{
		{"no tasks", func([]engine.Task) []engine.Task { return nil }, "stored tasks are damaged: there are none"},
		{"a gap", func(tasks []engine.Task) []engine.Task { return append(tasks[:1], tasks[2:]...) }, "stored tasks are damaged at task 3 with parent 1"},
		{"a wrong order", func(tasks []engine.Task) []engine.Task {
			tasks[1], tasks[2] = tasks[2], tasks[1]
			return tasks
		}, "stored tasks are damaged at task 3 with parent 1"},
		{"a second root", func(tasks []engine.Task) []engine.Task {
			tasks[2].Parent = 0
			return tasks
		}, "stored tasks are damaged at task 3 with parent 0"},
		{"a parent that does not exist", func(tasks []engine.Task) []engine.Task {
			tasks[2].Parent = -1
			return tasks
		}, "stored tasks are damaged at task 3 with parent -1"},
		{"a parent that comes later", func(tasks []engine.Task) []engine.Task {
			tasks[2].Parent = 4
			return tasks
		}, "stored tasks are damaged at task 3 with parent 4"},
		{"a task that is its own parent", func(tasks []engine.Task) []engine.Task {
			tasks[2].Parent = 3
			return tasks
		}, "stored tasks are damaged at task 3 with parent 3"},
		{"a root with a parent", func(tasks []engine.Task) []engine.Task {
			tasks[0].Parent = 1
			return tasks
		}, "stored tasks are damaged at task 1 with parent 1"},
		{"a task that waits for itself", func(tasks []engine.Task) []engine.Task {
			tasks[2].Upstreams = []heitan.TaskID{3}
			return tasks
		}, "stored tasks are damaged: task 3 waits for 3"},
		{"a task that waits for a later one", func(tasks []engine.Task) []engine.Task {
			tasks[2].Upstreams = []heitan.TaskID{4}
			return tasks
		}, "stored tasks are damaged: task 3 waits for 4"},
		{"a task that waits for its parent", func(tasks []engine.Task) []engine.Task {
			tasks[2].Upstreams = []heitan.TaskID{1}
			return tasks
		}, "stored tasks are damaged: task 3 waits for 1"},
		{"a task that waits for others in no order", func(tasks []engine.Task) []engine.Task {
			tasks[4].Upstreams = []heitan.TaskID{4, 3}
			return tasks
		}, "stored tasks are damaged: task 5 waits for 3"},
		{"a task that waits for nobody", func(tasks []engine.Task) []engine.Task {
			tasks[2].Upstreams = nil
			return tasks
		}, "stored tasks are damaged: task 3 waits for nothing"},
		{"a task that waits at the gate of one without", func(tasks []engine.Task) []engine.Task {
			tasks[3].Gate = 2
			return tasks
		}, "stored tasks are damaged: task 4 waits at the gate of 2"},
		{"a task that waits at the gate of a later one", func(tasks []engine.Task) []engine.Task {
			tasks[2].Gate = 4
			return tasks
		}, "stored tasks are damaged: task 3 waits at the gate of 4"},
		{"a task that waits at the gate of one that follows another", func(tasks []engine.Task) []engine.Task {
			tasks[4].Gate = 4
			return tasks
		}, "stored tasks are damaged: task 5 waits at the gate of 4"},
		{"a root that waits", func(tasks []engine.Task) []engine.Task {
			tasks[0].Gate, tasks[0].Upstreams = 1, []heitan.TaskID{1}
			return tasks
		}, "stored tasks are damaged: task 1 waits for 1"},
		{"an unknown state", func(tasks []engine.Task) []engine.Task {
			tasks[2].State = 200
			return tasks
		}, "stored tasks are damaged: task 3 is TaskState(200)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := run(t, `
_parallel: {limit: 1}
+a: {echo>: a}
+b: {echo>: b}
+c: {echo>: c, _after: [+a]}
+d: {echo>: d}`)
			tasks := p.state.Tasks()
			tasks[3].Gate, tasks[3].Upstreams = 3, nil // +c shares the gate of +b
			_, err := engine.Restore(c.damage(tasks), 0, p.def)
			if message(err) != c.want {
				t.Errorf("the error is %q, want %q", message(err), c.want)
			}
		})
	}
}
