package engine_test

import (
	"testing"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
)

// TestTakeOver has a scene for each state in which a crash may leave a task.
func TestTakeOver(t *testing.T) {
	t.Parallel()
	perform(t, []scene{
		{"a blocked task waits on", `
+a: {echo>: a}
+b: {echo>: b}`, func(p *play) {
			p.takeOver().is(heitan.TaskBlocked, "+wf+b").succeed("+wf+a").does("dispatch +wf+b").succeed("+wf+b").ends("success")
		}},
		{"a ready task is dispatched as recovering, as it may have been started", `+a: {echo>: a}`, func(p *play) {
			p.takeOver().does("dispatch +wf+a recovering").succeed("+wf+a").ends("success")
		}},
		{"a running task is dispatched as recovering, with its checkpoint", `+a: {sh>: a}`, func(p *play) {
			p.start("+wf+a").saves("+wf+a", "run", "1").takeOver().does("dispatch +wf+a recovering").is(heitan.TaskRunning, "+wf+a")
			diff(p.t, "checkpoint", `{"run":"1"}`, params.JSON(p.task("+wf+a").Checkpoint))
		}},
		{"a polling task gets its timer", `+a: {wait>: 10s}`, func(p *play) {
			p.poll("+wf+a", 10*time.Second)
			p.now = at(4 * time.Second)
			p.takeOver().does("timer +wf+a 6s").elapse(6 * time.Second).does("dispatch +wf+a")
		}},
		{"a timer that has passed is set for its time", `+a: {wait>: 10s}`, func(p *play) {
			p.poll("+wf+a", 10*time.Second)
			p.now = at(time.Hour)
			p.takeOver().does("timer +wf+a " + (10*time.Second - time.Hour).String()).elapse(0).does("dispatch +wf+a")
		}},
		{"a group waits on for its retry", `+g: {_retry: {limit: 1, interval: 10}, +a: {fail>: a}}`, func(p *play) {
			p.fail("+wf+g+a", "a").takeOver().does("timer +wf+g 10s").elapse(10 * time.Second).does("dispatch +wf+g+a")
		}},
		{"the number of retries is kept", `
+g: {_retry: 1, +a: {fail>: a}}
+b: {sh>: b, _retry: 1}`, func(p *play) {
			p.fail("+wf+g+a", "a").takeOver().elapse(0).takeOver().fail("+wf+g+a", "a").is(heitan.TaskGroupError, "+wf+g")
		}},
		{"a planned task waits on for its children", `+g: {+a: {echo>: a}, +b: {echo>: b}}`, func(p *play) {
			p.takeOver().succeed("+wf+g+a").takeOver().succeed("+wf+g+b").is(heitan.TaskSuccess, "+wf+g").ends("success")
		}},
		{"several tasks at one gate are woken together", `
_parallel: {limit: 2}
+a: {echo>: a}
+b: {echo>: b}
+c: {echo>: c}
+d: {echo>: d}`, func(p *play) {
			p.succeed("+wf+a").takeOver().does("dispatch +wf+b recovering").succeed("+wf+b").does("dispatch +wf+c", "dispatch +wf+d")
		}},
		{"a delayed error comes when the handlers end", `+a: {fail>: a, _error: {echo>: e}}`, func(p *play) {
			p.fail("+wf+a", "a").takeOver().succeed("+wf+a^error").is(heitan.TaskError, "+wf+a")
		}},
		{"a delayed group error comes when the handlers end", `+g: {_error: {echo>: e}, +a: {fail>: a}}`, func(p *play) {
			p.fail("+wf+g+a", "a").takeOver().succeed("+wf+g^error").is(heitan.TaskGroupError, "+wf+g")
		}},
		{"a killed task that ran is dispatched to clean up", `+a: {sh>: a}`, func(p *play) {
			p.start("+wf+a").kill().takeOver().does("dispatch +wf+a recovering cleanup").succeed("+wf+a").ends("killed")
		}},
		{"cleaning up starts again", `+a: {ecs_task.run>: a}`, func(p *play) {
			p.poll("+wf+a", time.Hour, "arn", "task/1").kill().takeOver().does("dispatch +wf+a recovering cleanup")
			diff(p.t, "checkpoint", `{"arn":"task/1"}`, params.JSON(p.task("+wf+a").Checkpoint))
			p.poll("+wf+a", time.Hour, "arn", "task/1").ends("killed")
		}},
		{"the end is told again", `+a: {echo>: a}`, func(p *play) {
			p.succeed("+wf+a").takeOver().does("finish success")
		}},
		{"an attempt may be taken over at every step", `
_error: {echo>: e}
+g:
  _retry: 1
  +a: {call>: x, _check: {echo>: c}}
  +b: {fail>: b, _error: {echo>: e}}`, func(p *play) {
			for range 2 {
				p.takeOver().generates("+wf+g+a", `{+x: {echo>: x}}`).takeOver().succeed("+wf+g+a^sub+x").takeOver().succeed("+wf+g+a^check")
				p.takeOver().fail("+wf+g+b", "b").takeOver().succeed("+wf+g+b^error").takeOver().elapse(0)
			}
			p.succeed("+wf^error").takeOver().succeed("+wf^failure-alert").ends("error")
		}},
	})
}

// TestAbandon has a scene for each state that a crash may leave to a kill.
func TestAbandon(t *testing.T) {
	t.Parallel()
	perform(t, []scene{
		{"a ready task is dispatched to clean up", `+a: {echo>: a}`, func(p *play) {
			p.abandon().does("dispatch +wf+a recovering cleanup").fail("+wf+a", "x").ends("killed")
		}},
		{"a running task is dispatched to clean up", `+a: {echo>: a}`, func(p *play) {
			p.start("+wf+a").abandon().does("dispatch +wf+a recovering cleanup").succeed("+wf+a").ends("killed")
		}},
		{"a polling task is dispatched to clean up", `+a: {ecs_task.run>: a}`, func(p *play) {
			p.poll("+wf+a", time.Hour, "arn", "task/1").abandon().does("dispatch +wf+a cleanup").succeed("+wf+a").ends("killed")
		}},
		{"an attempt with nothing to clean up ends at once", `+g: {_retry: {limit: 1, interval: 10}, +a: {fail>: a}}`, func(p *play) {
			p.fail("+wf+g+a", "a").abandon().does("finish killed").ends("killed")
		}},
		{"what had been killed before is cleaned up all the same", `
_parallel: true
+a: {sh>: a}
+b: {ecs_task.run>: b}
+c: {wait>: 1h}`, func(p *play) {
			p.start("+wf+a").poll("+wf+b", time.Hour, "arn", "task/1").poll("+wf+c", time.Hour).kill().abandon()
			p.does("dispatch +wf+a recovering cleanup", "dispatch +wf+b recovering cleanup")
			p.rejects(engine.Killed{}, "already killed or finished")
			p.succeed("+wf+a", "+wf+b").ends("killed")
		}},
		{"an attempt that goes on again may be killed once", `+a: {sh>: a}`, func(p *play) {
			p.start("+wf+a").takeOver().kill().does("interrupt +wf+a").rejects(engine.Killed{}, "already killed or finished")
		}},
		{"an attempt that had ended is not", `+a: {sh>: a}`, func(p *play) {
			p.succeed("+wf+a")
			if err := p.restore(); err != nil {
				p.t.Fatal(err)
			}
			p.rejects(engine.Killed{}, "already killed or finished")
		}},
	})
}
