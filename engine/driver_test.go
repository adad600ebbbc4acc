package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// driver is a model of whoever drives an attempt. It keeps the tasks durable,
// carries commands out once they are, and knows what is outstanding. Each of its
// steps checks every invariant and returns the first that is broken.
type driver struct {
	def   engine.Definition
	state *engine.Attempt // in memory, lost in a crash
	twin  *engine.Attempt // restored from the same tasks at some time, or nil
	now   time.Time
	tasks []engine.Task // of state, when last looked at

	durable []engine.Task
	flags   heitan.AttemptFlags

	// What the engine answered and is not durable yet:
	pending  map[heitan.TaskID]engine.Task
	commands []engine.Command

	queue  []engine.Command // durable, not carried out yet
	calls  map[heitan.TaskID]*call
	timers map[heitan.TaskID]time.Time

	warnings []string                         // for the attempt's log, since somebody looked
	finishes int                              // Finish commands carried out
	answers  int                              // that invocations gave
	careless bool                             // invariants are not checked
	limits   map[heitan.TaskID]int            // the retries that answers allowed
	used     map[heitan.TaskID][]heitan.Usage // what answers told
}

// call is an invocation that was not answered yet.
type call struct {
	dispatch    engine.Dispatch
	interrupted bool
}

// begin submits a workflow and carries out what follows at once.
func begin(root *workflow.Node, def engine.Definition, now time.Time) (*driver, error) {
	d := &driver{
		def: def, now: now,
		limits: make(map[heitan.TaskID]int),
		used:   make(map[heitan.TaskID][]heitan.Usage),
	}
	d.forget()
	state, changes, err := engine.New(root, def, now)
	if err != nil {
		return nil, err
	}
	d.state = state
	return d, d.note(changes)
}

// forget loses everything that is only in memory.
func (d *driver) forget() {
	d.state, d.twin, d.commands, d.queue = nil, nil, nil, nil
	d.pending = make(map[heitan.TaskID]engine.Task)
	d.calls = make(map[heitan.TaskID]*call)
	d.timers = make(map[heitan.TaskID]time.Time)
}

// errRejected wraps what the engine says of an event that does not fit.
var errRejected = errors.New("rejected")

// apply gives an event to the engine.
func (d *driver) apply(event engine.Event) error {
	flags := d.state.Flags()
	changes, err := d.state.Apply(event, d.now)
	if err == nil {
		return errors.Join(d.mirror(event, changes), d.note(changes))
	}
	if i := firstDifference(d.tasks, d.state.Tasks()); i >= 0 || d.state.Flags() != flags {
		return fmt.Errorf("%T was rejected (%w) and yet changed task %d", event, err, i+1)
	}
	return fmt.Errorf("%w: %w", errRejected, err)
}

// restoreTwin makes an attempt from the tasks as they are now. From then on it
// is told every event, too.
func (d *driver) restoreTwin() error {
	twin, err := engine.Restore(d.state.Tasks(), d.state.Flags(), d.def)
	if err != nil {
		return err
	}
	twin.Resume()
	d.twin = twin
	return nil
}

// mirror checks that an attempt that was restored has the same future as the one
// that was not.
func (d *driver) mirror(event engine.Event, changes engine.Changes) error {
	if d.twin == nil {
		return nil
	}
	twins, err := d.twin.Apply(event, d.now)
	switch i := firstDifference(changes.Tasks, twins.Tasks); {
	case err != nil:
		return fmt.Errorf("same future: a restored attempt rejects an event: %w", err)
	case i >= 0:
		return fmt.Errorf("same future: %T changes another task in a restored attempt than %d", event, i+1)
	case twins.Flags != changes.Flags || !slices.Equal(twins.Commands, changes.Commands) || !slices.Equal(twins.Warnings, changes.Warnings):
		return fmt.Errorf("same future: %T gives %v, and %v in a restored attempt", event, changes.Commands, twins.Commands)
	}
	return nil
}

// answer gives the event to the engine with which an invocation ends.
func (d *driver) answer(event engine.Event) error {
	id, usage, limit := heitan.TaskID(0), heitan.Usage{}, 0
	switch e := event.(type) {
	case engine.Succeeded:
		id, usage = e.Task, e.Usage
	case engine.Failed:
		id, usage, limit = e.Task, e.Usage, e.Retry.Limit
	case engine.Polled:
		id = e.Task
	default:
		return fmt.Errorf("%T is no answer", event)
	}
	if d.calls[id] == nil {
		return fmt.Errorf("task %d was not invoked", id)
	}
	delete(d.calls, id)
	d.answers++
	d.used[id] = append(d.used[id], usage)
	d.limits[id] = max(d.limits[id], limit)
	return d.apply(event)
}

// note keeps what an event did until it is made durable.
func (d *driver) note(changes engine.Changes) error {
	for _, t := range changes.Tasks {
		d.pending[t.ID] = t
	}
	d.commands = append(d.commands, changes.Commands...)
	for _, w := range changes.Warnings {
		d.warnings = append(d.warnings, d.name(w.Task)+": "+w.Message)
	}
	before := d.tasks
	d.tasks = d.state.Tasks()
	if d.careless {
		return nil
	}
	return broken(moment{driver: d, before: before, changes: changes, after: d.tasks})
}

// commit makes durable what is pending; its commands may be carried out then.
func (d *driver) commit() {
	for _, id := range sortedIDs(d.pending) {
		t := d.pending[id]
		if int(t.ID) > len(d.durable) {
			d.durable = append(d.durable, t)
			continue
		}
		d.durable[t.ID-1] = t
	}
	clear(d.pending)
	d.flags = d.state.Flags()
	d.queue = append(d.queue, d.commands...)
	d.commands = nil
}

// carryOut carries out the first of the durable commands.
func (d *driver) carryOut() error {
	c := d.queue[0]
	d.queue = d.queue[1:]
	switch c := c.(type) {
	case engine.Dispatch:
		if d.calls[c.Task] != nil {
			return fmt.Errorf("task %d is invoked while it runs", c.Task)
		}
		if d.durable[c.Task-1].State.Done() {
			return fmt.Errorf("task %d is invoked although it is recorded as finished", c.Task)
		}
		delete(d.timers, c.Task)
		d.calls[c.Task] = &call{dispatch: c}
	case engine.SetTimer:
		d.timers[c.Task] = c.At
	case engine.Interrupt:
		if d.calls[c.Task] != nil { // else its answer is on the way
			d.calls[c.Task].interrupted = true
		}
	case engine.Finish:
		d.finishes++
		if c.Flags != d.flags {
			return fmt.Errorf("the attempt finishes with flags %b and has %b", c.Flags, d.flags)
		}
	}
	return nil
}

// crash loses the attempt in memory with all that is outstanding, and takes it
// over from the durable tasks.
func (d *driver) crash() error {
	if err := d.restore(); err != nil {
		return err
	}
	changes := d.state.Resume()
	if len(changes.Tasks) > 0 {
		return fmt.Errorf("resuming changed %d tasks", len(changes.Tasks))
	}
	return d.note(changes)
}

// restore rebuilds the attempt from the durable tasks, not yet going on.
func (d *driver) restore() error {
	d.forget()
	d.used = make(map[heitan.TaskID][]heitan.Usage)
	for _, t := range d.durable {
		d.used[t.ID] = []heitan.Usage{t.Usage}
	}
	tasks := make([]engine.Task, len(d.durable))
	for i, t := range d.durable {
		tasks[i] = readBack(t)
	}
	state, err := engine.Restore(tasks, d.flags, d.def)
	if err != nil {
		return err
	}
	d.state, d.tasks = state, state.Tasks()
	return nil
}

// readBack is a task as a store gives it back: its documents are JSON, without
// places in files.
func readBack(t engine.Task) engine.Task {
	for _, o := range []**params.Object{&t.Config, &t.Checkpoint, &t.Error, &t.Result.Subtasks, &t.Result.Export, &t.Result.Store} {
		read, err := params.ParseObject(params.AppendJSON(nil, params.Empty().Merge(*o)))
		if err != nil {
			panic(err)
		}
		*o = read
	}
	t.Upstreams, t.Result.Reset = slices.Clone(t.Upstreams), slices.Clone(t.Result.Reset)
	return t
}

func (d *driver) name(id heitan.TaskID) string {
	t, _ := d.state.Task(id)
	return t.FullName
}

// outstanding reports whether a command of that kind for the task is still to be
// made durable or to be carried out.
func outstanding[C engine.Command](d *driver, id heitan.TaskID, of func(C) heitan.TaskID) bool {
	is := func(c engine.Command) bool {
		command, ok := c.(C)
		return ok && of(command) == id
	}
	return slices.ContainsFunc(d.queue, is) || slices.ContainsFunc(d.commands, is)
}

// dispatched reports whether an invocation of the task is outstanding.
func (d *driver) dispatched(id heitan.TaskID) bool {
	return d.calls[id] != nil || outstanding(d, id, func(c engine.Dispatch) heitan.TaskID { return c.Task })
}

// timed reports whether a timer of the task is set or commanded.
func (d *driver) timed(id heitan.TaskID) bool {
	_, set := d.timers[id]
	return set || outstanding(d, id, func(c engine.SetTimer) heitan.TaskID { return c.Task })
}

// ended reports whether everybody knows that the attempt has ended.
func (d *driver) ended() bool { return d.finishes > 0 }
