package engine

import (
	"errors"
	"fmt"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// turn starts a blocked task if its parent is planned and nothing holds it back.
func (a *Attempt) turn(t *task) {
	if t.State != heitan.TaskBlocked || !t.open() || t.parent != nil && t.parent.State != heitan.TaskPlanned {
		return
	}
	if t.Group {
		a.plan(t)
		return
	}
	if result, ok := a.def.Finished[t.FullName]; ok && !t.repeated() {
		a.change(t).Flags |= heitan.Skipped
		a.succeeded(t, result)
		return
	}
	a.move(t, heitan.TaskReady)
	a.dispatch(t, Dispatch{})
}

// repeated reports whether the task runs because a retry repeats what is above it.
func (t *task) repeated() bool {
	for up := t.parent; up != nil; up = up.parent {
		if up.replaced > 0 {
			return true
		}
	}
	return false
}

// plan lets a task's children start.
func (a *Attempt) plan(t *task) {
	a.move(t, heitan.TaskPlanned)
	for c := range t.current {
		if c.State == heitan.TaskBlocked && c.open() {
			a.ready = append(a.ready, c)
		}
	}
	a.ended = append(a.ended, t)
}

// started notes that a dispatched task runs.
func (a *Attempt) started(t *task) {
	a.move(t, heitan.TaskRunning)
	if t.Started.IsZero() {
		t.Started = a.now
	}
	if t.Tried.IsZero() {
		t.Tried = a.now
	}
}

// succeeded ends a task's own work, and generates its subtasks and its check.
func (a *Attempt) succeeded(t *task, result Result) {
	if t.Flags.Has(heitan.CancelRequested) {
		a.finish(t, heitan.TaskCanceled)
		return
	}
	subtasks, err := t.subtasks(result)
	if err == nil {
		err = a.generate(t, subtasks...)
	}
	if err != nil {
		a.failed(t, Failed{Error: generationError(err, t.Pos)})
		return
	}
	a.change(t).Result = result
	t.Checkpoint = nil
	t.noteUpdates()
	if len(subtasks) == 0 {
		a.finish(t, heitan.TaskSuccess)
		return
	}
	a.plan(t)
}

// subtasks are what a task's success generates, one to run after the other.
func (t *task) subtasks(result Result) ([]*workflow.Node, error) {
	var nodes []*workflow.Node
	if result.Subtasks.Len() > 0 {
		n, err := generated(t, "^sub", result.Subtasks)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
	}
	if check, ok := t.node().Check(); ok && !result.Omitted {
		n, err := generated(t, "^check", check)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
	}
	return nodes, nil
}

// failed ends a task's own work: it is tried again, or its `_error` tasks run, or
// it ends.
func (a *Attempt) failed(t *task, e Failed) {
	retry := t.Retries < e.Retry.Limit
	if t.Flags.Has(heitan.CancelRequested) {
		switch {
		case t.State == heitan.TaskReady: // its operator was not called
			a.canceled(t, t.Checkpoint)
		case retry:
			a.canceled(t, e.Checkpoint)
		default:
			a.finish(t, heitan.TaskCanceled)
		}
		return
	}
	if retry {
		a.wait(t, heitan.TaskRetryWaiting, e.Retry.Wait(t.Retries))
		t.Retries++
		t.Tried = time.Time{}
		t.Checkpoint = e.Checkpoint
		return
	}
	a.change(t).Error = e.Error
	t.Checkpoint = nil
	if a.generateErrorTasks(t) {
		t.Flags |= heitan.DelayedError
		a.plan(t)
		return
	}
	a.finish(t, heitan.TaskError)
}

// Names of the tasks that run because another failed, below that one.
const (
	ErrorTask    = "^error"         // made of its `_error`
	FailureAlert = "^failure-alert" // tells of a failed attempt, at the root
)

// errorParam is what an ErrorTask is told of the failure by.
const errorParam = "error"

// generateErrorTasks adds ^error, and ^failure-alert at the root, and reports
// whether it added any. What cannot be added is warned about, because the
// failure itself matters more; the alert is added in any case.
func (a *Attempt) generateErrorTasks(t *task) bool {
	added := t.parent == nil
	if added {
		a.hang(t, &workflow.Node{
			Name:   FailureAlert,
			Config: params.Of("_type", "notify", "_command", "Workflow session attempt failed"),
			Pos:    t.Pos,
		})
	}
	body, ok := t.node().Error()
	if !ok {
		return added
	}
	n, err := generated(t, ErrorTask, body)
	if err == nil {
		export := a.updatesBelow(t, n.Export()).With(errorParam, t.failure())
		n.Config = n.Config.With("_export", export)
		err = a.generate(t, n)
	}
	if err != nil {
		a.warn(t, "the ^error task is left out: "+err.Error())
		return added
	}
	return true
}

// finish puts a task into a final state and wakes what waits for it.
func (a *Attempt) finish(t *task, state heitan.TaskState) {
	a.move(t, state)
	a.forget(t)
	if state == heitan.TaskSuccess {
		for _, g := range t.feeds {
			if g.pending--; g.pending == 0 {
				a.ready = append(a.ready, g.waiting...)
			}
		}
	}
	if t.parent != nil {
		a.ended = append(a.ended, t.parent)
		return
	}
	a.flags |= heitan.AttemptDone
	if state == heitan.TaskSuccess {
		a.flags |= heitan.AttemptSuccess
	}
	a.command(Finish{Flags: a.flags})
}

// forget gives up the cached params of a task's children, which all have ended.
// Those of replaced ones were given up before.
func (a *Attempt) forget(t *task) {
	t.view = nil
	for c := range t.current {
		if c.gate != nil {
			c.gate.view = nil
		}
	}
}

// end ends a planned task none of whose children can go on.
func (a *Attempt) end(t *task) {
	if t.State != heitan.TaskPlanned || t.active > 0 {
		return
	}
	switch {
	case t.Flags.Has(heitan.CancelRequested):
		a.finish(t, heitan.TaskCanceled)
	case t.Flags.Has(heitan.DelayedError):
		a.finish(t, heitan.TaskError)
	case t.Flags.Has(heitan.DelayedGroupError):
		a.finish(t, heitan.TaskGroupError)
	case !hasFailedChild(t):
		a.finish(t, heitan.TaskSuccess)
	case a.retryGroup(t):
	case a.generateErrorTasks(t):
		a.change(t).Flags |= heitan.DelayedGroupError
		a.plan(t)
	default:
		a.finish(t, heitan.TaskGroupError)
	}
}

func hasFailedChild(t *task) bool {
	for c := range t.current {
		if c.State.Failed() {
			return true
		}
	}
	return false
}

func (a *Attempt) warn(t *task, message string) {
	a.warnings = append(a.warnings, Warning{Task: t.ID, Message: message})
}

// generationError is the `${error}` of a task whose generated tasks are written
// wrongly, at the place of the first mistake, or too many. As in Digdag, the name
// of the exception is in brackets.
func generationError(err error, pos params.Pos) *params.Object {
	kind := "config"
	if _, ok := errors.AsType[overLimit](err); ok {
		kind = "task limit exceeded"
	}
	if problems, ok := errors.AsType[diag.List](err); ok && !problems[0].Pos.IsZero() {
		pos = problems[0].Pos
		if len(problems) == 1 {
			alone := problems[0]
			alone.Pos = params.Pos{}
			err = alone
		}
	}
	return NewError(fmt.Sprintf("%s (%s)", err, kind), pos, "")
}

// NewError is the `${error}` of a failed task: its message, the trace, which may
// be empty, and the place in the file that caused it.
func NewError(message string, pos params.Pos, trace string) *params.Object {
	if trace == "" {
		trace = message
	}
	if pos.IsZero() {
		return params.Of("message", message, "stacktrace", trace)
	}
	return params.Of("message", message, "stacktrace", trace+"\n\tat "+pos.String(), "at", pos.String())
}
