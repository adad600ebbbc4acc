package engine_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// dice decides everything that is random in a test.
type dice interface {
	// roll is a number from 0 to n-1.
	roll(n int, what string) int
}

// seeded dice always roll the same for the same seed.
type seeded struct{ *rand.Rand }

func newSeeded(seed, stream uint64) seeded { return seeded{rand.New(rand.NewPCG(seed, stream))} }

func (d seeded) roll(n int, _ string) int { return d.IntN(n) }

// drawn dice are rolled by rapid, which looks for the smallest numbers that make
// a test fail.
type drawn struct{ *rapid.T }

func (d drawn) roll(n int, what string) int { return rapid.IntRange(0, n-1).Draw(d.T, what) }

// grower makes random workflows.
type grower struct {
	dice
	left  int // tasks that may still be added
	value int // the last value that was exported or stored
}

// oneIn is true once in n times.
func (g *grower) oneIn(n int, what string) bool { return g.roll(n, what) == n-1 }

// file is the document of a workflow file.
func (g *grower) file() *params.Object {
	entries := g.setting("_retry", 4, g.retry)
	entries = append(entries, g.handlers(4)...)
	return params.New(append(entries, g.children(3, 2)...)...)
}

// body is a group or a task with an operator.
func (g *grower) body(depth int) []params.Entry {
	if depth > 0 && g.left > 0 && g.oneIn(3, "group") {
		entries := g.setting("_retry", 3, g.retry)
		entries = append(entries, g.handlers(4)...)
		return append(entries, g.children(depth-1, 0)...)
	}
	entries := []params.Entry{{Key: "sh>", Value: "x"}}
	entries = append(entries, g.setting("_retry", 3, g.retry)...)
	entries = append(entries, g.setting("_check", 5, g.handler)...)
	return append(entries, g.handlers(5)...)
}

// children are the tasks of a group, at least some, and how they depend on each
// other.
func (g *grower) children(depth, least int) []params.Entry {
	var entries []params.Entry
	kind := g.roll(4, "serial, parallel or chunks")
	switch kind {
	case 2:
		entries = append(entries, params.Entry{Key: "_parallel", Value: true})
	case 3:
		entries = append(entries, params.Entry{Key: "_parallel", Value: params.Of("limit", int64(1+g.roll(3, "limit")))})
	}
	var names []string
	for range least + g.roll(5-least, "children") {
		if g.left == 0 {
			break
		}
		g.left--
		body := g.body(depth)
		if kind < 2 && g.oneIn(5, "background") {
			body = append(body, params.Entry{Key: "_background", Value: true})
		}
		if kind >= 2 && g.oneIn(3, "after") {
			var after params.List
			for _, name := range names {
				if g.oneIn(2, name) {
					after = append(after, name)
				}
			}
			body = append(body, params.Entry{Key: "_after", Value: after})
		}
		name := fmt.Sprintf("+%c", 'a'+len(names))
		names = append(names, name)
		entries = append(entries, params.Entry{Key: name, Value: params.New(body...)})
	}
	return entries
}

// handlers are the keys that every node may have.
func (g *grower) handlers(n int) []params.Entry {
	entries := g.setting("_error", n, g.handler)
	return append(entries, g.setting("_export", n, func() params.Value { return g.update() })...)
}

// setting is a key once in n times.
func (g *grower) setting(key string, n int, value func() params.Value) []params.Entry {
	if !g.oneIn(n, key) {
		return nil
	}
	return []params.Entry{{Key: key, Value: value()}}
}

func (g *grower) retry() params.Value {
	limit := int64(1 + g.roll(2, "limit"))
	if g.oneIn(2, "plain") {
		return limit
	}
	return params.Of("limit", limit, "interval", int64(g.roll(3, "interval")), "interval_type", "exponential")
}

// handler is the body of an `_error` or a `_check`.
func (g *grower) handler() params.Value {
	if g.oneIn(2, "operator") {
		return params.Of("sh>", "x")
	}
	return params.Of("+h", params.Of("sh>", "x"), "+i", params.Of("sh>", "x"))
}

// update is a few params, each value unlike all before.
func (g *grower) update() *params.Object {
	doc := params.Empty()
	for range 1 + g.roll(2, "params") {
		g.value++
		if key := [...]string{"x", "y", "m"}[g.roll(3, "key")]; key == "m" {
			doc = doc.Merge(params.Of("m", params.Of([...]string{"p", "q"}[g.roll(2, "key of m")], int64(g.value))))
		} else {
			doc = doc.With(key, int64(g.value))
		}
	}
	return doc
}

// grow is a random workflow of up to n tasks beside its root.
func grow(t testing.TB, d dice, n int) (*workflow.Node, *params.Object) {
	t.Helper()
	doc := (&grower{dice: d, left: n}).file()
	w, problems := workflow.Compile("wf", "wf.dig", doc)
	if problems.HasErrors() {
		t.Fatalf("%s\n%s", params.JSON(doc), problems)
	}
	return w.Root, doc
}
