package graph

import (
	"cmp"
	"slices"
)

// sweeps is how often rows are ordered, and then placed, by their neighbours.
const sweeps = 6

// pull is where the neighbours of an item would have it.
type pull struct{ sum, weight int }

func (p *pull) add(at, weight int) {
	p.sum += at * weight
	p.weight += weight
}

// wish is the middle that an item's neighbours want it to have; without neighbours,
// the one it has.
func (i *item) wish() (at, weight int) {
	if i.pull.weight == 0 {
		return i.center(), 1
	}
	return i.pull.sum / i.pull.weight, i.pull.weight
}

// order sorts the items of each row so that arrows are short and cross seldom:
// by the median of what they are connected with in the row above, then below,
// some times, and keeps the best of these orders. Without a reason to move, tasks
// stay in the order of the file.
func (s *sheet) order() {
	best := s.wireLength()
	orders := s.orders()
	for sweep := range sweeps {
		if best == 0 {
			return
		}
		s.sweep(sweep%2 == 0, func(r *row) {
			slices.SortStableFunc(r.items, func(a, b *item) int {
				atA, _ := a.wish()
				atB, _ := b.wish()
				return cmp.Compare(atA, atB)
			})
			r.pack()
		})
		if length := s.wireLength(); length < best {
			best, orders = length, s.orders()
		}
	}
	for i, r := range s.rows {
		if !r.fixed {
			r.items = orders[i]
			r.pack()
		}
	}
}

func (s *sheet) orders() [][]*item {
	orders := make([][]*item, len(s.rows))
	for i, r := range s.rows {
		orders[i] = slices.Clone(r.items)
	}
	return orders
}

// sweep goes through the rows, downwards or upwards, and hands those that may be
// changed to act, with the pulls of the row it comes from.
func (s *sheet) sweep(down bool, act func(*row)) {
	for i := range s.gaps {
		r, g := i+1, i
		if !down {
			r = len(s.gaps) - 1 - i
			g = r
		}
		if s.rows[r].fixed {
			continue
		}
		for _, it := range s.rows[r].items {
			it.pull = pull{}
		}
		for _, j := range s.gaps[g].joints {
			from, to := j.top, j.bottom
			if !down {
				from, to = to, from
			}
			if len(from) > 0 {
				j.pull(to, medianCenter(from))
			}
		}
		act(s.rows[r])
	}
}

// pull pulls items that meet in one point. Lanes yield to boxes, so that a line
// that comes from far away does not bend the way of the others, but they hold on
// to each other, so that long lines are straight.
func (j *joint) pull(items []*item, at int) {
	boxes := slices.ContainsFunc(items, func(it *item) bool { return it.box != nil })
	for _, it := range items {
		switch {
		case it.box != nil:
			it.pull.add(at, 1)
		case !boxes:
			it.pull.add(at, 4)
		}
	}
}

// medianCenter is the middle of items; lanes count only among themselves.
func medianCenter(items []*item) int {
	if len(items) == 1 {
		return items[0].center()
	}
	centers := make([]int, 0, len(items))
	for _, it := range items {
		if it.box != nil {
			centers = append(centers, it.center())
		}
	}
	if len(centers) == 0 {
		for _, it := range items {
			centers = append(centers, it.center())
		}
	}
	slices.Sort(centers)
	return (centers[(len(centers)-1)/2] + centers[len(centers)/2]) / 2
}

// wireLength is how far all joints reach.
func (s *sheet) wireLength() int {
	length := 0
	for _, g := range s.gaps {
		for _, j := range g.joints {
			left, right := j.reach()
			length += right - left
		}
	}
	return length
}

// reach is from where to where a joint's items stand.
func (j *joint) reach() (left, right int) {
	first := true
	for _, items := range [][]*item{j.top, j.bottom} {
		for _, it := range items {
			at := it.center()
			if first {
				left, right, first = at, at, false
			}
			left, right = min(left, at), max(right, at)
		}
	}
	return left, right
}
