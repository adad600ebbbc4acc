package engine_test

import (
	"testing"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
)

// TestDependencies has a scene for each rule on which siblings a task waits for.
func TestDependencies(t *testing.T) {
	t.Parallel()
	const (
		blocked = heitan.TaskBlocked
		ready   = heitan.TaskReady
	)
	perform(t, []scene{
		{"in a serial group each task waits for the one before", `
+a: {echo>: a}
+b: {echo>: b}
+c: {echo>: c}`, func(p *play) {
			p.is(ready, "+wf+a").is(blocked, "+wf+b", "+wf+c")
			p.succeed("+wf+a").is(ready, "+wf+b").is(blocked, "+wf+c")
			p.succeed("+wf+b").is(ready, "+wf+c")
		}},
		{"a task waits for all that is below the group before it", `
+g:
  +a: {echo>: a}
  +h: {+b: {echo>: b}}
+c: {echo>: c}`, func(p *play) {
			p.succeed("+wf+g+a").is(blocked, "+wf+c").succeed("+wf+g+h+b").is(ready, "+wf+c")
		}},
		{"a task waits for what the operator before it generated", `
+a: {call>: x}
+b: {echo>: b}`, func(p *play) {
			p.generates("+wf+a", `{echo>: x}`).is(blocked, "+wf+b").succeed("+wf+a^sub").is(ready, "+wf+b")
		}},
		{"a background task starts with its group", `
+a: {echo>: a}
+b: {_background: true, echo>: b}
+c: {echo>: c}`, func(p *play) {
			p.is(ready, "+wf+a", "+wf+b").does("dispatch +wf+a", "dispatch +wf+b")
		}},
		{"a background task starts with its group although it is written last", `
+a: {echo>: a}
+b: {echo>: b}
+c: {_background: true, echo>: c}`, func(p *play) {
			p.is(ready, "+wf+a", "+wf+c").is(blocked, "+wf+b")
		}},
		{"the next foreground task waits for the foreground and all background tasks since", `
+a: {echo>: a}
+b: {_background: true, echo>: b}
+c: {_background: true, echo>: c}
+d: {echo>: d}`, func(p *play) {
			p.is(ready, "+wf+b", "+wf+c").is(blocked, "+wf+d")
			p.succeed("+wf+a", "+wf+c").is(blocked, "+wf+d").succeed("+wf+b").is(ready, "+wf+d")
		}},
		{"a foreground task after that one waits for it alone", `
+a: {_background: true, echo>: a}
+b: {echo>: b}
+c: {echo>: c}`, func(p *play) {
			p.is(ready, "+wf+a").is(blocked, "+wf+b")
			p.succeed("+wf+a").is(ready, "+wf+b").is(blocked, "+wf+c").succeed("+wf+b").is(ready, "+wf+c")
		}},
		{"a background group starts with its group", `
+a: {echo>: a}
+g:
  _background: true
  +b: {echo>: b}`, func(p *play) { p.is(ready, "+wf+a", "+wf+g+b") }},
		{"the group ends after its background tasks too", `
+g:
  +a: {echo>: a}
  +b: {_background: true, echo>: b}
+c: {echo>: c}`, func(p *play) {
			p.succeed("+wf+g+a").is(heitan.TaskPlanned, "+wf+g").is(blocked, "+wf+c").succeed("+wf+g+b").is(ready, "+wf+c")
		}},
		{"in a parallel group all tasks start at once", `
_parallel: true
+a: {echo>: a}
+b: {echo>: b}
+c: {echo>: c}`, func(p *play) { p.does("dispatch +wf+a", "dispatch +wf+b", "dispatch +wf+c") }},
		{"but for those that name others in _after", `
_parallel: true
+a: {echo>: a}
+b: {echo>: b, _after: [+a]}
+c: {echo>: c}
+d: {echo>: d, _after: [+b, +c]}`, func(p *play) {
			p.is(ready, "+wf+a", "+wf+c").is(blocked, "+wf+b", "+wf+d")
			p.succeed("+wf+a").is(ready, "+wf+b").succeed("+wf+b").is(blocked, "+wf+d").succeed("+wf+c").is(ready, "+wf+d")
		}},
		{"an empty _after waits for nothing", `
_parallel: true
+a: {echo>: a}
+b: {echo>: b, _after: []}`, func(p *play) { p.is(ready, "+wf+a", "+wf+b") }},
		{"several tasks may wait for the same one", `
_parallel: true
+a: {echo>: a}
+b: {echo>: b, _after: [+a]}
+c: {echo>: c, _after: [+a]}`, func(p *play) {
			p.succeed("+wf+a").does("dispatch +wf+b", "dispatch +wf+c")
			if b, c := p.task("+wf+b"), p.task("+wf+c"); b.Gate != b.ID || c.Gate != b.ID || len(c.Upstreams) != 0 {
				p.t.Errorf("they do not share a gate: %d, %d", b.Gate, c.Gate)
			}
		}},
		{"tasks with one upstream in common do not wait for each other's", `
_parallel: true
+a: {echo>: a}
+b: {echo>: b}
+c: {echo>: c}
+d: {echo>: d, _after: [+a, +c]}
+e: {echo>: e, _after: [+b, +c]}`, func(p *play) {
			p.succeed("+wf+c", "+wf+b").is(blocked, "+wf+d").is(ready, "+wf+e").succeed("+wf+a").is(ready, "+wf+d")
		}},
		{"a limit cuts a parallel group into chunks, and a chunk waits for all of the one before", `
_parallel: {limit: 2}
+a: {echo>: a}
+b: {echo>: b}
+c: {echo>: c}
+d: {echo>: d}
+e: {echo>: e}`, func(p *play) {
			p.does("dispatch +wf+a", "dispatch +wf+b")
			p.succeed("+wf+a").does().is(blocked, "+wf+c")
			p.succeed("+wf+b").does("dispatch +wf+c", "dispatch +wf+d")
			p.succeed("+wf+d").does().succeed("+wf+c").does("dispatch +wf+e")
		}},
		{"a limit of zero or less is none", `
_parallel: {limit: 0}
+a: {echo>: a}
+b: {echo>: b}`, func(p *play) { p.is(ready, "+wf+a", "+wf+b") }},
		{"a chunk whose predecessor failed never starts", `
_parallel: {limit: 1}
+a: {fail>: x}
+b: {echo>: b}`, func(p *play) {
			p.fail("+wf+a", "x").is(blocked, "+wf+b").succeed("+wf^failure-alert").ends("error").is(blocked, "+wf+b")
		}},
		{"_after within chunks waits for both", `
_parallel: {limit: 2}
+a: {echo>: a}
+b: {echo>: b}
+c: {echo>: c}
+d: {echo>: d, _after: [+c]}`, func(p *play) {
			p.succeed("+wf+a").is(blocked, "+wf+c").succeed("+wf+b").is(ready, "+wf+c").is(blocked, "+wf+d")
			p.succeed("+wf+c").is(ready, "+wf+d")
		}},
		{"a subtask of a generated group depends on its siblings alike", `+a: {loop>: 2}`, func(p *play) {
			p.generates("+wf+a", `{_parallel: {limit: 1}, +loop-0: {echo>: x}, +loop-1: {echo>: x}}`)
			p.is(ready, "+wf+a^sub+loop-0").is(blocked, "+wf+a^sub+loop-1")
			p.succeed("+wf+a^sub+loop-0").is(ready, "+wf+a^sub+loop-1")
		}},
	})
}

// TestNames has a scene for each origin of a task's name.
func TestNames(t *testing.T) {
	t.Parallel()
	perform(t, []scene{
		{"names are joined from the root", `+prepare: {+load: {echo>: x}}`, func(p *play) {
			p.expect(`+wf planned
				+wf+prepare planned
				+wf+prepare+load ready`)
		}},
		{"subtasks are ^sub", `+a: {call>: x}`, func(p *play) {
			p.generates("+wf+a", `{+x: {echo>: x}}`).is(heitan.TaskReady, "+wf+a^sub+x")
		}},
		{"subtasks that are an operator are that ^sub", `+a: {if>: true}`, func(p *play) {
			p.generates("+wf+a", `{echo>: x}`).expect(`+wf planned
				+wf+a planned
				+wf+a^sub ready`)
		}},
		{"an empty body generates nothing", `+a: {if>: true, _check: {}, _error: {}}`, func(p *play) {
			p.generates("+wf+a", `{}`).expect(`+wf success
				+wf+a success`)
		}},
		{"an empty _error generates nothing", `
_error: {}
+a: {fail>: x, _error: {}}`, func(p *play) {
			p.fail("+wf+a", "x").expect(`+wf planned delayed-group-error
				+wf+a error
				+wf^failure-alert ready`)
		}},
		{"handlers are ^error and ^check", `+a: {echo>: x, _check: {fail>: x}, _error: {echo>: e}}`, func(p *play) {
			p.succeed("+wf+a").fail("+wf+a^check", "x").succeed("+wf+a^error").is(heitan.TaskGroupError, "+wf+a")
		}},
		{"handlers may be groups", `+a: {fail>: x, _error: {+x: {echo>: x}, +y: {echo>: y}}}`, func(p *play) {
			p.fail("+wf+a", "x").succeed("+wf+a^error+x", "+wf+a^error+y").is(heitan.TaskError, "+wf+a")
		}},
		{"the alert of a failed attempt is ^failure-alert and notifies", `+a: {fail>: x}`, func(p *play) {
			p.fail("+wf+a", "x")
			diff(p.t, "config", `{"_type":"notify","_command":"Workflow session attempt failed"}`, string(p.json("+wf^failure-alert")))
		}},
		{"a generated task that stands in no file has the place of the one that generated it", `+a: {if>: true}`, func(p *play) {
			p.answers("+wf+a", engine.Result{Subtasks: params.Of("echo>", "x")})
			diff(p.t, "place", "wf.dig:1:1", p.task("+wf+a^sub").Pos.String())
		}},
		{"generated tasks may generate tasks", `+a: {call>: x}`, func(p *play) {
			p.generates("+wf+a", `{+b: {loop>: 1}}`).generates("+wf+a^sub+b", `{+loop-0: {echo>: x}}`)
			p.is(heitan.TaskReady, "+wf+a^sub+b^sub+loop-0")
		}},
	})
}
