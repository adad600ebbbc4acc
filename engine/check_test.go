package engine_test

import (
	"testing"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
)

// TestChecks has a scene for each sentence on `_check`.
func TestChecks(t *testing.T) {
	t.Parallel()
	perform(t, []scene{
		{"a check runs after its operator succeeded", `+a: {echo>: a, _check: {echo>: c}}`, func(p *play) {
			p.does("dispatch +wf+a").succeed("+wf+a").does("dispatch +wf+a^check")
		}},
		{"a check waits for the subtasks", `+a: {call>: x, _check: {echo>: c}}`, func(p *play) {
			p.generates("+wf+a", `{echo>: x}`).does("dispatch +wf+a^sub").is(heitan.TaskBlocked, "+wf+a^check")
			p.succeed("+wf+a^sub").does("dispatch +wf+a^check").succeed("+wf+a^check").ends("success")
		}},
		{"a check of failed subtasks never runs", `+a: {call>: x, _check: {echo>: c}}`, func(p *play) {
			p.generates("+wf+a", `{fail>: x}`).fail("+wf+a^sub", "x").is(heitan.TaskBlocked, "+wf+a^check").is(heitan.TaskGroupError, "+wf+a")
		}},
		{"a failing check fails its task", `+a: {echo>: a, _check: {fail>: c}}`, func(p *play) {
			p.succeed("+wf+a").fail("+wf+a^check", "c").is(heitan.TaskGroupError, "+wf+a")
		}},
		{"a failed operator is not checked", `+a: {fail>: a, _check: {echo>: c}}`, func(p *play) {
			p.fail("+wf+a", "a").count("+wf+a^check", 0)
		}},
		{"a check on a group does nothing", `+g: {_check: {fail>: c}, +a: {echo>: a}}`, func(p *play) {
			p.succeed("+wf+g+a").count("+wf+g^check", 0).ends("success")
		}},
		{"a check at the top does nothing", `
_check: {fail>: c}
+a: {echo>: a}`, func(p *play) { p.succeed("+wf+a").count("+wf^check", 0).ends("success") }},
		{"a check sees what its task and the subtasks stored", `+a: {call>: x, _check: {echo>: c}}`, func(p *play) {
			p.answers("+wf+a", engine.Result{Subtasks: params.Of("echo>", "x"), Store: params.Of("a", int64(1)), Export: params.Of("e", int64(2))})
			p.stores("+wf+a^sub", "s", int64(3)).sees("+wf+a^check", `{"e":2,"a":1,"s":3}`)
		}},
		{"a failing check with a retry runs the operator again", `+a: {echo>: a, _retry: 1, _check: {fail>: c}}`, func(p *play) {
			p.succeed("+wf+a").fail("+wf+a^check", "c").is(heitan.TaskGroupRetryWaiting, "+wf+a")
			p.elapse(0).does("dispatch +wf+a").expect(`+wf planned
				+wf+a ready retries=1
				+wf+a^check error replaced`)
			p.succeed("+wf+a").does("dispatch +wf+a^check").succeed("+wf+a^check").ends("success")
		}},
		{"an operator run again is run without its checkpoint and result", `+a: {sh>: a, _retry: 1, _check: {fail>: c}}`, func(p *play) {
			p.saves("+wf+a", "handle", "h").answers("+wf+a", engine.Result{Store: params.Of("old", true)})
			p.fail("+wf+a^check", "c").elapse(0)
			if a := p.task("+wf+a"); a.Checkpoint.Len() > 0 || a.Result.Store.Len() > 0 {
				p.t.Errorf("it has checkpoint %v and result %v", a.Checkpoint, a.Result)
			}
			p.stores("+wf+a", "new", true).sees("+wf+a^check", `{"new":true}`)
		}},
		{"a failing check runs the handlers once retries are exhausted", `+a: {echo>: a, _retry: 1, _check: {fail>: c}, _error: {echo>: e}}`, func(p *play) {
			p.succeed("+wf+a").fail("+wf+a^check", "c").elapse(0).count("+wf+a^error", 0)
			p.succeed("+wf+a").fail("+wf+a^check", "c").does("dispatch +wf+a^error")
			p.succeed("+wf+a^error").is(heitan.TaskGroupError, "+wf+a").ended()
		}},
	})
}
