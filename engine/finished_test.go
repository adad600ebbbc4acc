package engine_test

import (
	"testing"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
)

// TestFinishedByEarlierAttempts has a scene for each sentence on results that a
// new attempt is given.
func TestFinishedByEarlierAttempts(t *testing.T) {
	t.Parallel()
	for _, s := range []struct {
		name    string
		file    string
		results map[string]engine.Result
		play    func(p *play)
	}{
		{"a finished task is not run when its turn comes", `
+a: {echo>: a}
+b: {echo>: b}`, map[string]engine.Result{"+wf+a": {}}, func(p *play) {
			p.expect(`+wf planned
				+wf+a success skipped
				+wf+b ready`).does("dispatch +wf+b").succeed("+wf+b").ends("success")
		}},
		{"and has its result then, not before", `
+a: {echo>: a}
+b: {echo>: b}
+c: {echo>: c}`, map[string]engine.Result{"+wf+b": {Store: params.Of("x", int64(1))}}, func(p *play) {
			p.is(heitan.TaskBlocked, "+wf+b").succeed("+wf+a").is(heitan.TaskSuccess, "+wf+b").sees("+wf+c", `{"x":1}`)
		}},
		{"an attempt whose tasks are all finished ends at once", `
+a: {echo>: a}
+g: {+b: {echo>: b}}`, map[string]engine.Result{"+wf+a": {}, "+wf+g+b": {}}, func(p *play) {
			p.does("finish success").ends("success")
		}},
		{"finished tasks of a failed attempt do not run the alert's task", `+a: {echo>: a}`, map[string]engine.Result{"+wf^failure-alert": {}}, func(p *play) {
			p.fail("+wf+a", "a").is(heitan.TaskSuccess, "+wf^failure-alert").ends("error")
		}},
		{"the subtasks of a finished operator are made again, and those that were finished skipped", `
+a: {call>: x}
+b: {echo>: b}`, map[string]engine.Result{
			"+wf+a":       {Subtasks: params.Of("+x", params.Of("echo>", "x"), "+y", params.Of("echo>", "y"))},
			"+wf+a^sub+x": {Store: params.Of("x", int64(1))},
		}, func(p *play) {
			p.expect(`+wf planned
				+wf+a planned skipped
				+wf+b blocked
				+wf+a^sub planned
				+wf+a^sub+x success skipped
				+wf+a^sub+y ready`).sees("+wf+a^sub+y", `{"x":1}`).succeed("+wf+a^sub+y").sees("+wf+b", `{"x":1}`)
		}},
		{"the check of a finished operator runs unless it was finished too", `
_parallel: true
+a: {echo>: a, _check: {echo>: c}}
+b: {echo>: b, _check: {echo>: c}}`, map[string]engine.Result{"+wf+a": {}, "+wf+b": {}, "+wf+b^check": {}}, func(p *play) {
			p.does("dispatch +wf+a^check").is(heitan.TaskSuccess, "+wf+b")
		}},
		{"a task that takes no part is not run and not checked", `
+a: {echo>: a, _check: {echo>: c}}
+b: {echo>: b}`, map[string]engine.Result{"+wf+a": {Omitted: true}}, func(p *play) {
			p.expect(`+wf planned
				+wf+a success skipped
				+wf+b ready`)
		}},
		{"a group is never skipped, only what is in it", `+g: {+a: {echo>: a}}`, map[string]engine.Result{"+wf+g": {}, "+wf": {}}, func(p *play) {
			p.is(heitan.TaskReady, "+wf+g+a")
		}},
		{"a retry of the group runs its finished tasks", `
+g:
  _retry: 1
  +a: {echo>: a}
  +b: {fail>: b}`, map[string]engine.Result{"+wf+g+a": {}}, func(p *play) {
			p.fail("+wf+g+b", "b").elapse(0).does("dispatch +wf+g+a").is(heitan.TaskReady, "+wf+g+a")
		}},
		{"an operator that is run again runs what is below it", `+a: {call>: x, _retry: 1}`, map[string]engine.Result{"+wf+a^sub+x": {}}, func(p *play) {
			p.generates("+wf+a", `{+x: {echo>: x}, +y: {fail>: y}}`).fail("+wf+a^sub+y", "y").elapse(0)
			p.generates("+wf+a", `{+x: {echo>: x}, +y: {fail>: y}}`).does("dispatch +wf+a^sub+x")
		}},
		{"a finished operator whose children fail runs again and counts as run", `+a: {echo>: a, _retry: 1, _check: {fail>: c}}`, map[string]engine.Result{"+wf+a": {}}, func(p *play) {
			p.fail("+wf+a^check", "c").elapse(0).expect(`+wf planned
				+wf+a ready retries=1
				+wf+a^check error replaced`).start("+wf+a")
		}},
		{"an operator that only tried again by itself has its finished subtasks skipped", `+a: {call>: x, _retry: 1}`, map[string]engine.Result{"+wf+a^sub+x": {}}, func(p *play) {
			p.failRetrying("+wf+a", "a").elapse(0).generates("+wf+a", `{+x: {echo>: x}, +y: {echo>: y}}`)
			p.is(heitan.TaskSuccess, "+wf+a^sub+x").does("dispatch +wf+a^sub+y")
		}},
		{"a finished task whose subtasks cannot be made any more fails", `+a: {call>: x, _error: {echo>: e}}`, map[string]engine.Result{
			"+wf+a": {Subtasks: params.Of("x", int64(1))},
		}, func(p *play) {
			p.does("dispatch +wf+a^error").succeed("+wf+a^error").is(heitan.TaskError, "+wf+a")
		}},
		{"the results are known after a crash too", `
+a: {echo>: a}
+b: {echo>: b}`, map[string]engine.Result{"+wf+b": {}}, func(p *play) {
			p.takeOver().succeed("+wf+a").is(heitan.TaskSuccess, "+wf+b").ends("success")
		}},
		{"nothing is skipped after a kill", `
+a: {echo>: a}
+b: {echo>: b}`, map[string]engine.Result{"+wf+b": {}}, func(p *play) {
			p.kill().fail("+wf+a", "a").is(heitan.TaskBlocked, "+wf+b").ends("killed")
		}},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.play(run(t, s.file, finished(s.results)))
		})
	}
}
