package engine_test

import (
	"iter"
	"maps"
	"slices"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
)

// snapshot is the tasks of an attempt at one moment, and how they hang together.
type snapshot struct {
	tasks    []engine.Task
	children [][]int // indexes by index of the parent, ascending
}

func snapshotOf(tasks []engine.Task) snapshot {
	s := snapshot{tasks: tasks, children: make([][]int, len(tasks))}
	for i, t := range tasks {
		if p := int(t.Parent) - 1; p >= 0 && p < i {
			s.children[p] = append(s.children[p], i)
		}
	}
	return s
}

func (s snapshot) task(id heitan.TaskID) *engine.Task { return &s.tasks[id-1] }

// below are a task's children.
func (s snapshot) below(t *engine.Task) iter.Seq[*engine.Task] {
	return func(yield func(*engine.Task) bool) {
		for _, i := range s.children[t.ID-1] {
			if !yield(&s.tasks[i]) {
				return
			}
		}
	}
}

// current are a task's children that no retry has replaced.
func (s snapshot) current(t *engine.Task) iter.Seq[*engine.Task] {
	return func(yield func(*engine.Task) bool) {
		for c := range s.below(t) {
			if !c.Flags.Has(heitan.Superseded) && !yield(c) {
				return
			}
		}
	}
}

// upstreams are the siblings that a task itself waits for.
func (s snapshot) upstreams(t *engine.Task) []heitan.TaskID {
	if t.Gate == 0 {
		return nil
	}
	return s.task(t.Gate).Upstreams
}

// open reports whether all siblings that a task waits for have succeeded.
func (s snapshot) open(t *engine.Task) bool {
	for _, id := range s.upstreams(t) {
		if s.task(id).State != heitan.TaskSuccess {
			return false
		}
	}
	return true
}

// path are the tasks from the root to the task itself.
func (s snapshot) path(t *engine.Task) []*engine.Task {
	path := []*engine.Task{t}
	for t.Parent != 0 {
		t = s.task(t.Parent)
		path = append(path, t)
	}
	slices.Reverse(path)
	return path
}

// same reports whether two tasks are equal in everything but the time of their
// last change.
func same(a, b *engine.Task) bool {
	return a.ID == b.ID && a.Parent == b.Parent && a.FullName == b.FullName && a.Group == b.Group &&
		sameObject(a.Config, b.Config) && a.Pos == b.Pos && a.Gate == b.Gate && slices.Equal(a.Upstreams, b.Upstreams) &&
		a.State == b.State && a.Flags == b.Flags && a.Started.Equal(b.Started) && a.Tried.Equal(b.Tried) && a.RetryAt.Equal(b.RetryAt) &&
		a.Retries == b.Retries && sameObject(a.Checkpoint, b.Checkpoint) && sameResult(a.Result, b.Result) &&
		a.Usage == b.Usage && sameObject(a.Error, b.Error)
}

func sameResult(a, b engine.Result) bool {
	return sameObject(a.Subtasks, b.Subtasks) && sameObject(a.Export, b.Export) && sameObject(a.Store, b.Store) &&
		slices.Equal(a.Reset, b.Reset) && a.Omitted == b.Omitted
}

func sameObject(a, b *params.Object) bool { return a == b || params.Equal(a, b) }

// firstDifference is the index of the first task that differs, or -1.
func firstDifference(a, b []engine.Task) int {
	for i := range min(len(a), len(b)) {
		if !same(&a[i], &b[i]) {
			return i
		}
	}
	if len(a) != len(b) {
		return min(len(a), len(b))
	}
	return -1
}

func sortedIDs[V any](m map[heitan.TaskID]V) []heitan.TaskID { return slices.Sorted(maps.Keys(m)) }
