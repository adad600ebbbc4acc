package engine_test

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"github.com/heitan/heitan/params"
)

// shape is a task of a workflow that is explored: a task with an operator if it
// has no children.
type shape struct {
	children []*shape
	parallel bool
	retry    int  // limit, from 0 to 2
	handler  bool // it has an `_error`
	text     string
}

// weight is how many features the tasks of a shape have in all. Each feature
// multiplies the number of states.
func (s *shape) weight() int {
	w := s.retry
	if s.handler {
		w++
	}
	for _, c := range s.children {
		w += c.weight()
	}
	return w
}

// document is the shape as the body of a task.
func (s *shape) document() *params.Object {
	doc := params.Empty()
	if s.retry > 0 {
		doc = doc.With("_retry", int64(s.retry))
	}
	if s.handler {
		doc = doc.With("_error", params.Of("sh>", "e"))
	}
	if len(s.children) == 0 {
		return doc.With("sh>", "x")
	}
	if s.parallel {
		doc = doc.With("_parallel", true)
	}
	for i, c := range s.children {
		doc = doc.With(fmt.Sprintf("+%c", 'a'+i), c.document())
	}
	return doc
}

// shapes makes all shapes, each once. Children of parallel groups stand in one
// order only, as the others mean the same.
type shapes struct{ made map[[2]int][]*shape }

// of are all shapes of n tasks and up to a weight.
func (m *shapes) of(n, weight int) []*shape {
	key := [2]int{n, weight}
	if all, ok := m.made[key]; ok {
		return all
	}
	var all []*shape
	for children := range m.forests(n-1, weight) {
		for _, parallel := range []bool{false, true} {
			if parallel && (len(children) < 2 || !slices.IsSortedFunc(children, byText)) {
				continue
			}
			for retry := range 3 {
				for _, handler := range []bool{false, true} {
					s := &shape{children: children, parallel: parallel, retry: retry, handler: handler}
					if s.weight() <= weight {
						s.text = params.JSON(s.document())
						all = append(all, s)
					}
				}
			}
		}
	}
	m.made[key] = all
	return all
}

func byText(a, b *shape) int { return cmp.Compare(a.text, b.text) }

// forests are all rows of shapes with n tasks in all.
func (m *shapes) forests(n, weight int) iter.Seq[[]*shape] {
	return func(yield func([]*shape) bool) {
		if n == 0 {
			yield(nil)
			return
		}
		for size := 1; size <= n; size++ {
			for _, s := range m.of(size, weight) {
				for rest := range m.forests(n-size, weight-s.weight()) {
					if !yield(append([]*shape{s}, rest...)) {
						return
					}
				}
			}
		}
	}
}
