package cli

import (
	"testing"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
)

// A retry marks only the tasks that it replaces, but what is below them counts no
// more either.
func TestWhatARetryReplacedDoesNotCount(t *testing.T) {
	t.Parallel()
	p := newProgress()
	for _, task := range []engine.Task{
		{ID: 1, Group: true},
		{ID: 2, Parent: 1},
		{ID: 3, Parent: 2, Group: true},
		{ID: 4, Parent: 3},
		{ID: 5, Parent: 3},
		{ID: 6, Parent: 1},
		{ID: 2, Parent: 1, State: heitan.TaskPlanned},
		{ID: 3, Parent: 2, State: heitan.TaskPlanned, Group: true},
		{ID: 4, Parent: 3, State: heitan.TaskError},
		{ID: 5, Parent: 3, State: heitan.TaskRunning},
	} {
		p.change(task)
	}
	if p.total != 4 || p.done != 1 || p.failed != 1 || len(p.running) != 1 {
		t.Fatalf("before the retry: total %d, done %d, failed %d, running %d", p.total, p.done, p.failed, len(p.running))
	}
	p.change(engine.Task{ID: 3, Parent: 2, State: heitan.TaskGroupError, Group: true, Flags: heitan.Superseded})
	if p.total != 2 || p.done != 0 || p.failed != 0 || len(p.running) != 0 {
		t.Errorf("after the retry: total %d, done %d, failed %d, running %d", p.total, p.done, p.failed, len(p.running))
	}
	p.change(engine.Task{ID: 7, Parent: 2, Group: true})
	p.change(engine.Task{ID: 8, Parent: 7})
	if p.total != 3 {
		t.Errorf("with the copies: total %d", p.total)
	}
}
