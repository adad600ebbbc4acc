package engine_test

import (
	"errors"
	"fmt"
	"strings"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
)

// taskInvariants hold for every task.
var taskInvariants = []invariant{
	{name: "ids grow", says: "a task's id is larger than its parent's and those of the siblings it waits for", task: func(_ moment, s snapshot, t *engine.Task) error {
		if t.Parent >= t.ID {
			return fmt.Errorf("its parent is %d", t.Parent)
		}
		for _, up := range s.upstreams(t) {
			if up >= t.ID || s.task(up).Parent != t.Parent {
				return fmt.Errorf("it waits for %d", up)
			}
		}
		return nil
	}},
	{name: "names nest", says: "a full name is the parent's with one more name", task: func(_ moment, s snapshot, t *engine.Task) error {
		if t.Parent == 0 {
			return nil
		}
		name, ok := strings.CutPrefix(t.FullName, s.task(t.Parent).FullName)
		if !ok || len(name) < 2 || name[0] != '+' && name[0] != '^' {
			return fmt.Errorf("its parent is %s", s.task(t.Parent).FullName)
		}
		return nil
	}},
	{name: "turn", says: "a task leaves blocked only when its parent is planned and all upstream siblings succeeded", task: func(m moment, s snapshot, t *engine.Task) error {
		old, existed := m.old(t)
		if t.State == heitan.TaskBlocked || existed && old.State != heitan.TaskBlocked {
			return nil
		}
		if !s.open(t) {
			return errors.New("not all upstream siblings succeeded")
		}
		if t.Parent == 0 {
			return nil
		}
		parent := s.task(t.Parent)
		// An empty group that ends at once may end its parent's round in the same step.
		roundEnded := parent.State == heitan.TaskGroupRetryWaiting && t.State.Done()
		if parent.State != heitan.TaskPlanned && !parent.State.Done() && !roundEnded {
			return fmt.Errorf("its parent is %s", parent.State)
		}
		return nil
	}},
	{name: "no needless wait", says: "a task stays blocked only while its parent is not planned or an upstream sibling has not succeeded", task: func(_ moment, s snapshot, t *engine.Task) error {
		if t.State == heitan.TaskBlocked && s.task(t.Parent).State == heitan.TaskPlanned && s.open(t) {
			return errors.New("nothing holds it back")
		}
		return nil
	}},
	{name: "finished is final", says: "a finished task changes no more, except that a retry may mark it as replaced", task: func(m moment, _ snapshot, t *engine.Task) error {
		old, existed := m.old(t)
		if !existed || !old.State.Done() {
			return nil
		}
		replaced := *old
		replaced.Flags |= t.Flags & heitan.Superseded
		if !same(&replaced, t) {
			return fmt.Errorf("it was %s", old.State)
		}
		return nil
	}},
	{name: "replaced by a retry", says: "only a retry of the parent replaces a task, which has ended or never began", task: func(m moment, s snapshot, t *engine.Task) error {
		if !t.Flags.Has(heitan.Superseded) {
			return nil
		}
		if s.task(t.Parent).Retries == 0 || t.State.Active() {
			return fmt.Errorf("its parent was retried %d times", s.task(t.Parent).Retries)
		}
		return nil
	}},
	{name: "groups do not run", says: "a group is never handed to an operator", task: func(_ moment, _ snapshot, t *engine.Task) error {
		if t.Group && (running(t.State) || t.State == heitan.TaskRetryWaiting) {
			return errors.New("it is a group")
		}
		return nil
	}},
	{name: "planned waits for children", says: "a task is planned only while a child of it can move", task: func(_ moment, s snapshot, t *engine.Task) error {
		if t.State != heitan.TaskPlanned {
			return nil
		}
		for c := range s.current(t) {
			if c.State.Active() {
				return nil
			}
		}
		return errors.New("no child can move")
	}},
	{name: "end after children", says: "a task ends, or is retried, only after all its children that could move", task: func(_ moment, s snapshot, t *engine.Task) error {
		if !t.State.Done() && t.State != heitan.TaskGroupRetryWaiting {
			return nil
		}
		for c := range s.below(t) {
			if c.State.Active() {
				return fmt.Errorf("its child %d is %s", c.ID, c.State)
			}
		}
		return nil
	}},
	{name: "success of all", says: "all children of a successful task succeeded, but those that a retry replaced", task: func(_ moment, s snapshot, t *engine.Task) error {
		if t.State != heitan.TaskSuccess {
			return nil
		}
		for c := range s.current(t) {
			if c.State != heitan.TaskSuccess {
				return fmt.Errorf("its child %d is %s", c.ID, c.State)
			}
		}
		return nil
	}},
	{name: "failure has a cause", says: "group_error means that a child failed, error that the task itself did", task: func(_ moment, s snapshot, t *engine.Task) error {
		switch t.State {
		case heitan.TaskError:
			if t.Error.Len() == 0 {
				return errors.New("it has no error")
			}
		case heitan.TaskGroupError:
			for c := range s.current(t) {
				if c.State.Failed() {
					return nil
				}
			}
			return errors.New("no child failed")
		default:
		}
		return nil
	}},
	{name: "delayed failure", says: "a task whose _error tasks run cannot succeed", task: func(_ moment, _ snapshot, t *engine.Task) error {
		switch {
		case t.State == heitan.TaskPlanned || t.State == heitan.TaskCanceled:
		case t.Flags.Has(heitan.DelayedError) && t.State != heitan.TaskError,
			t.Flags.Has(heitan.DelayedGroupError) && t.State != heitan.TaskGroupError:
			return fmt.Errorf("it has flags %b", t.Flags)
		}
		return nil
	}},
	{name: "retry time", says: "a task has a retry time exactly while it waits", task: func(_ moment, _ snapshot, t *engine.Task) error {
		if t.RetryAt.IsZero() == waiting(t.State) {
			return fmt.Errorf("its retry time is %s", t.RetryAt)
		}
		return nil
	}},
	{name: "skipped never ran", says: "a task that counts as done by an earlier attempt was never started", task: func(_ moment, _ snapshot, t *engine.Task) error {
		if t.Flags.Has(heitan.Skipped) && (running(t.State) || !t.Started.IsZero()) {
			return fmt.Errorf("it was started at %s", t.Started)
		}
		return nil
	}},
}
