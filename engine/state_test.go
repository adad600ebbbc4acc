package engine_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
)

// TestStateTable has a scene for each line of the table of states.
func TestStateTable(t *testing.T) {
	t.Parallel()
	perform(t, []scene{
		{"a new root is planned", `+a: {echo>: a}`, func(p *play) {
			p.is(heitan.TaskPlanned, "+wf").goesOn()
		}},
		{"a new root without tasks succeeds", `_export: {x: 1}`, func(p *play) {
			p.expect(`+wf success`).does("finish success").ends("success")
		}},
		{"an empty group succeeds", `
+a: {}
+b: {echo>: b}`, func(p *play) {
			p.expect(`+wf planned
				+wf+a success
				+wf+b ready`).does("dispatch +wf+b")
		}},
		{"a disabled task succeeds as an empty group", `
+a: {_disable: true, echo>: a}
+b: {echo>: b}`, func(p *play) {
			p.is(heitan.TaskSuccess, "+wf+a").is(heitan.TaskReady, "+wf+b")
		}},
		{"a blocked operator is dispatched when its parent is planned", `
+g:
  +a: {echo>: a}`, func(p *play) {
			p.expect(`+wf planned
				+wf+g planned
				+wf+g+a ready`).does("dispatch +wf+g+a")
		}},
		{"a blocked operator stays so while its parent is", `
+a: {echo>: a}
+g:
  +b: {echo>: b}`, func(p *play) {
			p.is(heitan.TaskBlocked, "+wf+g", "+wf+g+b").does("dispatch +wf+a")
			p.succeed("+wf+a").is(heitan.TaskPlanned, "+wf+g").is(heitan.TaskReady, "+wf+g+b")
		}},
		{"a blocked operator is dispatched when all its upstreams succeeded", `
_parallel: true
+a: {echo>: a}
+b: {echo>: b}
+c: {echo>: c, _after: [+a, +b]}`, func(p *play) {
			p.succeed("+wf+a").is(heitan.TaskBlocked, "+wf+c").does()
			p.succeed("+wf+b").is(heitan.TaskReady, "+wf+c").does("dispatch +wf+c")
		}},
		{"a blocked group is planned when its turn comes", `
+a: {echo>: a}
+g:
  +b: {echo>: b}
  +c: {echo>: c}`, func(p *play) {
			p.succeed("+wf+a").expect(`+wf planned
				+wf+a success
				+wf+g planned
				+wf+g+b ready
				+wf+g+c blocked`)
		}},
		{"a ready operator runs when it is handed out", `+a: {echo>: a}`, func(p *play) {
			p.start("+wf+a").is(heitan.TaskRunning, "+wf+a").does()
		}},
		{"the time of the first start is kept", `+a: {sh>: a, _retry: 1}`, func(p *play) {
			if s := p.task("+wf+a").Started; !s.IsZero() {
				p.t.Errorf("started at %s before it was", s)
			}
			p.elapse(time.Second).start("+wf+a")
			p.elapse(time.Second).poll("+wf+a", time.Minute).elapse(time.Minute).start("+wf+a")
			p.failRetrying("+wf+a", "no").elapse(0).start("+wf+a")
			if s := p.task("+wf+a").Started; !s.Equal(at(time.Second)) {
				p.t.Errorf("started at %s", s)
			}
		}},
		{"the time of the start of a try is kept over polls, and new for the next try", `+a: {sh>: a, _retry: 2, _check: {fail>: c}}`, func(p *play) {
			tried := func(want time.Time) {
				p.t.Helper()
				if got := p.task("+wf+a").Tried; !got.Equal(want) {
					p.t.Errorf("tried at %s, want %s", got, want)
				}
			}
			p.elapse(time.Second).start("+wf+a").poll("+wf+a", time.Minute).elapse(time.Minute).start("+wf+a")
			tried(at(time.Second))
			p.failRetrying("+wf+a", "no")
			tried(time.Time{})
			p.elapse(0).start("+wf+a")
			tried(at(time.Minute + time.Second))
			p.succeed("+wf+a").fail("+wf+a^check", "no").elapse(time.Second)
			tried(time.Time{})
			p.start("+wf+a")
			tried(at(time.Minute + 2*time.Second))
		}},
		{"an operator may answer before anybody noted that it was started", `+a: {echo>: a}`, func(p *play) {
			p.is(heitan.TaskReady, "+wf+a").succeed("+wf+a").ends("success")
		}},
		{"success without anything generated is success", `+a: {echo>: a}`, func(p *play) {
			p.start("+wf+a").succeed("+wf+a").expect(`+wf success
				+wf+a success`).does("finish success").ends("success")
		}},
		{"success with subtasks is planned until they end", `+a: {call>: b}`, func(p *play) {
			p.start("+wf+a").generates("+wf+a", `+x: {echo>: x}`).expect(`+wf planned
				+wf+a planned
				+wf+a^sub planned
				+wf+a^sub+x ready`).does("dispatch +wf+a^sub+x")
			p.succeed("+wf+a^sub+x").is(heitan.TaskSuccess, "+wf+a^sub", "+wf+a").ends("success")
		}},
		{"success with a check is planned until it ends", `+a: {echo>: a, _check: {echo>: ok}}`, func(p *play) {
			p.succeed("+wf+a").is(heitan.TaskPlanned, "+wf+a").does("dispatch +wf+a^check")
			p.succeed("+wf+a^check").is(heitan.TaskSuccess, "+wf+a").ends("success")
		}},
		{"a planned operator keeps its result", `+a: {call>: b}`, func(p *play) {
			r := engine.Result{
				Subtasks: params.Of("echo>", "x"), Export: params.Of("e", int64(1)),
				Store: params.Of("s", int64(2)), Reset: []string{"r"},
			}
			p.answers("+wf+a", r)
			if got := p.task("+wf+a").Result; !sameResult(got, r) {
				p.t.Errorf("the result is %v", got)
			}
		}},
		{"success whose subtasks are wrong is a failure", `+a: {call>: b, _error: {echo>: e}}`, func(p *play) {
			p.generates("+wf+a", `{+x: {echo>: x, sh>: y}}`).expect(`+wf planned
				+wf+a planned delayed-error
				+wf+a^error ready`)
			p.sees("+wf+a^error", `{}`)
			p.succeed("+wf+a^error").is(heitan.TaskError, "+wf+a")
			diff(p.t, "error", "several-operators: A task can't have more than one operator: +x has echo> and sh> (config)", p.errorOf("+wf+a"))
		}},
		{"success whose check is wrong is a failure", `+a: {echo>: a, _check: {+x: 1}}`, func(p *play) {
			p.succeed("+wf+a").is(heitan.TaskError, "+wf+a")
		}},
		{"a success that counts as failure stores nothing", `
+g:
  _error: {echo>: e}
  +a: {call>: b}`, func(p *play) {
			p.answers("+wf+g+a", engine.Result{Subtasks: params.Of("x", int64(1)), Store: params.Of("stored", int64(1))})
			if r := p.task("+wf+g+a").Result; r.Store.Len() > 0 || r.Subtasks.Len() > 0 {
				p.t.Errorf("a failed task has the result %+v", r)
			}
			node := document(p.t, params.JSON(p.task("+wf+g^error").Config))
			if _, ok := node.Lookup("_export", "stored"); ok {
				p.t.Error("what it stored is visible")
			}
		}},
		{"failure with _error tasks is planned until they end, then error", `+a: {fail>: x, _error: {echo>: e}}`, func(p *play) {
			p.start("+wf+a").fail("+wf+a", "x").expect(`+wf planned
				+wf+a planned delayed-error
				+wf+a^error ready`).does("dispatch +wf+a^error")
			p.succeed("+wf+a^error").is(heitan.TaskError, "+wf+a")
		}},
		{"failure otherwise is error", `+a: {fail>: x}`, func(p *play) {
			p.start("+wf+a").fail("+wf+a", "x").is(heitan.TaskError, "+wf+a")
			diff(p.t, "error", "x", p.errorOf("+wf+a"))
		}},
		{"a poll waits for its time", `+a: {wait>: 10s}`, func(p *play) {
			p.start("+wf+a").poll("+wf+a", 10*time.Second).expect(`+wf planned
				+wf+a retry_waiting`).does("timer +wf+a 10s")
			p.elapse(9*time.Second).is(heitan.TaskRetryWaiting, "+wf+a")
			p.elapse(time.Second).is(heitan.TaskReady, "+wf+a").does("dispatch +wf+a")
		}},
		{"an early timer is set again", `+a: {wait>: 10s}`, func(p *play) {
			p.poll("+wf+a", 10*time.Second)
			p.now = at(4 * time.Second)
			p.step(p.apply(engine.TimerDue{Task: p.id("+wf+a")})).does("timer +wf+a 6s").is(heitan.TaskRetryWaiting, "+wf+a")
		}},
		{"a poll that is due at once is called again at once", `+a: {wait>: 0s}`, func(p *play) {
			p.poll("+wf+a", 0).does("timer +wf+a 0s").elapse(0).does("dispatch +wf+a")
		}},
		{"a failed try waits for its retry", `+a: {sh>: x, _retry: {limit: 1, interval: 5}}`, func(p *play) {
			p.start("+wf+a").failRetrying("+wf+a", "x").expect(`+wf planned
				+wf+a retry_waiting retries=1`).does("timer +wf+a 5s")
			p.elapse(5*time.Second).is(heitan.TaskReady, "+wf+a")
		}},
		{"a planned task whose children all succeeded succeeds", `
+g:
  +a: {echo>: a}
  +b: {echo>: b}`, func(p *play) {
			p.succeed("+wf+g+a", "+wf+g+b").is(heitan.TaskSuccess, "+wf+g", "+wf").ends("success")
		}},
		{"a planned task with a failed child and no retry or _error is group_error", `+g: {+a: {fail>: x}}`, func(p *play) {
			p.fail("+wf+g+a", "x").is(heitan.TaskGroupError, "+wf+g").is(heitan.TaskError, "+wf+g+a")
		}},
		{"a planned task with a failed child and retries left waits for its retry", `+g: {_retry: {limit: 1, interval: 3}, +a: {fail>: x}}`, func(p *play) {
			p.fail("+wf+g+a", "x").is(heitan.TaskGroupRetryWaiting, "+wf+g").does("timer +wf+g 3s")
			p.elapse(3 * time.Second).expect(`+wf planned
				+wf+g planned retries=1
				+wf+g+a error replaced
				+wf+g+a ready`)
		}},
		{"a planned task with a failed child and _error stays planned until it ended", `+g: {_error: {echo>: e}, +a: {fail>: x}}`, func(p *play) {
			p.fail("+wf+g+a", "x").expect(`+wf planned
				+wf+g planned delayed-group-error
				+wf+g+a error
				+wf+g^error ready`)
			p.succeed("+wf+g^error").is(heitan.TaskGroupError, "+wf+g")
		}},
		{"the attempt is done with its root", `+a: {fail>: x}`, func(p *play) {
			p.fail("+wf+a", "x").goesOn().is(heitan.TaskPlanned, "+wf")
			p.succeed("+wf^failure-alert").does("finish error").ends("error").is(heitan.TaskGroupError, "+wf")
		}},
	})
}

// TestDocumentedNumbers guards the numbers that are stored and shown to clients.
func TestDocumentedNumbers(t *testing.T) {
	t.Parallel()
	got := map[string]int{
		"blocked": int(heitan.TaskBlocked), "ready": int(heitan.TaskReady), "retry_waiting": int(heitan.TaskRetryWaiting),
		"group_retry_waiting": int(heitan.TaskGroupRetryWaiting), "running": int(heitan.TaskRunning), "planned": int(heitan.TaskPlanned),
		"group_error": int(heitan.TaskGroupError), "success": int(heitan.TaskSuccess), "error": int(heitan.TaskError), "canceled": int(heitan.TaskCanceled),
		"CANCEL_REQUESTED": int(heitan.CancelRequested), "DELAYED_ERROR": int(heitan.DelayedError),
		"DELAYED_GROUP_ERROR": int(heitan.DelayedGroupError), "INITIAL_TASK": int(heitan.InitialTask),
		"attempt cancel": int(heitan.AttemptCancelRequested), "attempt done": int(heitan.AttemptDone), "attempt success": int(heitan.AttemptSuccess),
	}
	want := map[string]int{
		"blocked": 0, "ready": 1, "retry_waiting": 2, "group_retry_waiting": 3, "running": 4, "planned": 5,
		"group_error": 6, "success": 7, "error": 8, "canceled": 9,
		"CANCEL_REQUESTED": 1, "DELAYED_ERROR": 2, "DELAYED_GROUP_ERROR": 4, "INITIAL_TASK": 8,
		"attempt cancel": 1, "attempt done": 2, "attempt success": 4,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
