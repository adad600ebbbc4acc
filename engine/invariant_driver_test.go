package engine_test

import (
	"errors"
	"fmt"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// driverInvariants hold between an attempt and what its driver was told.
var driverInvariants = []invariant{
	{name: "dispatched", says: "every ready or running task has an invocation outstanding, and no other task has", task: func(m moment, _ snapshot, t *engine.Task) error {
		if running(t.State) != m.driver.dispatched(t.ID) {
			return fmt.Errorf("dispatched is %t", m.driver.dispatched(t.ID))
		}
		return nil
	}},
	{name: "timed", says: "every waiting task has a timer", task: func(m moment, _ snapshot, t *engine.Task) error {
		if waiting(t.State) && !m.driver.timed(t.ID) {
			return errors.New("no timer is set")
		}
		return nil
	}},
	{name: "commands fit", says: "a command is for a task in a state to which it applies", attempt: func(m moment, s snapshot) error {
		for _, c := range m.changes.Commands {
			fits := true
			switch c := c.(type) {
			case engine.Dispatch:
				fits = running(s.task(c.Task).State) && !s.task(c.Task).Group
			case engine.SetTimer:
				fits = waiting(s.task(c.Task).State) && c.At.Equal(s.task(c.Task).RetryAt)
			case engine.Interrupt:
				fits = running(s.task(c.Task).State) && s.task(c.Task).Flags.Has(heitan.CancelRequested)
			case engine.Finish:
				fits = c.Flags == m.changes.Flags
			}
			if !fits {
				return fmt.Errorf("%T%+v", c, c)
			}
		}
		return nil
	}},
	{name: "retries are limited", says: "a task is tried again no more often than its setting, or the operator's, allows", task: func(m moment, _ snapshot, t *engine.Task) error {
		if allowed := max(m.driver.limits[t.ID], groupRetry(t.Config).Limit); t.Retries > allowed {
			return fmt.Errorf("%d retries of %d", t.Retries, allowed)
		}
		return nil
	}},
	{name: "usage adds up", says: "a task's usage is that of all its answers", task: func(m moment, _ snapshot, t *engine.Task) error {
		var sum heitan.Usage
		for _, u := range m.driver.used[t.ID] {
			sum = sum.Add(u)
		}
		if t.Usage != sum {
			return fmt.Errorf("its usage is %+v and should be %+v", t.Usage, sum)
		}
		return nil
	}},
	{name: "params follow the tree", says: "what a dispatched task inherits is what the language's walk says, in whatever order things happened", attempt: func(m moment, s snapshot) error {
		for _, c := range m.changes.Commands {
			if d, ok := c.(engine.Dispatch); ok {
				if err := sameParams(m.driver, s, d.Task); err != nil {
					return err
				}
			}
		}
		return nil
	}},
}

// groupRetry is the retry that a task's failed children lead to.
func groupRetry(config *params.Object) workflow.Retry {
	node := workflow.Node{Config: config}
	setting, ok := config.Get("_retry")
	if !ok {
		setting, _ = node.Export().Get("_retry")
	}
	retry, err := workflow.ParseRetry(setting)
	if err != nil {
		return workflow.Retry{}
	}
	return retry
}

// sameParams compares a task's params with those of the reference.
func sameParams(d *driver, s snapshot, id heitan.TaskID) error {
	got, want := params.JSON(d.state.Params(id)), params.JSON(inherited(s, d.def, id))
	if got != want {
		return fmt.Errorf("task %d inherits\n%s\nand should inherit\n%s", id, got, want)
	}
	return nil
}

// sameWhenRestored compares the attempt with one rebuilt from its tasks, and the
// params of all tasks with the reference: nothing that is only kept in memory
// may change a result.
func sameWhenRestored(d *driver) error {
	tasks := d.state.Tasks()
	restored, err := engine.Restore(tasks, d.state.Flags(), d.def)
	if err != nil {
		return err
	}
	if i := firstDifference(tasks, restored.Tasks()); i >= 0 || restored.Flags() != d.state.Flags() {
		return fmt.Errorf("task %d differs when restored", i+1)
	}
	s := snapshotOf(tasks)
	for i := range tasks {
		t := &tasks[i]
		if err := sameParams(d, s, t.ID); err != nil {
			return err
		}
		if cold := params.JSON(restored.Params(t.ID)); cold != params.JSON(d.state.Params(t.ID)) {
			return fmt.Errorf("task %d inherits %s when restored", t.ID, cold)
		}
	}
	return nil
}
