package engine

import (
	"slices"
	"strings"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
)

// Params are the params that a task inherits: the attempt's, then on the way
// from the root what earlier tasks stored and what the groups above export. The
// task's own `_export` and keys are not among them.
func (a *Attempt) Params(id heitan.TaskID) *params.Object {
	t := a.find(id)
	if t == nil {
		return params.Empty()
	}
	return a.params(t)
}

func (a *Attempt) params(t *task) *params.Object {
	switch {
	case t.gate != nil:
		return a.behind(t.gate)
	case t.parent != nil:
		return a.inner(t.parent)
	case a.def.Params == nil:
		return params.Empty()
	}
	return a.def.Params
}

// inner is what a task's children inherit before any of them has run: what the
// task itself inherits, its exports, and what it stored itself.
func (a *Attempt) inner(t *task) *params.Object {
	if t.view == nil {
		doc := a.params(t).Merge(t.node().Export()).Merge(t.Result.Export)
		t.view = t.Result.apply(doc)
	}
	return t.view
}

// behind is what the tasks at a gate inherit: what the first of their siblings
// inherited, and the updates of all that ran before them, directly or not, in
// the order of their ids.
//
// Where all siblings that a gate waits for passed one gate before, its params are
// that gate's with their updates. So a long row of tasks costs a layer for each
// task that stores something, and the params of a passed gate need not be kept.
func (a *Attempt) behind(g *gate) *params.Object {
	if g.view != nil {
		return g.view
	}
	var row []*gate // from g backwards
	doc := a.inner(g.members[0].parent)
	for h := g; h != nil; {
		if h.view != nil {
			doc = h.view
			break
		}
		before, ok := h.before()
		if !ok {
			doc = a.behindAll(h)
			break
		}
		row = append(row, h)
		h = before
	}
	for _, h := range slices.Backward(row) {
		for _, m := range h.members {
			doc = a.updatesOf(m, doc)
		}
	}
	if g.pending == 0 {
		g.view = doc
		if before, ok := g.before(); ok && before != nil && before.passed() {
			before.view = nil
		}
	}
	return doc
}

// before is the one gate that all members passed, nil if they waited for
// nothing; it reports false if they differ in that.
func (g *gate) before() (*gate, bool) {
	before := g.members[0].gate
	for _, m := range g.members {
		if m.gate != before {
			return nil, false
		}
	}
	return before, true
}

// behindAll computes what behind is from its definition.
func (a *Attempt) behindAll(g *gate) *params.Object {
	doc := a.inner(g.members[0].parent)
	for _, m := range g.upstreams() {
		doc = a.updatesOf(m, doc)
	}
	return doc
}

// passed reports whether nobody needs the gate's params any more.
func (g *gate) passed() bool {
	for _, t := range g.waiting {
		if !t.State.Done() {
			return false
		}
	}
	return true
}

// upstreams are all siblings that had to succeed before the gate opened,
// ascending ids.
func (g *gate) upstreams() []*task {
	seen := make(map[*task]bool)
	open := []*gate{g}
	for len(open) > 0 {
		next := open[len(open)-1]
		open = open[:len(open)-1]
		for _, m := range next.members {
			if seen[m] {
				continue
			}
			seen[m] = true
			if m.gate != nil {
				open = append(open, m.gate)
			}
		}
	}
	all := make([]*task, 0, len(seen))
	for t := range seen {
		all = append(all, t)
	}
	slices.SortFunc(all, byID)
	return all
}

// updatesOf lays over doc what a task and all below it stored.
func (a *Attempt) updatesOf(t *task, doc *params.Object) *params.Object {
	if !t.updates {
		return doc
	}
	return a.updatesBelow(t, t.Result.apply(doc))
}

// updatesBelow lays over doc what the descendants of a task stored, ascending
// ids. Tasks that a retry replaced count too, as in Digdag.
func (a *Attempt) updatesBelow(t *task, doc *params.Object) *params.Object {
	var updating []*task
	open := slices.Clone(t.children)
	for len(open) > 0 {
		next := open[len(open)-1]
		open = open[:len(open)-1]
		if !next.updates {
			continue
		}
		if next.Result.updates() {
			updating = append(updating, next)
		}
		open = append(open, next.children...)
	}
	slices.SortFunc(updating, byID)
	for _, u := range updating {
		doc = u.Result.apply(doc)
	}
	return doc
}

func byID(a, b *task) int { return int(a.ID - b.ID) }

func splitPath(path string) []string { return strings.Split(path, ".") }
