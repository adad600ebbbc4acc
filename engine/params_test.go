package engine_test

import (
	"testing"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
)

// TestParamsWalk has a scene for each sentence on what params a task inherits.
func TestParamsWalk(t *testing.T) {
	t.Parallel()
	perform(t, []scene{
		{"without any, a task inherits nothing", `+a: {echo>: a}`, func(p *play) { p.sees("+wf+a", `{}`) }},
		{"exports come down from the root, the nearest wins", `
_export: {x: root, y: root, z: root}
+g:
  _export: {x: g, y: g}
  +h:
    _export: {x: h}
    +a: {echo>: a}`, func(p *play) { p.sees("+wf+g+h+a", `{"x":"h","y":"g","z":"root"}`) }},
		{"a task's own export and keys are not inherited", `+a: {echo>: a, _export: {x: own}, y: 1}`, func(p *play) { p.sees("+wf+a", `{}`) }},
		{"maps merge deeply", `
_export: {m: {a: 1, b: {c: 1}}}
+g:
  _export: {m: {b: {d: 2}}}
  +a: {echo>: a}`, func(p *play) { p.sees("+wf+g+a", `{"m":{"a":1,"b":{"c":1,"d":2}}}`) }},
		{"scalars and lists replace", `
_export: {l: [1, 2], s: {a: 1}, t: 1}
+g:
  _export: {l: [3], s: 1, t: {a: 1}}
  +a: {echo>: a}`, func(p *play) { p.sees("+wf+g+a", `{"l":[3],"s":1,"t":{"a":1}}`) }},
		{"an explicit null replaces", `
_export: {x: 1, m: {a: 1}}
+g:
  _export: {x: null, m: {a: null}}
  +a: {echo>: a}`, func(p *play) { p.sees("+wf+g+a", `{"x":null,"m":{"a":null}}`) }},
		{"a stored value is seen by later tasks and what is below them", `
+a: {echo>: a}
+b: {echo>: b}
+g: {+c: {echo>: c}}`, func(p *play) {
			p.stores("+wf+a", "x", int64(1)).sees("+wf+b", `{"x":1}`).succeed("+wf+b").sees("+wf+g+c", `{"x":1}`)
		}},
		{"a value stored below a group is seen after the group", `
+g:
  +h: {+a: {echo>: a}}
+b: {echo>: b}`, func(p *play) { p.stores("+wf+g+h+a", "x", int64(1)).sees("+wf+b", `{"x":1}`) }},
		{"an inner group's export beats a value stored before the group", `
+a: {echo>: a}
+g:
  _export: {x: exported}
  +b: {echo>: b}`, func(p *play) { p.stores("+wf+a", "x", "stored").sees("+wf+g+b", `{"x":"exported"}`) }},
		{"a value stored in the group by an earlier sibling beats the group's export", `
+g:
  _export: {x: exported}
  +a: {echo>: a}
  +b: {echo>: b}`, func(p *play) {
			p.stores("+wf+g+a", "x", "stored").sees("+wf+g+b", `{"x":"stored"}`)
		}},
		{"the group's export is not seen after it, and what was stored in it is", `
+g:
  _export: {x: exported, y: exported}
  +a: {echo>: a}
+b: {echo>: b}`, func(p *play) { p.stores("+wf+g+a", "x", "stored").sees("+wf+b", `{"x":"stored"}`) }},
		{"parallel siblings never see each other's stores", `
_parallel: true
+a: {echo>: a}
+b: {echo>: b}`, func(p *play) { p.stores("+wf+a", "x", int64(1)).sees("+wf+b", `{}`) }},
		{"tasks after a parallel group see all stores, the last defined wins whoever came last", `
+g:
  _parallel: true
  +a: {echo>: a}
  +b: {echo>: b}
+c: {echo>: c}`, func(p *play) {
			p.stores("+wf+g+b", "x", "b", "b", true).stores("+wf+g+a", "x", "a", "a", true).sees("+wf+c", `{"x":"b","a":true,"b":true}`)
		}},
		{"with _after only declared upstreams are visible, and theirs", `
_parallel: true
+a: {echo>: a}
+b: {echo>: b}
+c: {echo>: c, _after: [+b]}
+d: {echo>: d, _after: [+c]}`, func(p *play) {
			p.stores("+wf+a", "a", true).stores("+wf+b", "b", true).sees("+wf+c", `{"b":true}`)
			p.stores("+wf+c", "c", true).sees("+wf+d", `{"b":true,"c":true}`)
		}},
		{"the upstreams of all upstreams are visible, in the order of the file", `
_parallel: true
+a: {echo>: a}
+b: {echo>: b}
+c: {echo>: c, _after: [+b]}
+d: {echo>: d, _after: [+a]}
+e: {echo>: e, _after: [+c, +d]}
+f: {echo>: f, _after: [+e]}`, func(p *play) {
			p.stores("+wf+b", "x", "b", "b", true).stores("+wf+a", "x", "a", "a", true).stores("+wf+d", "d", true).stores("+wf+c", "c", true)
			p.sees("+wf+e", `{"x":"b","a":true,"b":true,"c":true,"d":true}`)
			p.stores("+wf+e", "e", true).sees("+wf+f", `{"x":"b","a":true,"b":true,"c":true,"d":true,"e":true}`)
		}},
		{"an upstream that was defined before another's upstreams comes before them", `
_parallel: true
+a: {echo>: a}
+b: {echo>: b}
+c: {echo>: c, _after: [+b]}
+d: {echo>: d, _after: [+a, +c]}`, func(p *play) {
			p.stores("+wf+b", "x", "b").stores("+wf+a", "x", "a").succeed("+wf+c").sees("+wf+d", `{"x":"b"}`)
		}},
		{"of several upstreams the last defined wins", `
_parallel: true
+a: {echo>: a}
+b: {echo>: b}
+c: {echo>: c, _after: [+b, +a]}`, func(p *play) {
			p.stores("+wf+b", "x", "b").stores("+wf+a", "x", "a").sees("+wf+c", `{"x":"b"}`)
		}},
		{"a background task sees nothing of the tasks before it", `
+a: {echo>: a}
+b: {_background: true, echo>: b}
+c: {echo>: c}`, func(p *play) {
			p.stores("+wf+a", "x", "a").sees("+wf+b", `{}`).stores("+wf+b", "x", "b").sees("+wf+c", `{"x":"b"}`)
		}},
		{"a later chunk sees all earlier ones", `
_parallel: {limit: 1}
+a: {echo>: a}
+b: {echo>: b}
+c: {echo>: c}`, func(p *play) {
			p.stores("+wf+a", "a", true).stores("+wf+b", "b", true).sees("+wf+c", `{"a":true,"b":true}`)
		}},
		{"an attempt's params lose to exports", `
_export: {x: exported}
+a: {echo>: a}`, func(p *play) {
			q := run(p.t, "_export: {x: exported}\n+a: {echo>: a}", given("x", "given", "y", "given"))
			q.sees("+wf+a", `{"x":"exported","y":"given"}`)
		}},
	})
}

// TestParamsOfGeneratedTasks has a scene for each sentence on params of and from
// generated tasks.
func TestParamsOfGeneratedTasks(t *testing.T) {
	t.Parallel()
	result := func(body string, export, store *params.Object) func(p *play) engine.Result {
		return func(p *play) engine.Result {
			return engine.Result{Subtasks: document(p.t, body), Export: export, Store: store}
		}
	}
	perform(t, []scene{
		{"subtasks see their operator's export, then what it returned as export, then what it stored", `+a: {call>: x, _export: {x: 1, y: 1, z: 1}}`, func(p *play) {
			r := result(`{echo>: x}`, params.Of("y", int64(2), "z", int64(2)), params.Of("z", int64(3)))(p)
			p.answers("+wf+a", r).sees("+wf+a^sub", `{"x":1,"y":2,"z":3}`)
		}},
		{"what an operator returned as export is not seen after it, what it stored is", `
+a: {call>: x}
+b: {echo>: b}`, func(p *play) {
			p.answers("+wf+a", result(`{}`, params.Of("e", int64(1)), params.Of("s", int64(2)))(p)).sees("+wf+b", `{"s":2}`)
		}},
		{"a subtask's store beats its operator's, for tasks after both", `
+a: {call>: x}
+b: {echo>: b}`, func(p *play) {
			p.answers("+wf+a", result(`{echo>: x}`, nil, params.Of("x", "operator"))(p))
			p.stores("+wf+a^sub", "x", "subtask").sees("+wf+b", `{"x":"subtask"}`)
		}},
		{"the last defined of parallel generated tasks wins, whichever was generated first", `
+g:
  _parallel: true
  +a: {call>: x}
  +b: {call>: x}
+c: {echo>: c}`, func(p *play) {
			p.generates("+wf+g+b", `{echo>: x}`).generates("+wf+g+a", `{echo>: x}`)
			p.stores("+wf+g+b^sub", "x", "b").stores("+wf+g+a^sub", "x", "a").sees("+wf+c", `{"x":"b"}`)
		}},
		{"a later task wins over what an earlier one generated, also after their group", `
+g:
  +a: {call>: x}
  +b: {echo>: b}
  +c: {echo>: c}
+d: {echo>: d}`, func(p *play) {
			p.generates("+wf+g+a", `{echo>: x}`).stores("+wf+g+a^sub", "x", "a").stores("+wf+g+b", "x", "b")
			p.sees("+wf+g+c", `{"x":"b"}`).succeed("+wf+g+c").sees("+wf+d", `{"x":"b"}`)
		}},
		{"an ^error task sees the exports above it and no siblings' stores of its own level", `
_export: {x: 1}
+a: {fail>: x, _export: {y: 2}, _error: {+e: {echo>: e}}}`, func(p *play) {
			p.fail("+wf+a", "x").sees("+wf+a^error+e", `{"x":1,"y":2,"error":{"message":"x","stacktrace":"x"}}`)
		}},
		{"what a replaced copy stored is seen after the group, but not by its copies", `
+g:
  _retry: 1
  +a: {echo>: a}
  +b: {fail>: b}
+c: {echo>: c}`, func(p *play) {
			p.stores("+wf+g+a", "old", true, "x", "old").fail("+wf+g+b", "b").elapse(0).sees("+wf+g+a", `{}`)
			p.stores("+wf+g+a", "x", "new").sees("+wf+g+b", `{"x":"new"}`).succeed("+wf+g+b").sees("+wf+c", `{"old":true,"x":"new"}`)
		}},
	})
}

// TestStoreUpdates has a scene for each sentence on what one update does.
func TestStoreUpdates(t *testing.T) {
	t.Parallel()
	file := `
_export: {m: {a: 1, b: 2}, x: 1}
+a: {echo>: a}
+b: {echo>: b}`
	update := func(store *params.Object, reset ...string) func(p *play) *play {
		return func(p *play) *play { return p.answers("+wf+a", engine.Result{Store: store, Reset: reset}) }
	}
	perform(t, []scene{
		{"a reset removes a key", file, func(p *play) {
			update(nil, "x")(p).sees("+wf+b", `{"m":{"a":1,"b":2}}`)
		}},
		{"a reset may name a path", file, func(p *play) {
			update(nil, "m.a")(p).sees("+wf+b", `{"m":{"b":2},"x":1}`)
		}},
		{"a reset of what does not exist does nothing", file, func(p *play) {
			update(nil, "y", "m.c", "x.y.z")(p).sees("+wf+b", `{"m":{"a":1,"b":2},"x":1}`)
		}},
		{"resets come before the store", file, func(p *play) {
			update(params.Of("m", params.Of("c", int64(3))), "m")(p).sees("+wf+b", `{"x":1,"m":{"c":3}}`)
		}},
		{"a store merges deeply", file, func(p *play) {
			update(params.Of("m", params.Of("b", int64(3))))(p).sees("+wf+b", `{"m":{"a":1,"b":3},"x":1}`)
		}},
		{"a reset holds until the value is exported again below", `
_export: {x: 1}
+a: {echo>: a}
+g:
  _export: {x: 2}
  +b: {echo>: b}`, func(p *play) {
			update(nil, "x")(p).sees("+wf+g+b", `{"x":2}`)
		}},
	})
}

func TestParamsOfAnUnknownTaskAreEmpty(t *testing.T) {
	t.Parallel()
	p := run(t, `+a: {echo>: a}`, given("x", int64(1)))
	for _, id := range []int64{-1, 0, 3} {
		if got := p.state.Params(heitan.TaskID(id)).Len(); got != 0 {
			t.Errorf("task %d has %d params", id, got)
		}
	}
}
