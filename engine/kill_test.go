package engine_test

import (
	"testing"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
)

// TestKill has a scene for each state in which a kill may meet a task, and for
// each answer that may follow.
func TestKill(t *testing.T) {
	t.Parallel()
	perform(t, []scene{
		{"every unfinished task is asked to end", `
+a: {echo>: a}
+b: {echo>: b}
+g: {+c: {echo>: c}}`, func(p *play) {
			p.succeed("+wf+a").kill().expect(`+wf planned cancel
				+wf+a success
				+wf+b ready cancel
				+wf+g blocked cancel
				+wf+g+c blocked cancel`).does("interrupt +wf+b")
		}},
		{"what is blocked stays blocked", `
+a: {echo>: a}
+b: {echo>: b}`, func(p *play) {
			p.kill().succeed("+wf+a").expect(`+wf canceled cancel
				+wf+a canceled cancel
				+wf+b blocked cancel`).does("finish killed").ends("killed")
		}},
		{"a running task is interrupted and canceled when it answers", `+a: {sh>: x}`, func(p *play) {
			p.start("+wf+a").kill().does("interrupt +wf+a").is(heitan.TaskRunning, "+wf+a").goesOn()
			p.fail("+wf+a", "killed").is(heitan.TaskCanceled, "+wf+a", "+wf").ends("killed")
		}},
		{"a task that succeeded in spite of the kill is canceled, and its result is lost", `+a: {sh>: x, _check: {echo>: c}}`, func(p *play) {
			p.start("+wf+a").kill().answers("+wf+a", engine.Result{Subtasks: params.Of("echo>", "x"), Store: params.Of("x", int64(1))})
			p.expect(`+wf canceled cancel
				+wf+a canceled cancel`)
			if p.task("+wf+a").Result.Store.Len() > 0 {
				p.t.Error("it stored something")
			}
		}},
		{"a failure is not tried again", `+a: {sh>: x, _retry: 3}`, func(p *play) {
			p.start("+wf+a").kill().failRetrying("+wf+a", "x").is(heitan.TaskCanceled, "+wf+a").ends("killed")
		}},
		{"a ready task that was not started is canceled when that is answered", `+a: {sh>: x}`, func(p *play) {
			p.kill().does("interrupt +wf+a").fail("+wf+a", "not begun").is(heitan.TaskCanceled, "+wf+a").ends("killed")
		}},
		{"a ready task that left something running between polls is cleaned up", `+a: {ecs_task.run>: x}`, func(p *play) {
			p.start("+wf+a").poll("+wf+a", time.Second, "arn", "task/1").elapse(time.Second)
			p.kill().does("interrupt +wf+a").fail("+wf+a", "not begun").does("dispatch +wf+a cleanup").is(heitan.TaskRunning, "+wf+a")
			diff(p.t, "checkpoint", `{"arn":"task/1"}`, params.JSON(p.task("+wf+a").Checkpoint))
			p.succeed("+wf+a").is(heitan.TaskCanceled, "+wf+a").ends("killed")
		}},
		{"a poll that crosses the kill is cleaned up", `+a: {ecs_task.run>: x}`, func(p *play) {
			p.start("+wf+a").kill().poll("+wf+a", time.Second, "arn", "task/1").does("dispatch +wf+a cleanup")
			diff(p.t, "checkpoint", `{"arn":"task/1"}`, params.JSON(p.task("+wf+a").Checkpoint))
			p.succeed("+wf+a").ends("killed")
		}},
		{"a poll that crosses the kill with nothing to clean up is canceled", `+a: {wait>: 1s}`, func(p *play) {
			p.start("+wf+a").kill().poll("+wf+a", time.Second).ends("killed")
		}},
		{"a failure that crosses the kill and hands a checkpoint to a retry is cleaned up", `+a: {ecs_task.run>: x, _retry: 1}`, func(p *play) {
			p.start("+wf+a").kill().failRetrying("+wf+a", "x", "arn", "task/1").does("dispatch +wf+a cleanup").succeed("+wf+a").ends("killed")
		}},
		{"a final failure that crosses the kill is not cleaned up", `+a: {ecs_task.run>: x}`, func(p *play) {
			p.start("+wf+a").saves("+wf+a", "arn", "task/1").kill().fail("+wf+a", "x").ends("killed")
		}},
		{"cleaning up is done once, whatever it answers", `
_parallel: true
+a: {ecs_task.run>: x}
+b: {ecs_task.run>: x}
+c: {ecs_task.run>: x, _retry: 1}`, func(p *play) {
			for _, name := range []string{"+wf+a", "+wf+b", "+wf+c"} {
				p.start(name).poll(name, time.Hour, "arn", name)
			}
			p.kill().poll("+wf+a", time.Second, "arn", "again").fail("+wf+b", "no").failRetrying("+wf+c", "no", "arn", "again")
			p.is(heitan.TaskCanceled, "+wf+a", "+wf+b", "+wf+c").ends("killed")
		}},
		{"a polling task is cleaned up at once", `+a: {ecs_task.run>: x}`, func(p *play) {
			p.start("+wf+a").poll("+wf+a", time.Hour, "arn", "task/1").kill().does("dispatch +wf+a cleanup")
			p.is(heitan.TaskRunning, "+wf+a").goesOn().succeed("+wf+a").ends("killed")
		}},
		{"a polling task with nothing to clean up is canceled at once", `+a: {wait>: 1h}`, func(p *play) {
			p.start("+wf+a").poll("+wf+a", time.Hour).kill().does("finish killed").ends("killed")
		}},
		{"a task that waits for its retry is canceled at once", `+a: {sh>: x, _retry: {limit: 1, interval: 3600}}`, func(p *play) {
			p.failRetrying("+wf+a", "x").kill().ends("killed").is(heitan.TaskCanceled, "+wf+a")
		}},
		{"a timer that goes off after the kill is rejected", `
_parallel: true
+a: {wait>: 1h}
+b: {sh>: x}`, func(p *play) {
			p.poll("+wf+a", time.Hour).kill().is(heitan.TaskCanceled, "+wf+a")
			p.rejects(engine.TimerDue{Task: p.id("+wf+a")}, "TimerDue: task 2 is canceled")
		}},
		{"a group that waits for its retry is canceled and starts nothing", `+g: {_retry: {limit: 1, interval: 60}, +a: {fail>: a}}`, func(p *play) {
			p.fail("+wf+g+a", "a").kill().does("finish killed").expect(`+wf canceled cancel
				+wf+g canceled retries=1 cancel
				+wf+g+a error`).ends("killed")
		}},
		{"a root that waits for its retry is canceled and starts nothing", `
_retry: {limit: 1, interval: 60}
+a: {fail>: a}
+b: {echo>: b}`, func(p *play) {
			p.fail("+wf+a", "a").kill().ends("killed").expect(`+wf canceled retries=1 cancel
				+wf+a error
				+wf+b blocked cancel`)
		}},
		{"an operator that waits to be run again is canceled", `+a: {call>: x, _retry: {limit: 1, interval: 60}}`, func(p *play) {
			p.generates("+wf+a", `{fail>: x}`).fail("+wf+a^sub", "x").kill().ends("killed").is(heitan.TaskCanceled, "+wf+a")
		}},
		{"a planned task is canceled after its children", `+a: {call>: x}`, func(p *play) {
			p.generates("+wf+a", `{_parallel: true, +x: {echo>: x}, +y: {echo>: y}}`).kill().is(heitan.TaskPlanned, "+wf+a", "+wf+a^sub")
			p.succeed("+wf+a^sub+x").goesOn().succeed("+wf+a^sub+y").is(heitan.TaskCanceled, "+wf+a", "+wf+a^sub", "+wf").ends("killed")
		}},
		{"running handlers are interrupted and the task ends as canceled", `+a: {fail>: x, _error: {sh>: e}}`, func(p *play) {
			p.fail("+wf+a", "x").start("+wf+a^error").kill().does("interrupt +wf+a^error").succeed("+wf+a^error").expect(`+wf canceled cancel
				+wf+a canceled cancel delayed-error
				+wf+a^error canceled cancel`).ends("killed")
		}},
		{"no alert is sent", `+a: {sh>: x}`, func(p *play) {
			p.kill().fail("+wf+a", "x").count("+wf^failure-alert", 0).ends("killed")
		}},
		{"a running alert is interrupted", `+a: {fail>: x}`, func(p *play) {
			p.fail("+wf+a", "x").start("+wf^failure-alert").kill().fail("+wf^failure-alert", "x").ends("killed")
		}},
		{"an operator may save its checkpoint while it is stopped", `+a: {ecs_task.run>: x}`, func(p *play) {
			p.start("+wf+a").kill().saves("+wf+a", "arn", "task/1").fail("+wf+a", "killed").ends("killed")
		}},
		{"a second kill is refused", `+a: {sh>: x}`, func(p *play) {
			p.kill().rejects(engine.Killed{}, "Session attempt already killed or finished")
			p.fail("+wf+a", "x").rejects(engine.Killed{}, "Session attempt already killed or finished")
		}},
		{"a kill after the end is refused", `+a: {sh>: x}`, func(p *play) {
			p.succeed("+wf+a").rejects(engine.Killed{}, "Session attempt already killed or finished").ends("success")
		}},
	})
}
