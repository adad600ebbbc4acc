package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/graph"
)

// liveTask is what the view knows of a task.
type liveTask struct {
	retries int
	active  bool
	ended   bool
}

// follow shows a line when a task ends or is to be tried again. What had ended
// before the view saw the first change was done by an earlier run.
func (v *liveView) follow(t engine.Task, first bool) {
	ref := taskRef{id: t.ID, fullName: t.FullName}
	was, is := v.known[ref], liveTask{retries: t.Retries}
	if !t.Flags.Has(heitan.Superseded) {
		is.ended = t.State.Done() || t.Flags.Has(heitan.DelayedError)
		// Tasks print before they are known to run: that is written down later.
		is.active = !t.Group && (t.State == heitan.TaskReady || t.State == heitan.TaskRunning)
		switch {
		case first || was.ended:
		case is.ended:
			v.ended(t)
		case is.retries > was.retries:
			v.retried(t)
		}
	}
	v.known[ref] = is
	v.count(t, was.active, is.active)
}

// count keeps the number of tasks that may print, and how long their names are.
func (v *liveView) count(t engine.Task, was, is bool) {
	switch {
	case is && !was:
		v.active++
		v.nameWidth = max(v.nameWidth, columns(v.short(t.FullName)))
	case was && !is:
		v.active--
		delete(v.styles, taskRef{id: t.ID, fullName: t.FullName})
		if v.active == 0 {
			v.nameWidth = 0
		}
	}
}

// ended shows how a task ended. Groups end as their tasks do, which have been
// shown; and what was skipped or left out did not run.
func (v *liveView) ended(t engine.Task) {
	took := ""
	if !t.Started.IsZero() {
		took = "  " + elapsed(max(0, t.Updated.Sub(t.Started)))
	}
	switch {
	case t.Error != nil:
		text, _ := t.Error.Get("message")
		message, _ := text.(string)
		v.event(heitan.TaskError, red, t.FullName, took, "  "+message)
	case t.Group || t.Flags.Has(heitan.Skipped) || t.Result.Omitted || t.Started.IsZero():
	case t.State == heitan.TaskSuccess:
		v.event(t.State, green, t.FullName, took, "")
	case t.State == heitan.TaskCanceled:
		v.event(t.State, yellow, t.FullName, took, "  canceled")
	}
}

// retried shows that a task failed and will be tried again.
func (v *liveView) retried(t engine.Task) {
	text := fmt.Sprintf("  retry %d", t.Retries)
	if wait := t.RetryAt.Sub(t.Updated); wait >= time.Second {
		text += " in " + elapsed(wait)
	}
	v.event(heitan.TaskRetryWaiting, yellow, t.FullName, text, "")
}

// event adds one line about a task, cut to the width of the terminal.
func (v *liveView) event(s heitan.TaskState, c color, fullName, fact, message string) {
	width, _ := v.screen.measure()
	l := newLiveLine(v.env, width)
	l.add(c, graph.Glyph(s)+" ")
	l.add(plain, cutLeft(v.short(fullName), max(width/2, width-30)))
	l.add(gray, fact)
	l.add(plain, strings.TrimRight(visible(message), " "))
	v.pending = append(append(v.pending, l.String()...), '\n')
}

// short is a task's full name without the name of the workflow.
func (v *liveView) short(fullName string) string {
	rest, ok := strings.CutPrefix(fullName, v.root)
	if !ok || rest == "" || rest[0] != '+' && rest[0] != '^' {
		return fullName
	}
	return rest
}
