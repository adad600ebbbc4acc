package engine_test

import (
	"slices"
	"strings"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// inherited is the walk that decides what params a task inherits, written down
// as the language describes it and without any thought of speed: from the root
// to the task, at each node first what its upstream siblings and all below them
// stored, in their order, then, unless it is the task itself, what it exports
// and what it stored.
func inherited(s snapshot, def engine.Definition, id heitan.TaskID) *params.Object {
	doc := params.Empty().Merge(def.Params)
	for _, n := range s.path(s.task(id)) {
		for _, up := range transitive(s, n) {
			doc = stored(s, s.task(up), doc)
		}
		if n.ID != id {
			node := workflow.Node{Config: n.Config}
			doc = update(doc.Merge(node.Export()).Merge(n.Result.Export), n.Result)
		}
	}
	return doc
}

// transitive are the siblings that had to succeed before the task, directly or
// not, ascending ids.
func transitive(s snapshot, t *engine.Task) []heitan.TaskID {
	found := map[heitan.TaskID]bool{}
	open := slices.Clone(s.upstreams(t))
	for len(open) > 0 {
		id := open[0]
		open = open[1:]
		if !found[id] {
			found[id] = true
			open = append(open, s.upstreams(s.task(id))...)
		}
	}
	return sortedIDs(found)
}

// stored is doc with what a task stored, and then what each of its children and
// all below that one did.
func stored(s snapshot, t *engine.Task, doc *params.Object) *params.Object {
	doc = update(doc, t.Result)
	for c := range s.below(t) {
		doc = stored(s, c, doc)
	}
	return doc
}

// update is doc without what is reset and with what is stored.
func update(doc *params.Object, r engine.Result) *params.Object {
	for _, path := range r.Reset {
		doc = without(doc, strings.Split(path, "."))
	}
	return doc.Merge(r.Store)
}

func without(doc *params.Object, path []string) *params.Object {
	var kept []params.Entry
	for e := range doc.Entries() {
		below, isObject := e.Value.(*params.Object)
		switch {
		case e.Key != path[0]:
		case len(path) == 1:
			continue
		case isObject:
			e.Value = without(below, path[1:])
		}
		kept = append(kept, e)
	}
	return params.New(kept...)
}
