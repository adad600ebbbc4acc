package engine

import (
	"errors"
	"fmt"

	"github.com/heitan/heitan"
)

// Restore rebuilds an attempt from its stored tasks, ascending ids without gaps.
// It goes on after [Attempt.Resume], or ends after a [Killed] event, even if it
// had been killed before.
func Restore(tasks []Task, flags heitan.AttemptFlags, def Definition) (*Attempt, error) {
	if len(tasks) == 0 {
		return nil, errors.New("stored tasks are damaged: there are none")
	}
	a := &Attempt{def: def, flags: flags, idle: true, tasks: make([]*task, len(tasks))}
	for i, stored := range tasks {
		if stored.ID != heitan.TaskID(i+1) || stored.Parent < 0 || stored.Parent >= stored.ID || (stored.Parent == 0) != (i == 0) {
			return nil, fmt.Errorf("stored tasks are damaged at task %d with parent %d", stored.ID, stored.Parent)
		}
		if stored.State > heitan.TaskCanceled {
			return nil, fmt.Errorf("stored tasks are damaged: task %d is %s", stored.ID, stored.State)
		}
		t := &task{Task: stored}
		a.tasks[i] = t
		if parent := a.find(stored.Parent); parent != nil {
			parent.adopt(t)
			if t.Flags.Has(heitan.Superseded) {
				parent.replaced = len(parent.children)
			}
			if t.State.Active() {
				parent.active++
			}
		}
		if err := a.restoreGate(t); err != nil {
			return nil, err
		}
	}
	for _, t := range a.tasks {
		t.noteUpdates()
	}
	return a, nil
}

// Resume commands everything that a restored attempt needs to go on: what was
// ready or running is dispatched, what waits gets its timer. It is called once.
func (a *Attempt) Resume() Changes {
	a.idle = false
	for _, t := range a.tasks {
		a.resume(t)
	}
	if a.flags.Has(heitan.AttemptDone) {
		a.command(Finish{Flags: a.flags})
	}
	return a.settle()
}

func (a *Attempt) restoreGate(t *task) error {
	switch t.Gate {
	case 0:
		return nil
	case t.ID:
		if len(t.Upstreams) == 0 {
			return fmt.Errorf("stored tasks are damaged: task %d waits for nothing", t.ID)
		}
		members := make([]*task, len(t.Upstreams))
		for i, id := range t.Upstreams {
			m := a.find(id)
			if m == nil || id >= t.ID || m.parent != t.parent || i > 0 && id <= members[i-1].ID {
				return fmt.Errorf("stored tasks are damaged: task %d waits for %d", t.ID, id)
			}
			members[i] = m
		}
		gateOf(members).hold(t)
		return nil
	}
	first := a.find(t.Gate)
	if first == nil || first.gate == nil || first.Gate != first.ID || first.parent != t.parent {
		return fmt.Errorf("stored tasks are damaged: task %d waits at the gate of %d", t.ID, t.Gate)
	}
	first.gate.hold(t)
	return nil
}

func (a *Attempt) resume(t *task) {
	switch t.State {
	case heitan.TaskReady, heitan.TaskRunning:
		// A ready task may have been started too: that is made durable later than it happens.
		a.dispatch(t, Dispatch{Recovering: true, Cleanup: t.Flags.Has(heitan.CancelRequested)})
	case heitan.TaskRetryWaiting, heitan.TaskGroupRetryWaiting:
		a.command(SetTimer{Task: t.ID, At: t.RetryAt})
	case heitan.TaskBlocked, heitan.TaskPlanned, heitan.TaskGroupError, heitan.TaskSuccess, heitan.TaskError, heitan.TaskCanceled:
	}
}
