package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
)

// everyEvent is one event of each kind that a task has.
func everyEvent(id heitan.TaskID) []engine.Event {
	return []engine.Event{
		engine.Started{Task: id},
		engine.Succeeded{Task: id},
		engine.Failed{Task: id},
		engine.Polled{Task: id},
		engine.Checkpointed{Task: id},
		engine.TimerDue{Task: id},
	}
}

// TestEventsThatDoNotFitAreRejected tries every event on a task in every state:
// those that do not fit change nothing.
func TestEventsThatDoNotFitAreRejected(t *testing.T) {
	t.Parallel()
	const name = "+wf+a"
	states := []struct {
		state heitan.TaskState
		file  string
		reach func(p *play)
		fits  string // the events that fit
	}{
		{heitan.TaskBlocked, "+b: {echo>: b}\n+a: {echo>: a}", func(*play) {}, ""},
		{heitan.TaskReady, "+a: {echo>: a}", func(*play) {}, "Started Succeeded Failed Polled Checkpointed"},
		{heitan.TaskRunning, "+a: {echo>: a}", func(p *play) { p.start(name) }, "Succeeded Failed Polled Checkpointed"},
		{heitan.TaskRetryWaiting, "+a: {echo>: a}", func(p *play) { p.poll(name, time.Second) }, "TimerDue"},
		{heitan.TaskPlanned, "+a: {call>: a}", func(p *play) { p.generates(name, `{echo>: x}`) }, ""},
		{heitan.TaskGroupRetryWaiting, "+a: {_retry: 1, +b: {fail>: b}}", func(p *play) { p.fail("+wf+a+b", "b") }, "TimerDue"},
		{heitan.TaskSuccess, "+a: {echo>: a}\n+b: {echo>: b}", func(p *play) { p.succeed(name) }, ""},
		{heitan.TaskError, "+a: {fail>: a}", func(p *play) { p.fail(name, "a") }, ""},
		{heitan.TaskGroupError, "+a: {+b: {fail>: b}}", func(p *play) { p.fail("+wf+a+b", "b") }, ""},
		{heitan.TaskCanceled, "_parallel: true\n+a: {echo>: a}\n+b: {echo>: b}", func(p *play) { p.kill().fail(name, "a") }, ""},
	}
	for _, s := range states {
		t.Run(s.state.String(), func(t *testing.T) {
			t.Parallel()
			var fits string
			for i := range everyEvent(0) {
				p := run(t, s.file)
				s.reach(p)
				p.is(s.state, name)
				e := everyEvent(p.id(name))[i]
				if _, err := p.state.Apply(e, p.now.Add(time.Hour)); err == nil {
					fits += fmt.Sprintf(" %T", e)[len(" engine."):] + " "
					continue
				}
				p.rejects(e, fmt.Sprintf("%T: task %d is %s", e, p.id(name), s.state))
			}
			diff(t, "events that fit", s.fits, strings.TrimSpace(fits))
		})
	}
}

func TestEventsOfUnknownTasksAreRejected(t *testing.T) {
	t.Parallel()
	p := run(t, `+a: {echo>: a}`)
	for _, id := range []heitan.TaskID{-1, 0, 3, 1 << 40} {
		p.rejects(engine.Succeeded{Task: id}, fmt.Sprintf("engine.Succeeded: there is no task %d", id))
	}
}

func TestUnknownEventsAreRejected(t *testing.T) {
	t.Parallel()
	run(t, `+a: {echo>: a}`).rejects(nil, "unknown event <nil>")
}

func TestTaskIsFoundByID(t *testing.T) {
	t.Parallel()
	p := run(t, `+a: {echo>: a}`)
	if task, ok := p.state.Task(2); !ok || task.FullName != "+wf+a" || p.state.Len() != 2 {
		t.Errorf("task 2 of %d is %s, %t", p.state.Len(), task.FullName, ok)
	}
	if _, ok := p.state.Task(3); ok {
		t.Error("there is a task 3")
	}
}
