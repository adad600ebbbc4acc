package coordinator

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

// lazyWait is how long changes that nothing depends on, such as the time a task
// was started, may wait to be written together with others.
const lazyWait = 50 * time.Millisecond

// driver owns one attempt. Its goroutine alone touches state.
type driver struct {
	c         *Coordinator
	attempt   store.Attempt
	fence     heitan.Fence
	workspace string
	state     *engine.Attempt
	zone      *time.Location
	builtins  *params.Object

	inbox *inbox

	pending  pendingWrite
	releases sync.WaitGroup          // of what operators kept until their answers were durable
	calls    map[heitan.TaskID]*call // dispatched and not answered
	timers   map[heitan.TaskID]*time.Timer
	lazy     *time.Timer
	lazySet  bool // the timer runs, because pending holds lazy changes only

	ctx    context.Context // ends with the cause of stop
	cancel context.CancelCauseFunc

	done  chan struct{}
	flags heitan.AttemptFlags // valid once done is closed
	err   error               // why driving ended before the attempt did
}

// message is what a driver's goroutine is woken for.
type message struct {
	event   engine.Event
	answer  *answer          // of a call
	begin   *engine.Dispatch // a call got its slot
	durable chan<- error     // told when the event's changes are durable; may be nil
}

func newDriver(c *Coordinator, a store.Attempt, fence heitan.Fence, workspace string, state *engine.Attempt) *driver {
	ctx, cancel := context.WithCancelCause(context.Background())
	lazy := time.NewTimer(time.Hour)
	lazy.Stop()
	zone := a.Zone()
	return &driver{
		c: c, attempt: a, fence: fence, workspace: workspace, state: state,
		zone: zone, builtins: builtins(a, zone),
		inbox:  newInbox(),
		calls:  make(map[heitan.TaskID]*call),
		timers: make(map[heitan.TaskID]*time.Timer),
		lazy:   lazy,
		ctx:    ctx, cancel: cancel,
		done: make(chan struct{}),
	}
}

// run carries out what follows from changes that are durable, and then lives on
// messages until the attempt ends or is given up.
func (d *driver) run(durable engine.Changes) {
	defer d.end()
	if observer := d.c.opts.Observer; observer != nil {
		observer.TasksChanged(d.attempt, d.state.Tasks())
	}
	d.warn(durable.Warnings)
	if d.carryOut(durable.Commands) {
		return
	}
	for {
		select {
		case <-d.inbox.wake:
			if finished := d.handle(d.inbox.take()); finished {
				return
			}
		case <-d.lazy.C:
			if d.flush() != nil {
				return
			}
		case <-d.ctx.Done():
			d.windDown()
			return
		}
	}
}

// handle applies messages, makes the changes durable, and carries out the
// commands. It reports whether driving is over.
func (d *driver) handle(messages []message) bool {
	var waiting []chan<- error
	for _, m := range messages {
		if m.begin != nil {
			d.begin(*m.begin)
			continue
		}
		if m.answer != nil && !d.accept(m.answer) {
			continue
		}
		err := d.applyNow(m.event)
		if m.durable == nil {
			continue
		}
		if err != nil {
			m.durable <- err
			continue
		}
		waiting = append(waiting, m.durable)
	}
	if len(waiting) == 0 && !d.pending.urgent() {
		if d.pending.any() && !d.lazySet {
			d.lazy.Reset(lazyWait)
			d.lazySet = true
		}
		return false
	}
	commands := d.pending.takeCommands()
	err := d.flush()
	for _, w := range waiting {
		w <- err
	}
	return err != nil || d.carryOut(commands)
}

// applyNow lets the engine apply an event and keeps what has to be written.
func (d *driver) applyNow(event engine.Event) error {
	changes, err := d.state.Apply(event, d.c.opts.Now())
	if err != nil {
		return err
	}
	d.warn(changes.Warnings)
	_, lazy := event.(engine.Started)
	d.pending.add(changes, !lazy)
	return nil
}

// apply sends an event from another goroutine and waits until it is durable.
func (d *driver) apply(ctx context.Context, event engine.Event) error {
	durable := make(chan error, 1)
	d.inbox.put(message{event: event, durable: durable})
	select {
	case err := <-durable:
		return err
	case <-d.done:
		return &heitan.Error{Kind: heitan.Unavailable, Msg: "the attempt is not driven any more", Err: d.err}
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// flush writes what is pending. An error ends the driver.
func (d *driver) flush() error {
	d.lazy.Stop()
	d.lazySet = false
	if !d.pending.any() {
		return nil
	}
	tasks, releases := d.pending.takeTasks()
	flags := d.state.Flags()
	w := store.Write{Attempt: d.attempt.ID, Fence: d.fence, Tasks: tasks, Flags: flags}
	if flags.Has(heitan.AttemptDone) {
		w.Finished = d.c.opts.Now()
	}
	if err := d.c.committer.commit(w); err != nil {
		d.err = err
		d.c.opts.Log.Error("attempt is given up", "attempt_id", d.attempt.ID, "error", err)
		return err
	}
	for _, release := range releases {
		d.releases.Go(func() { release(context.WithoutCancel(d.ctx)) })
	}
	if observer := d.c.opts.Observer; observer != nil {
		observer.TasksChanged(d.attempt, tasks)
	}
	return nil
}

// carryOut does what durable changes demand. It reports whether the attempt has ended.
func (d *driver) carryOut(commands []engine.Command) (finished bool) {
	for _, c := range commands {
		switch c := c.(type) {
		case engine.Dispatch:
			d.enqueue(c)
		case engine.SetTimer:
			d.setTimer(c)
		case engine.Interrupt:
			d.interrupt(c.Task)
		case engine.Finish:
			d.flags = c.Flags
			finished = true
		}
	}
	return finished
}

func (d *driver) setTimer(c engine.SetTimer) {
	if old := d.timers[c.Task]; old != nil {
		old.Stop()
	}
	d.timers[c.Task] = time.AfterFunc(c.At.Sub(d.c.opts.Now()), func() {
		d.inbox.put(message{event: engine.TimerDue{Task: c.Task}})
	})
}

// stop ends the driver from another goroutine.
func (d *driver) stop(cause error) { d.cancel(cause) }

// windDown waits for the running operators, which are being stopped, and makes
// durable what they still answered.
func (d *driver) windDown() {
	cause := context.Cause(d.ctx)
	for id, c := range d.calls {
		if c != nil && c.cancel == nil && d.c.slots.giveUp(c.turn) {
			delete(d.calls, id)
		}
	}
	for len(d.calls) > 0 {
		<-d.inbox.wake
		for _, m := range d.inbox.take() {
			switch {
			case m.begin != nil:
				d.begin(*m.begin)
			case m.answer != nil:
				if d.accept(m.answer) {
					_ = d.applyNow(m.event) // an answer that came too late is not wanted
				}
			case m.durable != nil:
				m.durable <- cause
			}
		}
	}
	if d.flush() == nil {
		d.err = cause
		if d.state.Flags().Has(heitan.AttemptDone) {
			d.err, d.flags = nil, d.state.Flags()
		}
	}
}

// end gives up what the driver holds.
func (d *driver) end() {
	for _, t := range d.timers {
		t.Stop()
	}
	d.lazy.Stop()
	d.cancel(d.err)
	d.releases.Wait()
	if !errors.Is(d.err, errLost) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		if err := d.c.opts.Store.Release(ctx, d.attempt.ID, d.fence); err != nil {
			d.c.opts.Log.Warn("lease was not released", "attempt_id", d.attempt.ID, "error", err)
		}
		cancel()
	}
	d.c.forget(d)
	if observer := d.c.opts.Observer; observer != nil && d.err == nil {
		observer.AttemptEnded(d.attempt, d.flags)
	}
	close(d.done)
}

func (d *driver) warn(warnings []engine.Warning) {
	for _, w := range warnings {
		t, _ := d.state.Task(w.Task)
		d.c.opts.Log.Warn(w.Message, "attempt_id", d.attempt.ID, "task", t.FullName)
	}
}
