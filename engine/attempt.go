package engine

import (
	"fmt"
	"slices"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// Limits bound an attempt.
type Limits struct {
	// Tasks is how many tasks an attempt may have: groups, generated tasks and
	// the copies that retries make included.
	Tasks int
	// Depth is how deeply tasks may be nested, so that a file that calls itself ends.
	Depth int
}

// DefaultLimits are a hundred times what people write and still fit in memory.
func DefaultLimits() Limits { return Limits{Tasks: 1_000_000, Depth: 500} }

// Definition is what an attempt is made of, beside its tasks.
type Definition struct {
	// Params are the project's defaults with the attempt's own params over them.
	Params *params.Object
	// Finished are the results of tasks, by full name, that earlier attempts have
	// finished: such a task is not run when its turn comes, but has that result.
	Finished map[string]Result
	Limits   Limits
}

// Attempt is the state of one attempt. It is not safe for concurrent use.
type Attempt struct {
	def   Definition
	tasks []*task // by id - 1
	flags heitan.AttemptFlags
	idle  bool // restored, and nothing was commanded since

	// While an event is applied:
	now      time.Time
	changed  []*task
	ready    []*task // whose turn has come
	ended    []*task // planned tasks whose children may all have ended
	commands []Command
	warnings []Warning
}

// New starts an attempt of a workflow.
func New(root *workflow.Node, def Definition, now time.Time) (*Attempt, Changes, error) {
	a := &Attempt{def: def, now: now}
	if err := a.room(root.Size(), levels(root)); err != nil {
		return nil, Changes{}, err
	}
	t := a.add(nil, root)
	a.ready = append(a.ready, t)
	return a, a.settle(), nil
}

// Apply lets an event happen. An error means that the event does not fit the
// task's state, such as a late answer; nothing has changed then.
func (a *Attempt) Apply(event Event, now time.Time) (Changes, error) {
	a.now = now
	if err := a.apply(event); err != nil {
		return Changes{}, err
	}
	return a.settle(), nil
}

func (a *Attempt) apply(event Event) error {
	switch e := event.(type) {
	case Started:
		return a.in(e.Task, event, a.started, heitan.TaskReady)
	case Succeeded:
		return a.in(e.Task, event, func(t *task) { t.use(e.Usage); a.succeeded(t, e.Result) }, heitan.TaskReady, heitan.TaskRunning)
	case Failed:
		return a.in(e.Task, event, func(t *task) { t.use(e.Usage); a.failed(t, e) }, heitan.TaskReady, heitan.TaskRunning)
	case Polled:
		return a.in(e.Task, event, func(t *task) { a.polled(t, e) }, heitan.TaskReady, heitan.TaskRunning)
	case Checkpointed:
		return a.in(e.Task, event, func(t *task) { a.change(t).Checkpoint = e.Checkpoint }, heitan.TaskReady, heitan.TaskRunning)
	case TimerDue:
		return a.in(e.Task, event, a.timerDue, heitan.TaskRetryWaiting, heitan.TaskGroupRetryWaiting)
	case Killed:
		return a.kill()
	}
	return fmt.Errorf("unknown event %T", event)
}

// in calls do for a task that must be in one of the states.
func (a *Attempt) in(id heitan.TaskID, event Event, do func(*task), states ...heitan.TaskState) error {
	t := a.find(id)
	if t == nil {
		return fmt.Errorf("%T: there is no task %d", event, id)
	}
	if !slices.Contains(states, t.State) {
		return fmt.Errorf("%T: task %d is %s", event, id, t.State)
	}
	do(t)
	return nil
}

// settle lets everything happen that follows from what has changed, until
// nothing more does, and returns the changes.
func (a *Attempt) settle() Changes {
	for len(a.ready) > 0 || len(a.ended) > 0 {
		if n := len(a.ready); n > 0 {
			turn := a.ready
			a.ready = nil
			for _, t := range turn {
				a.turn(t)
			}
			continue
		}
		last := len(a.ended) - 1
		t := a.ended[last]
		a.ended = a.ended[:last]
		a.end(t)
	}
	slices.SortFunc(a.changed, byID)
	changes := Changes{Flags: a.flags, Commands: a.commands, Warnings: a.warnings, Tasks: make([]Task, len(a.changed))}
	for i, t := range a.changed {
		t.dirty = false
		t.Updated = a.now
		changes.Tasks[i] = t.Task
	}
	a.changed, a.commands, a.warnings = nil, nil, nil
	return changes
}

// change marks a task as changed by the current event.
func (a *Attempt) change(t *task) *task {
	if !t.dirty {
		t.dirty = true
		a.changed = append(a.changed, t)
	}
	return t
}

// move puts a task into another state.
func (a *Attempt) move(t *task, to heitan.TaskState) {
	was := t.State.Active()
	a.change(t).State = to
	t.RetryAt = time.Time{}
	if t.parent == nil || was == to.Active() {
		return
	}
	if was {
		t.parent.active--
	} else {
		t.parent.active++
	}
}

func (a *Attempt) command(c Command) { a.commands = append(a.commands, c) }

func (a *Attempt) dispatch(t *task, d Dispatch) {
	d.Task = t.ID
	t.cleaning = d.Cleanup
	a.command(d)
}

func (a *Attempt) find(id heitan.TaskID) *task {
	if id < 1 || int(id) > len(a.tasks) {
		return nil
	}
	return a.tasks[id-1]
}

// Task is a task as it is now.
func (a *Attempt) Task(id heitan.TaskID) (Task, bool) {
	t := a.find(id)
	if t == nil {
		return Task{}, false
	}
	return t.Task, true
}

// Tasks are all tasks as they are now, ascending ids.
func (a *Attempt) Tasks() []Task {
	all := make([]Task, len(a.tasks))
	for i, t := range a.tasks {
		all[i] = t.Task
	}
	return all
}

// Len is the number of tasks.
func (a *Attempt) Len() int { return len(a.tasks) }

// Flags are the attempt's flags as they are now.
func (a *Attempt) Flags() heitan.AttemptFlags { return a.flags }
