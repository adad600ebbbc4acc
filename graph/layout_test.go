package graph

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// laidOut is the picture of a tree.
func laidOut(t *rapid.T) *box {
	limit := rapid.IntRange(100, 2000).Draw(t, "width")
	top := newBox(nil, 0, anyTree(t), "", limit, rapid.Bool().Draw(t, "states"))
	top.move(margin, margin)
	return top
}

func TestNoTwoBoxesOverlap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		laidOut(t).walk(func(b *box) {
			for i, one := range b.children {
				for _, other := range b.children[:i] {
					if one.x < other.x+other.w && other.x < one.x+one.w && one.y < other.y+other.h && other.y < one.y+one.h {
						t.Fatalf("%s overlaps %s", one.rect(), other.rect())
					}
				}
			}
		})
	})
}

func TestEveryChildLiesInsideItsParent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		laidOut(t).walk(func(b *box) {
			for _, c := range b.children {
				if c.x < b.x+padding || c.x+c.w > b.x+b.w-padding || c.y < b.y+titleLine || c.y+c.h > b.y+b.h-padding {
					t.Fatalf("%s is not inside %s", c.rect(), b.rect())
				}
			}
			for _, p := range b.points() {
				if p.x <= b.x || p.x >= b.x+b.w || p.y <= b.y || p.y >= b.y+b.h {
					t.Fatalf("arrow at %v leaves %s", p, b.rect())
				}
			}
		})
	})
}

func TestArrowsRunDownwards(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		laidOut(t).walk(func(b *box) {
			b.segments(func(from, to point) {
				if to.y < from.y || from.x != to.x && from.y != to.y {
					t.Fatalf("an arrow of %s goes from %v to %v", b.fullName, from, to)
				}
			})
		})
	})
}

func TestArrowsCrossNoBox(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		laidOut(t).walk(func(b *box) {
			b.segments(func(from, to point) {
				for _, c := range b.children {
					if max(from.x, to.x) > c.x && min(from.x, to.x) < c.x+c.w && to.y > c.y && from.y < c.y+c.h {
						t.Fatalf("an arrow from %v to %v runs through %s", from, to, c.rect())
					}
				}
			})
		})
	})
}

// Following the lines that leave a task must lead to those that wait for it, and
// to no other.
func TestArrowsLeadFromEveryTaskToThoseThatWaitForIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		laidOut(t).walk(func(b *box) {
			for i, c := range b.children {
				want := map[string]bool{}
				for _, other := range b.children {
					if other.node.Barrier != nil && slices.Contains(other.node.Barrier.Siblings, i) {
						want[other.fullName] = true
					}
				}
				if got := b.follow(c); !maps.Equal(got, want) {
					t.Fatalf("arrows from %s lead to %v, want %v", c.fullName, got, want)
				}
			}
		})
	})
}

// Lines of different nets that ran along each other would look like one.
func TestArrowsOfDifferentOriginShareNoTrack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		laidOut(t).walk(func(b *box) {
			for i, one := range b.wires {
				for _, other := range b.wires[:i] {
					one.sideways(func(y, left, right int) {
						other.sideways(func(otherY, otherLeft, otherRight int) {
							if y == otherY && left <= otherRight && otherLeft <= right {
								t.Fatalf("two lines of %s run at height %d, from %d to %d and from %d to %d", b.fullName, y, left, right, otherLeft, otherRight)
							}
						})
					})
				}
			}
		})
	})
}

func (w wire) sideways(visit func(y, left, right int)) {
	for _, l := range w {
		for i, to := range l.points[1:] {
			if from := l.points[i]; from.y == to.y {
				visit(from.y, min(from.x, to.x), max(from.x, to.x))
			}
		}
	}
}

func (b *box) rect() string { return fmt.Sprintf("%s (%d,%d %dx%d)", b.fullName, b.x, b.y, b.w, b.h) }

func (b *box) points() []point {
	var all []point
	for _, w := range b.wires {
		for _, l := range w {
			all = append(all, l.points...)
		}
	}
	return all
}

func (b *box) segments(visit func(from, to point)) {
	for _, w := range b.wires {
		for _, l := range w {
			for i, to := range l.points[1:] {
				visit(l.points[i], to)
			}
		}
	}
}

// follow is where the lines that leave the bottom of a child end.
func (b *box) follow(c *box) map[string]bool {
	next := make(map[point][]line)
	var begin []point
	for _, w := range b.wires {
		for _, l := range w {
			from := l.points[0]
			if from.y == c.y+c.h && from.x >= c.x && from.x <= c.x+c.w {
				begin = append(begin, from)
			}
			next[from] = append(next[from], l)
		}
	}
	ends, seen := map[string]bool{}, map[point]bool{}
	for len(begin) > 0 {
		at := begin[0]
		begin = begin[1:]
		if seen[at] {
			continue
		}
		seen[at] = true
		for _, l := range next[at] {
			end := l.points[len(l.points)-1]
			if !l.arrow {
				begin = append(begin, end)
				continue
			}
			for _, other := range b.children {
				if end.y == other.y && end.x == other.x+other.w/2 {
					ends[other.fullName] = true
				}
			}
		}
	}
	return ends
}

func TestParallelTasksWrapIntoRowsThatFitTheWidth(t *testing.T) {
	t.Parallel()
	top := newBox(nil, 0, parallelTree(1000), "", 1200, false)
	if top.w > 1200 {
		t.Errorf("width is %d", top.w)
	}
	rows := map[int]int{}
	for _, c := range top.children {
		rows[c.y]++
	}
	if len(rows) < 100 || len(rows) > 300 {
		t.Errorf("1000 tasks stand in %d rows", len(rows))
	}
}

func TestBarriersThatAreNoEarlierSiblingsAreIgnored(t *testing.T) {
	t.Parallel()
	root := &workflow.Node{Name: "+root", Group: true, Config: params.Empty()}
	for i := range 3 {
		root.Children = append(root.Children, &workflow.Node{
			Name: fmt.Sprintf("+t%d", i), Config: params.Of("sh>", "x"),
			Barrier: &workflow.Barrier{Siblings: []int{-1, 0, 2, 7}},
		})
	}
	top := newBox(nil, 0, root, "", 1200, false)
	if got := top.follow(top.children[0]); len(got) != 2 {
		t.Errorf("arrows lead to %v", got)
	}
	SVG(root, SVGOptions{})
	Text(root, TextOptions{})
}

// parallelTree is a group of n tasks that wait for nothing.
func parallelTree(n int) *workflow.Node {
	root := &workflow.Node{Name: "+root", Group: true, Config: params.Of("_parallel", true)}
	for i := range n {
		root.Children = append(root.Children, &workflow.Node{Name: fmt.Sprintf("+task%d", i), Config: params.Of("sh>", "./run.sh")})
	}
	return root
}
