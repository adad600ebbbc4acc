package engine

import (
	"errors"

	"github.com/heitan/heitan"
)

// ErrEnded means that an attempt was killed before or has ended.
var ErrEnded = errors.New("Session attempt already killed or finished")

// kill asks every unfinished task to end. What runs is interrupted, what waits
// gets a chance to clean up, what has not started never will.
func (a *Attempt) kill() error {
	if a.flags&(heitan.AttemptCancelRequested|heitan.AttemptDone) != 0 {
		return ErrEnded
	}
	a.flags |= heitan.AttemptCancelRequested
	for _, t := range a.tasks {
		if t.State.Done() {
			continue
		}
		a.change(t).Flags |= heitan.CancelRequested
		switch t.State {
		case heitan.TaskGroupRetryWaiting:
			a.finish(t, heitan.TaskCanceled)
		case heitan.TaskRetryWaiting:
			a.cleanUp(t)
		case heitan.TaskReady, heitan.TaskRunning:
			if t.dispatched {
				a.command(Interrupt{Task: t.ID})
			} else { // by a heitan that is gone
				a.dispatch(t, Dispatch{Recovering: true, Cleanup: true})
			}
		case heitan.TaskPlanned:
			a.ended = append(a.ended, t)
		case heitan.TaskBlocked, heitan.TaskGroupError, heitan.TaskSuccess, heitan.TaskError, heitan.TaskCanceled:
		}
	}
	return nil
}

// cleanUp lets an operator stop what it left running while it waits.
func (a *Attempt) cleanUp(t *task) {
	if t.Checkpoint.Len() == 0 {
		a.finish(t, heitan.TaskCanceled)
		return
	}
	a.move(t, heitan.TaskRunning)
	a.dispatch(t, Dispatch{Cleanup: true})
}
