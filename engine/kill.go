package engine

import (
	"errors"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
)

// ErrEnded means that an attempt was killed before or has ended.
var ErrEnded = errors.New("Session attempt already killed or finished")

// kill asks every unfinished task to end. What runs is interrupted, what waits
// gets a chance to clean up, what has not started never will. An attempt that was
// restored may have been killed before, by a heitan that could not end it.
func (a *Attempt) kill() error {
	if a.flags.Has(heitan.AttemptDone) || a.flags.Has(heitan.AttemptCancelRequested) && !a.idle {
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
			a.canceled(t, t.Checkpoint)
		case heitan.TaskReady, heitan.TaskRunning:
			if a.idle { // it was dispatched by a heitan that is gone
				a.dispatch(t, Dispatch{Recovering: true, Cleanup: true})
			} else {
				a.command(Interrupt{Task: t.ID})
			}
		case heitan.TaskPlanned: // ends after its children
		case heitan.TaskBlocked, heitan.TaskGroupError, heitan.TaskSuccess, heitan.TaskError, heitan.TaskCanceled:
		}
	}
	a.idle = false
	return nil
}

// canceled ends a task of a killed attempt that will not be invoked again. The
// checkpoint with which it would have been may name something that runs outside:
// the operator stops that first, unless it has just been asked to.
func (a *Attempt) canceled(t *task, checkpoint *params.Object) {
	if t.cleaning || checkpoint.Len() == 0 {
		a.finish(t, heitan.TaskCanceled)
		return
	}
	a.move(t, heitan.TaskRunning)
	t.Checkpoint = checkpoint
	a.dispatch(t, Dispatch{Cleanup: true})
}
