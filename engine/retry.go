package engine

import (
	"fmt"
	"slices"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/workflow"
)

// polled lets a task wait until it is to be invoked again.
func (a *Attempt) polled(t *task, e Polled) {
	if t.Flags.Has(heitan.CancelRequested) {
		a.canceled(t, e.Checkpoint)
		return
	}
	a.wait(t, heitan.TaskRetryWaiting, e.After)
	t.Checkpoint = e.Checkpoint
}

// wait puts a task into a waiting state.
func (a *Attempt) wait(t *task, state heitan.TaskState, d time.Duration) {
	a.move(t, state)
	t.RetryAt = a.now.Add(d)
	a.command(SetTimer{Task: t.ID, At: t.RetryAt})
}

// timerDue ends a task's waiting. A timer that is early is set again.
func (a *Attempt) timerDue(t *task) {
	if a.now.Before(t.RetryAt) {
		a.command(SetTimer{Task: t.ID, At: t.RetryAt})
		return
	}
	if t.State == heitan.TaskGroupRetryWaiting {
		a.runAgain(t)
		return
	}
	a.move(t, heitan.TaskReady)
	a.dispatch(t, Dispatch{})
}

// retryGroup lets a task with failed children wait for its retry, if its
// `_retry` allows one. The setting is not evaluated, so a template in it is only
// warned about, as in Digdag.
func (a *Attempt) retryGroup(t *task) bool {
	v, ok := t.Config.Get("_retry")
	if !ok {
		v, _ = t.node().Export().Get("_retry")
	}
	retry, err := workflow.ParseRetry(v)
	if err != nil {
		a.warn(t, fmt.Sprintf("the retry setting is ignored: %v", err))
		return false
	}
	if t.Retries >= retry.Limit {
		return false
	}
	wait := retry.Wait(t.Retries)
	t.Retries++
	a.wait(t, heitan.TaskGroupRetryWaiting, wait)
	return true
}

// runAgain runs a task whose children failed once more: an operator is invoked
// again and generates new children, a group gets copies of its own.
func (a *Attempt) runAgain(t *task) {
	a.forget(t)
	if !t.Group {
		a.supersede(t)
		a.move(t, heitan.TaskReady)
		t.Checkpoint, t.Result, t.Tried = nil, Result{}, time.Time{}
		t.Flags &^= heitan.Skipped
		a.dispatch(t, Dispatch{})
		return
	}
	if err := a.room(t.initialSize()-1, t.depth); err != nil {
		a.warn(t, "it is not run again: "+err.Error())
		a.giveUp(t)
		return
	}
	originals := slices.Collect(t.initial)
	a.supersede(t)
	a.copies(t, originals)
	a.plan(t)
}

// giveUp ends a task that cannot be retried although its setting allows it.
func (a *Attempt) giveUp(t *task) {
	a.change(t).Flags |= heitan.DelayedGroupError
	a.generateErrorTasks(t)
	a.plan(t)
}

// supersede marks a task's children as replaced.
func (a *Attempt) supersede(t *task) {
	for c := range t.current {
		a.change(c).Flags |= heitan.Superseded
	}
	t.replaced = len(t.children)
}

// initial are the current children that stood in a definition. Tasks that were
// generated because of a failure are not repeated.
func (t *task) initial(yield func(*task) bool) {
	for c := range t.current {
		if c.Flags.Has(heitan.InitialTask) && !yield(c) {
			return
		}
	}
}

// initialSize is the number of tasks that a copy of the task has.
func (t *task) initialSize() int {
	size := 1
	if t.Group {
		for c := range t.initial {
			size += c.initialSize()
		}
	}
	return size
}

// copies adds blocked copies of tasks below parent. What an operator generated
// is not copied: it will generate it again.
func (a *Attempt) copies(parent *task, originals []*task) {
	added := make([]*task, len(originals))
	place := make(map[heitan.TaskID]int, len(originals))
	for i, original := range originals {
		t := &task{Task: Task{
			ID:       heitan.TaskID(len(a.tasks) + 1),
			Parent:   parent.ID,
			FullName: original.FullName,
			Group:    original.Group,
			Config:   original.Config,
			Pos:      original.Pos,
			State:    heitan.TaskBlocked,
			Flags:    heitan.InitialTask,
		}}
		a.tasks = append(a.tasks, t)
		parent.adopt(t)
		a.change(t)
		added[i], place[original.ID] = t, i
		if original.Group {
			a.copies(t, slices.Collect(original.initial))
		}
	}
	barriers := make(map[*gate]*workflow.Barrier)
	a.gates(added, func(i int) *workflow.Barrier {
		g := originals[i].gate
		if g == nil {
			return nil
		}
		b, ok := barriers[g]
		if !ok {
			b = &workflow.Barrier{}
			for _, m := range g.members {
				b.Siblings = append(b.Siblings, place[m.ID])
			}
			barriers[g] = b
		}
		return b
	})
}
