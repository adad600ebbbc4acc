package sqlstore

import (
	"cmp"
	"slices"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/store"
)

// change is everything that a commit writes of one attempt.
type change struct {
	attempt  heitan.AttemptID
	fence    heitan.Fence
	tasks    []engine.Task // ascending ids
	flags    heitan.AttemptFlags
	finished time.Time
}

// gather brings the writes of each attempt together, ascending attempts. Later
// ones win; fences only grow, so what has a lower one is stale in any case.
func gather(writes []store.Write) []change {
	changes := make([]change, 0, len(writes))
	place := make(map[heitan.AttemptID]int, len(writes))
	for _, w := range writes {
		fresh := change{attempt: w.Attempt, fence: w.Fence, tasks: w.Tasks, flags: w.Flags, finished: w.Finished}
		i, ok := place[w.Attempt]
		switch {
		case !ok:
			place[w.Attempt] = len(changes)
			changes = append(changes, fresh)
		case w.Fence > changes[i].fence:
			changes[i] = fresh
		case w.Fence == changes[i].fence:
			changes[i].add(fresh)
		}
	}
	for i := range changes {
		changes[i].tasks = ascending(changes[i].tasks)
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.attempt, b.attempt) })
	return changes
}

func (c *change) add(later change) {
	c.tasks = slices.Concat(c.tasks, later.tasks)
	c.flags |= later.flags
	if !later.finished.IsZero() {
		c.finished = later.finished
	}
}

// ascending is tasks in the order of their ids, the last of each. One statement
// may not write a row twice.
func ascending(tasks []engine.Task) []engine.Task {
	if areAscending(tasks) {
		return tasks // nearly always
	}
	sorted := slices.Clone(tasks)
	slices.SortStableFunc(sorted, func(a, b engine.Task) int { return cmp.Compare(a.ID, b.ID) })
	last := sorted[:0]
	for i, t := range sorted {
		if i+1 == len(sorted) || sorted[i+1].ID != t.ID {
			last = append(last, t)
		}
	}
	return last
}

func areAscending(tasks []engine.Task) bool {
	for i := 1; i < len(tasks); i++ {
		if tasks[i].ID <= tasks[i-1].ID {
			return false
		}
	}
	return true
}
