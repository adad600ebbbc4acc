package engine_test

import (
	"testing"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
)

// TestFailurePropagation has a scene for each sentence on what failures lead to.
func TestFailurePropagation(t *testing.T) {
	t.Parallel()
	perform(t, []scene{
		{"later siblings of a failed task stay blocked for ever", `
+a: {fail>: x}
+b: {echo>: b}
+g: {+c: {echo>: c}}`, func(p *play) {
			p.fail("+wf+a", "x").succeed("+wf^failure-alert").expect(`+wf group_error delayed-group-error
				+wf+a error
				+wf+b blocked
				+wf+g blocked
				+wf+g+c blocked
				+wf^failure-alert success`).ends("error")
		}},
		{"a group fails when nothing else in it can move", `
+g:
  _parallel: true
  +a: {fail>: x}
  +b: {echo>: b}
  +c: {echo>: c, _after: [+b]}`, func(p *play) {
			p.fail("+wf+g+a", "x").is(heitan.TaskPlanned, "+wf+g").is(heitan.TaskReady, "+wf+g+b")
			p.succeed("+wf+g+b").is(heitan.TaskPlanned, "+wf+g").is(heitan.TaskReady, "+wf+g+c")
			p.succeed("+wf+g+c").is(heitan.TaskGroupError, "+wf+g")
		}},
		{"a group whose background task runs still has to wait for it", `
+g:
  +a: {fail>: x}
  +b: {_background: true, echo>: b}`, func(p *play) {
			p.fail("+wf+g+a", "x").is(heitan.TaskPlanned, "+wf+g").succeed("+wf+g+b").is(heitan.TaskGroupError, "+wf+g")
		}},
		{"handlers run from the inside to the outside", `
_error: {echo>: root}
+g:
  _error: {echo>: group}
  +a: {fail>: x, _error: {echo>: leaf}}`, func(p *play) {
			p.fail("+wf+g+a", "x").does("dispatch +wf+g+a^error")
			p.succeed("+wf+g+a^error").does("dispatch +wf+g^error")
			p.succeed("+wf+g^error").does("dispatch +wf^failure-alert", "dispatch +wf^error")
			p.succeed("+wf^error").goesOn().succeed("+wf^failure-alert").ends("error")
			p.is(heitan.TaskError, "+wf+g+a").is(heitan.TaskGroupError, "+wf+g", "+wf")
		}},
		{"handlers never rescue", `
+g:
  _error: {echo>: e}
  +a: {fail>: x}
+b: {echo>: b}`, func(p *play) {
			p.fail("+wf+g+a", "x").succeed("+wf+g^error").is(heitan.TaskGroupError, "+wf+g").is(heitan.TaskBlocked, "+wf+b")
		}},
		{"a failed handler changes nothing", `+a: {fail>: x, _error: {fail>: y}}`, func(p *play) {
			p.fail("+wf+a", "x").fail("+wf+a^error", "y").is(heitan.TaskError, "+wf+a", "+wf+a^error")
			diff(p.t, "error", "x", p.errorOf("+wf+a"))
		}},
		{"a handler has its own retries and handlers", `+a: {fail>: x, _error: {sh>: y, _retry: 1, _error: {echo>: z}}}`, func(p *play) {
			p.fail("+wf+a", "x").failRetrying("+wf+a^error", "y").elapse(0).failRetrying("+wf+a^error", "y")
			p.succeed("+wf+a^error^error").is(heitan.TaskError, "+wf+a^error", "+wf+a")
		}},
		{"siblings of a failed task are not canceled", `
_parallel: true
+a: {fail>: x}
+b: {echo>: b}`, func(p *play) {
			p.start("+wf+b").fail("+wf+a", "x").does().is(heitan.TaskRunning, "+wf+b").succeed("+wf+b")
		}},
		{"an operator whose subtasks failed is group_error", `+a: {call>: x}`, func(p *play) {
			p.generates("+wf+a", `{fail>: x}`).fail("+wf+a^sub", "x").is(heitan.TaskGroupError, "+wf+a").is(heitan.TaskError, "+wf+a^sub")
		}},
		{"handlers are not run after a kill", `
_error: {echo>: e}
+a: {fail>: x, _error: {echo>: e}}`, func(p *play) {
			p.start("+wf+a").kill().fail("+wf+a", "x").expect(`+wf canceled cancel
				+wf+a canceled cancel`).ends("killed")
		}},
	})
}

// TestErrorParams has a scene for each sentence on what _error tasks see.
func TestErrorParams(t *testing.T) {
	t.Parallel()
	perform(t, []scene{
		{"a leaf's handler sees the operator's error", `+a: {fail>: x, _error: {echo>: "${error.message}"}}`, func(p *play) {
			p.fail("+wf+a", "x (runtime)")
			diff(p.t, "config", `{"echo>":"${error.message}","_export":{"error":{"message":"x (runtime)","stacktrace":"x (runtime)"}}}`, string(p.json("+wf+a^error")))
		}},
		{"a group handler's tasks inherit the error", `+a: {fail>: x, _error: {+e: {echo>: e}}}`, func(p *play) {
			p.fail("+wf+a", "x").sees("+wf+a^error+e", `{"error":{"message":"x","stacktrace":"x"}}`)
		}},
		{"the error of a group is that of its children, merged in their order", `
_parallel: true
_error: {+e: {echo>: e}}
+a: {fail>: x}
+b: {fail>: y}
+c: {echo>: c}`, func(p *play) {
			p.step(p.answer(engine.Failed{Task: p.id("+wf+b"), Error: params.Of("message", "from b", "b", true)}))
			p.step(p.answer(engine.Failed{Task: p.id("+wf+a"), Error: params.Of("message", "from a", "a", true)}))
			p.succeed("+wf+c").sees("+wf^error+e", `{"error":{"message":"from b","a":true,"b":true}}`)
		}},
		{"the error of a group comes up from all levels below", `
_error: {+e: {echo>: e}}
+g: {+h: {+a: {call>: x}}}`, func(p *play) {
			p.generates("+wf+g+h+a", `{+s: {fail>: deep}}`).fail("+wf+g+h+a^sub+s", "deep")
			p.sees("+wf^error+e", `{"error":{"message":"deep","stacktrace":"deep"}}`)
		}},
		{"a failed handler does not hide the failure of its task", `
_error: {+e: {echo>: e}}
+a: {fail>: x, _error: {fail>: y}}`, func(p *play) {
			p.fail("+wf+a", "cause").fail("+wf+a^error", "handler").sees("+wf^error+e", `{"error":{"message":"cause","stacktrace":"cause"}}`)
		}},
		{"a group's handler sees what its children stored", `
+g:
  _error: {+e: {echo>: e}}
  _export: {x: exported, y: exported}
  +a: {echo>: a}
  +b: {fail>: b}`, func(p *play) {
			p.stores("+wf+g+a", "x", "stored").fail("+wf+g+b", "b")
			p.sees("+wf+g^error+e", `{"x":"stored","y":"exported","error":{"message":"b","stacktrace":"b"}}`)
		}},
		{"what was stored beats what the handler exports, and the error beats both", `
+g:
  _error: {_export: {x: own, y: own, error: own}, +e: {echo>: e}}
  +a: {echo>: a}
  +b: {fail>: b}`, func(p *play) {
			p.stores("+wf+g+a", "x", "stored", "error", "stored").fail("+wf+g+b", "b")
			p.sees("+wf+g^error+e", `{"x":"stored","y":"own","error":{"message":"b","stacktrace":"b"}}`)
		}},
		{"what a failure says is no template, also after a crash", `+a: {fail>: x, _error: {+e: {echo>: e, _error: {+f: {echo>: f}}}}}`, func(p *play) {
			literal := func(handler, below string) {
				p.t.Helper()
				own := p.task(handler)
				exported, _ := own.Export().Object("error")
				inherited, _ := p.state.Params(p.id(below)).Object("error")
				if exported.Len() == 0 || exported.HasTemplate() || inherited.Len() == 0 || inherited.HasTemplate() {
					p.t.Errorf("the error that %s and %s see is taken for a template", handler, below)
				}
			}
			p.fail("+wf+a", "${x}")
			literal("+wf+a^error", "+wf+a^error+e")
			p.takeOver()
			literal("+wf+a^error", "+wf+a^error+e")
			p.fail("+wf+a^error+e", "$y")
			literal("+wf+a^error+e^error", "+wf+a^error+e^error+f")
		}},
		{"an error that somebody exports may be a template", `+a: {echo>: a, _export: {error: {message: "${x}"}}}`, func(p *play) {
			own := p.task("+wf+a")
			if !own.Export().HasTemplate() {
				p.t.Error("an ordinary export is taken for text")
			}
		}},
		{"what failed and was tried again counts as stored", `
+g:
  _retry: 1
  _error: {+e: {echo>: e}}
  +a: {echo>: a}
  +b: {fail>: b}`, func(p *play) {
			p.stores("+wf+g+a", "x", "first").fail("+wf+g+b", "b").elapse(0)
			p.fail("+wf+g+a", "a").sees("+wf+g^error+e", `{"x":"first","error":{"message":"a","stacktrace":"a"}}`)
		}},
		{"the place in the file is part of an error", `+a: {call>: x}`, func(p *play) {
			p.generates("+wf+a", `{+x: 1}`)
			const message = "bad-task-body: Parameter '+x' must be an object or array of objects (config)"
			diff(p.t, "error", `{"message":"`+message+`","stacktrace":"`+message+`\n\tat generated:1:2","at":"generated:1:2"}`, params.JSON(p.task("+wf+a").Error))
		}},
	})
}
