package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// TestAllStatesOfSmallWorkflows explores every order of everything that can
// happen to every small workflow: each task that runs may succeed, fail or ask to
// be called again, each timer may go off, and the attempt may be killed at any
// time. In every state the invariants hold, an attempt restored from its tasks
// has the same future, and an end can be reached.
//
// A bound is the number of tasks in the file, the root among them, and how many
// retries and handlers they have in all. With HEITAN_TEST_LONG=1 the bounds are
// larger; that takes some minutes and more than ten million states.
func TestAllStatesOfSmallWorkflows(t *testing.T) {
	t.Parallel()
	for _, bound := range []struct{ tasks, weight int }{
		{2, 6}, {3, effort(4, 6)}, {4, effort(2, 4)}, {5, effort(1, 2)},
	} {
		t.Run(fmt.Sprintf("%d tasks, %d retries and handlers", bound.tasks, bound.weight), func(t *testing.T) {
			t.Parallel()
			all := (&shapes{made: make(map[[2]int][]*shape)}).of(bound.tasks, bound.weight)
			states, steps := 0, 0
			for _, s := range all {
				w, problems := workflow.Compile("wf", "wf.dig", s.document())
				if problems.HasErrors() {
					t.Fatal(problems)
				}
				e := &explorer{seen: make(map[string]int)}
				if err := e.explore(w.Root); err != nil {
					t.Fatalf("%s\n%v", s.text, err)
				}
				states += len(e.states)
				steps += e.steps
			}
			t.Logf("%d workflows, %d states, %d steps", len(all), states, steps)
		})
	}
}

// explorer goes through the states of one workflow, the nearest first.
type explorer struct {
	states []state
	seen   map[string]int // place among states, by what the future depends on
	steps  int
	check  driver // its maps are used again and again
}

// state is a state of an attempt, and the event by which it was reached first.
type state struct {
	attempt *engine.Attempt // nil once its futures were explored
	from    int
	event   engine.Event
	before  []int // states from which it can be reached
	ended   bool
}

func (e *explorer) explore(root *workflow.Node) error {
	e.check.def, e.check.now = engine.Definition{Limits: engine.DefaultLimits()}, curtain
	e.check.limits, e.check.used = make(map[heitan.TaskID]int), make(map[heitan.TaskID][]heitan.Usage)
	attempt, changes, err := engine.New(root, e.check.def, curtain)
	if err != nil {
		return err
	}
	if err := e.arrive(-1, nil, attempt, nil, changes); err != nil {
		return err
	}
	for i := 0; i < len(e.states); i++ {
		if err := e.leave(i); err != nil {
			return err
		}
		e.states[i].attempt = nil
	}
	return e.allCanEnd()
}

// leave follows every event that may come next.
func (e *explorer) leave(from int) error {
	attempt := e.states[from].attempt
	tasks := attempt.Tasks()
	for _, event := range nextEvents(tasks, attempt.Flags()) {
		next := attempt.Clone()
		changes, err := next.Apply(event, curtain)
		if err != nil {
			return e.story(from, event, err)
		}
		if err := sameFuture(attempt, event, changes); err != nil {
			return e.story(from, event, err)
		}
		if err := e.arrive(from, event, next, tasks, changes); err != nil {
			return e.story(from, event, err)
		}
	}
	return nil
}

// arrive checks a state and remembers it, if it is new.
func (e *explorer) arrive(from int, event engine.Event, attempt *engine.Attempt, before []engine.Task, changes engine.Changes) error {
	e.steps++
	tasks := attempt.Tasks()
	e.outstanding(before, event)
	e.check.state, e.check.commands = attempt, changes.Commands
	if err := broken(moment{driver: &e.check, before: before, changes: changes, after: tasks}); err != nil {
		return err
	}
	key := future(attempt, tasks)
	place, known := e.seen[key]
	if !known {
		place = len(e.states)
		e.seen[key] = place
		e.states = append(e.states, state{attempt: attempt, from: from, event: event, ended: tasks[0].State.Done()})
	}
	if from >= 0 {
		e.states[place].before = append(e.states[place].before, from)
	}
	return nil
}

// outstanding sets what the driver still waits for after an event.
func (e *explorer) outstanding(before []engine.Task, event engine.Event) {
	d := &e.check
	if d.calls == nil {
		d.calls, d.timers = make(map[heitan.TaskID]*call), make(map[heitan.TaskID]time.Time)
	}
	clear(d.calls)
	clear(d.timers)
	for _, t := range before {
		switch {
		case running(t.State):
			d.calls[t.ID] = &call{}
		case waiting(t.State):
			d.timers[t.ID] = t.RetryAt
		}
	}
	switch event := event.(type) {
	case engine.Succeeded:
		delete(d.calls, event.Task)
	case engine.Failed:
		delete(d.calls, event.Task)
		d.limits[event.Task] = event.Retry.Limit
	case engine.Polled:
		delete(d.calls, event.Task)
	case engine.TimerDue:
		delete(d.timers, event.Task)
	}
}

// nextEvents are all events that may come next.
func nextEvents(tasks []engine.Task, flags heitan.AttemptFlags) []engine.Event {
	var events []engine.Event
	for _, t := range tasks {
		switch {
		case running(t.State):
			events = append(events,
				engine.Succeeded{Task: t.ID},
				engine.Failed{Task: t.ID, Error: params.Of("message", t.FullName), Retry: groupRetry(t.Config)},
				engine.Polled{Task: t.ID, Checkpoint: params.Of("handle", "h")})
		case waiting(t.State):
			events = append(events, engine.TimerDue{Task: t.ID})
		}
	}
	if flags == 0 {
		events = append(events, engine.Killed{})
	}
	return events
}

// sameFuture checks that an attempt restored from the same tasks does the same.
// What a killed attempt's operators were asked is not stored, so that they are
// asked again to clean up; there the futures differ.
func sameFuture(attempt *engine.Attempt, event engine.Event, changes engine.Changes) error {
	if attempt.Flags() != 0 {
		return nil
	}
	restored, err := engine.Restore(attempt.Tasks(), 0, engine.Definition{Limits: engine.DefaultLimits()})
	if err != nil {
		return err
	}
	restored.Resume()
	same, err := restored.Apply(event, curtain)
	if err != nil || firstDifference(changes.Tasks, same.Tasks) >= 0 || changes.Flags != same.Flags || !slices.Equal(changes.Commands, same.Commands) {
		return fmt.Errorf("same future: %v (%w) in a restored attempt, and %v", same.Commands, err, changes.Commands)
	}
	return nil
}

// future is what the future of an attempt depends on: not on what a retry has
// replaced, nor on what is below a task that has ended, never began or will run
// its children again.
func future(attempt *engine.Attempt, tasks []engine.Task) string {
	s := snapshotOf(tasks)
	var key strings.Builder
	var write func(t *engine.Task)
	write = func(t *engine.Task) {
		remembered := byte('0')
		if t.Checkpoint.Len() > 0 {
			remembered++
		}
		if attempt.Cleaning(t.ID) {
			remembered += 2
		}
		key.WriteByte('0' + byte(t.State))
		key.WriteByte('0' + byte(t.Retries))
		key.WriteByte(remembered)
		key.WriteByte('0' + byte(t.Flags&(heitan.CancelRequested|heitan.DelayedError|heitan.DelayedGroupError)))
		if t.State != heitan.TaskPlanned {
			return
		}
		for c := range s.current(t) {
			key.WriteString(c.FullName[len(t.FullName):])
			write(c)
		}
		key.WriteByte('.')
	}
	write(&s.tasks[0])
	return key.String()
}

// allCanEnd checks that an end can be reached from every state.
func (e *explorer) allCanEnd() error {
	reached := make([]bool, len(e.states))
	var open []int
	for i, s := range e.states {
		if s.ended {
			reached[i] = true
			open = append(open, i)
		}
	}
	for len(open) > 0 {
		i := open[len(open)-1]
		open = open[:len(open)-1]
		for _, before := range e.states[i].before {
			if !reached[before] {
				reached[before] = true
				open = append(open, before)
			}
		}
	}
	if i := slices.Index(reached, false); i >= 0 {
		return e.story(i, nil, fmt.Errorf("no end can be reached"))
	}
	return nil
}

// story is an error with the shortest way to it.
func (e *explorer) story(at int, last engine.Event, err error) error {
	events := []string{fmt.Sprintf("%T%+v", last, last)}
	for ; at >= 0; at = e.states[at].from {
		events = append(events, fmt.Sprintf("%T%+v", e.states[at].event, e.states[at].event))
	}
	slices.Reverse(events)
	return fmt.Errorf("%w, after\n%s", err, strings.Join(events, "\n"))
}
