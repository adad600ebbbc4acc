package engine_test

import (
	"errors"
	"fmt"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
)

// attemptInvariants hold for an attempt as a whole.
var attemptInvariants = []invariant{
	{name: "changes are complete", says: "the tasks before the event and those it changed are the tasks after it", attempt: func(m moment, _ snapshot) error {
		told := make([]engine.Task, max(len(m.before), len(m.after)))
		copy(told, m.before)
		last := heitan.TaskID(0)
		for _, t := range m.changes.Tasks {
			if t.ID <= last || int(t.ID) > len(m.after) {
				return fmt.Errorf("task %d follows %d", t.ID, last)
			}
			if !t.Updated.Equal(m.driver.now) {
				return fmt.Errorf("task %d was changed at %s, and now is %s", t.ID, t.Updated, m.driver.now)
			}
			told[t.ID-1], last = t, t.ID
		}
		if i := firstDifference(told, m.after); i >= 0 {
			return fmt.Errorf("task %d was changed and not told", i+1)
		}
		return nil
	}},
	{name: "end", says: "the attempt has ended exactly when its root has, and successfully when the root succeeded", attempt: func(m moment, s snapshot) error {
		root, flags := s.tasks[0].State, m.changes.Flags
		if root.Done() != flags.Has(heitan.AttemptDone) || (root == heitan.TaskSuccess) != flags.Has(heitan.AttemptSuccess) {
			return fmt.Errorf("the root is %s and the flags are %b", root, flags)
		}
		return nil
	}},
	{name: "told once", says: "the end is commanded once, with the event that brought it", attempt: func(m moment, s snapshot) error {
		told := 0
		for _, c := range m.changes.Commands {
			if _, ok := c.(engine.Finish); ok {
				told++
			}
		}
		wasDone := len(m.before) > 0 && m.before[0].State.Done()
		if wasDone && told == 1 && len(m.changes.Tasks) == 0 {
			return nil // taken over after the end was recorded
		}
		if (told == 1) != (s.tasks[0].State.Done() && !wasDone) || told > 1 {
			return fmt.Errorf("it was told %d times", told)
		}
		return nil
	}},
	{name: "never stuck", says: "while the attempt goes on, some task runs or waits", attempt: func(_ moment, s snapshot) error {
		if s.tasks[0].State.Done() {
			return nil
		}
		for i := range s.tasks {
			t := &s.tasks[i]
			if running(t.State) || waiting(t.State) {
				return nil
			}
		}
		return errors.New("nothing can happen any more")
	}},
	{name: "kill starts nothing", says: "after a kill no task is added or gets its turn, and operators are only asked to clean up", attempt: func(m moment, s snapshot) error {
		if !m.wasKilled() {
			return nil
		}
		if len(m.after) != len(m.before) {
			return fmt.Errorf("%d tasks were added", len(m.after)-len(m.before))
		}
		for i, t := range m.after {
			if old := m.before[i].State; old == heitan.TaskBlocked && t.State != old {
				return fmt.Errorf("task %d went from %s to %s", t.ID, old, t.State)
			}
		}
		for _, c := range m.changes.Commands {
			switch c := c.(type) {
			case engine.Dispatch:
				if !c.Cleanup {
					return fmt.Errorf("task %d is dispatched", c.Task)
				}
			case engine.SetTimer:
				return fmt.Errorf("a timer is set for task %d", c.Task)
			case engine.Interrupt, engine.Finish:
			}
		}
		return nil
	}},
	{name: "kill ends as killed", says: "every task that was unfinished when the attempt was killed ends as canceled or stays blocked", attempt: func(m moment, s snapshot) error {
		if !m.driver.state.Flags().Has(heitan.AttemptCancelRequested) {
			return nil
		}
		for i := range s.tasks {
			t := &s.tasks[i]
			switch {
			case t.State.Done() && t.Flags.Has(heitan.CancelRequested) != (t.State == heitan.TaskCanceled),
				!t.State.Done() && !t.Flags.Has(heitan.CancelRequested):
				return fmt.Errorf("task %d is %s with flags %b", t.ID, t.State, t.Flags)
			}
		}
		return nil
	}},
	{name: "canceled needs a kill", says: "without a kill no task is canceled", attempt: func(m moment, s snapshot) error {
		if m.driver.state.Flags().Has(heitan.AttemptCancelRequested) {
			return nil
		}
		for i := range s.tasks {
			t := &s.tasks[i]
			if t.State == heitan.TaskCanceled || t.Flags.Has(heitan.CancelRequested) {
				return fmt.Errorf("task %d is %s with flags %b", t.ID, t.State, t.Flags)
			}
		}
		return nil
	}},
	{name: "task limit", says: "an attempt has no more tasks than its limit, and perhaps the alert of its failure", attempt: func(m moment, s snapshot) error {
		if limit := m.driver.def.Limits.Tasks; len(s.tasks) > limit+1 {
			return fmt.Errorf("it has %d tasks and the limit is %d", len(s.tasks), limit)
		}
		return nil
	}},
}
