package coordinator

import (
	"context"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/operator"
)

// call is one dispatched invocation: queued for a slot, or running.
type call struct {
	turn   *turn
	cancel context.CancelCauseFunc // nil while queued
}

// enqueue waits for a slot to invoke an operator.
func (d *driver) enqueue(dispatch engine.Dispatch) {
	delete(d.timers, dispatch.Task)
	waiting := &call{}
	d.calls[dispatch.Task] = waiting
	waiting.turn = d.c.slots.request(func() {
		d.inbox.put(message{begin: &dispatch})
	})
}

// begin invokes an operator; a slot is held for it.
func (d *driver) begin(dispatch engine.Dispatch) {
	running := d.calls[dispatch.Task]
	if d.ctx.Err() != nil || running == nil {
		delete(d.calls, dispatch.Task)
		d.c.slots.release()
		return
	}
	if t, _ := d.state.Task(dispatch.Task); t.State == heitan.TaskReady {
		_ = d.applyNow(engine.Started{Task: dispatch.Task}) // cannot fail for a ready task
	}
	task, _ := d.state.Task(dispatch.Task)
	inherited := d.state.Params(dispatch.Task)
	ctx, cancel := context.WithCancelCause(d.ctx)
	running.cancel = cancel
	invocation := &invocation{driver: d, task: task, inherited: inherited, dispatch: dispatch}
	go func() {
		a := invocation.run(ctx)
		cancel(nil)
		d.c.slots.release()
		d.inbox.put(message{event: a.event, answer: a})
	}()
}

// interrupt ends a call because the attempt was killed.
func (d *driver) interrupt(id heitan.TaskID) {
	c := d.calls[id]
	switch {
	case c == nil:
	case c.cancel != nil:
		c.cancel(operator.ErrKilled)
	case d.c.slots.giveUp(c.turn):
		delete(d.calls, id)
		d.inbox.put(message{event: engine.Failed{Task: id}})
	default: // the message that it may begin is on its way, and finds nothing to begin
		d.calls[id] = nil
		d.inbox.put(message{event: engine.Failed{Task: id}})
	}
}

// accept notes that a call was answered, and reports whether the answer counts:
// operators that were stopped because heitan stops have said nothing.
func (d *driver) accept(a *answer) bool {
	delete(d.calls, a.task)
	if a.release != nil {
		d.pending.release(a.release)
	}
	return !a.discard
}
