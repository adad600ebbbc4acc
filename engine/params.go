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
// task itself inherits, its exports, and what it stored itself. That changes no
// more while the task is planned.
func (a *Attempt) inner(t *task) *params.Object {
	if t.view != nil {
		return t.view
	}
	doc := t.Result.apply(a.params(t).Merge(t.Export()).Merge(t.Result.Export))
	if t.State == heitan.TaskPlanned {
		t.view = doc
	}
	return doc
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
	parent := g.members[0].parent
	doc := a.inner(parent)
	if !parent.updates {
		return doc
	}
	var row []*gate // from g backwards
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
	if g.pending == 0 && parent.State == heitan.TaskPlanned && !g.members[0].Flags.Has(heitan.Superseded) {
		g.view = doc
		if before, _ := g.before(); before != nil && !before.forked {
			before.view = nil // nobody needs it any more
		}
	}
	return doc
}

// before is the one gate that members passed, nil if they waited for nothing. It
// reports false if there are several, or if a member was defined earlier than
// what that gate waits for, so that the order is not simply one after the other.
func (g *gate) before() (*gate, bool) {
	var before *gate
	for _, m := range g.members {
		if m.gate == nil || m.gate == before {
			continue
		}
		if before != nil {
			return nil, false
		}
		before = m.gate
	}
	if before == nil {
		return nil, true
	}
	last := before.members[len(before.members)-1]
	return before, g.members[0].ID > last.ID
}

// behindAll computes what behind is from its definition.
func (a *Attempt) behindAll(g *gate) *params.Object {
	doc := a.inner(g.members[0].parent)
	for _, m := range g.upstreams() {
		doc = a.updatesOf(m, doc)
	}
	return doc
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

// updatesBelow lays over doc what the descendants of a task stored, in the order
// of the tree. Tasks that a retry replaced count too, as in Digdag.
func (a *Attempt) updatesBelow(t *task, doc *params.Object) *params.Object {
	for _, c := range t.children {
		doc = a.updatesOf(c, doc)
	}
	return doc
}

func byID(a, b *task) int { return int(a.ID - b.ID) }

func splitPath(path string) []string { return strings.Split(path, ".") }
