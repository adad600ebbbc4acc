package engine

import (
	"maps"
	"slices"

	"github.com/heitan/heitan"
)

// Clone is a deep copy of an attempt between events, for tests that follow
// several futures of one attempt.
func (a *Attempt) Clone() *Attempt {
	gates := make(map[*gate]*gate)
	c := &Attempt{def: a.def, flags: a.flags, idle: a.idle, now: a.now, tasks: make([]*task, len(a.tasks))}
	for i, t := range a.tasks {
		copied := *t
		c.tasks[i] = &copied
	}
	twin := func(t *task) *task { return c.tasks[t.ID-1] }
	twins := func(tasks []*task) []*task {
		copied := make([]*task, len(tasks))
		for i, t := range tasks {
			copied[i] = twin(t)
		}
		return copied
	}
	for _, t := range c.tasks {
		if t.parent != nil {
			t.parent = twin(t.parent)
		}
		t.children = twins(t.children)
		for _, g := range slices.Concat(t.feeds, slices.Compact([]*gate{t.gate})) {
			if g != nil && gates[g] == nil {
				copied := *g
				copied.members, copied.waiting = twins(g.members), twins(g.waiting)
				gates[g] = &copied
			}
		}
		t.gate = gates[t.gate]
		feeds := make([]*gate, len(t.feeds))
		for i, g := range t.feeds {
			feeds[i] = gates[g]
		}
		t.feeds = feeds
	}
	for _, g := range gates {
		g.next = gates[g.next]
	}
	return c
}

// Cleaning reports whether a task's operator was asked to clean up.
func (a *Attempt) Cleaning(id heitan.TaskID) bool { return a.find(id).cleaning }

// Views is how many params documents the attempt keeps.
func (a *Attempt) Views() int {
	gates := make(map[*gate]bool)
	views := 0
	for _, t := range a.tasks {
		if t.view != nil {
			views++
		}
		if t.gate != nil {
			gates[t.gate] = t.gate.view != nil
		}
	}
	for kept := range maps.Values(gates) {
		if kept {
			views++
		}
	}
	return views
}
