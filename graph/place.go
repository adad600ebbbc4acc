package graph

import (
	"cmp"
	"slices"
)

// space is what must lie between neighbours.
func space(left, right *item) int {
	if left.box == nil || right.box == nil {
		return 0
	}
	return boxSpace
}

// pack puts the items of every row side by side, the middle of the row at 0.
func (s *sheet) pack() {
	for from := 0; from < len(s.rows); {
		to := from + 1
		for s.rows[from].fixed && to < len(s.rows) && s.rows[to].layer == s.rows[from].layer {
			to++
		}
		if s.rows[from].fixed {
			packColumns(s.rows[from:to])
		} else {
			s.rows[from].pack()
		}
		from = to
	}
}

func (r *row) pack() {
	total := 0
	for i, it := range r.items {
		if i > 0 {
			total += space(r.items[i-1], it)
		}
		it.x = total
		total += it.w
	}
	for _, it := range r.items {
		it.x -= even(total / 2)
	}
}

// packColumns puts the lanes of the rows of one layer into columns at the left,
// one for each net, and the boxes beside them.
func packColumns(rows []*row) {
	column := make(map[int]int)
	for _, r := range rows {
		for _, it := range r.items {
			if _, known := column[it.net]; it.box == nil && !known {
				column[it.net] = len(column)
			}
		}
	}
	left := len(column) * laneWidth
	width := 0
	for _, r := range rows {
		x := left
		for _, it := range r.items {
			if it.box == nil {
				it.x = column[it.net] * laneWidth
				continue
			}
			it.x = x
			x += it.w + boxSpace
		}
		width = max(width, x-boxSpace)
		slices.SortFunc(r.items, func(a, b *item) int { return cmp.Compare(a.x, b.x) })
	}
	for _, r := range rows {
		for _, it := range r.items {
			it.x -= left + even((width-left)/2)
		}
	}
}

// place moves the items within the order of their rows so that arrows become
// straight where they can.
func (s *sheet) place() {
	for sweep := range sweeps {
		s.sweep(sweep%2 == 0, (*row).settle)
	}
}

// settle gives all items of a row the places that are nearest to their wishes,
// by least squares, without changing their order or coming too near: the method
// is that of isotonic regression, pooling neighbours that want to pass each other.
func (r *row) settle() {
	type pool struct{ sum, weight, count int }
	var pools []pool
	mean := func(p pool) int { return floorDiv(p.sum, p.weight) }
	offset := 0 // of the item's left edge, if all stood tight
	offsets := make([]int, len(r.items))
	for i, it := range r.items {
		if i > 0 {
			offset += r.items[i-1].w + space(r.items[i-1], it)
		}
		offsets[i] = offset
		at, weight := it.wish()
		p := pool{sum: (at - it.w/2 - offset) * weight, weight: weight, count: 1}
		for len(pools) > 0 && mean(pools[len(pools)-1]) >= mean(p) {
			last := pools[len(pools)-1]
			pools = pools[:len(pools)-1]
			p = pool{sum: p.sum + last.sum, weight: p.weight + last.weight, count: p.count + last.count}
		}
		pools = append(pools, p)
	}
	i := 0
	for _, p := range pools {
		at := mean(p) &^ 1
		for range p.count {
			r.items[i].x = at + offsets[i]
			i++
		}
	}
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// normalize moves everything so that the leftmost item stands at 0, and returns
// the width.
func (s *sheet) normalize() int {
	left, right := 0, 0
	for i, r := range s.rows {
		first, last := r.items[0], r.items[len(r.items)-1]
		if i == 0 {
			left, right = first.x, last.x+last.w
		}
		left, right = min(left, first.x), max(right, last.x+last.w)
	}
	for _, r := range s.rows {
		for _, it := range r.items {
			it.x -= left
		}
	}
	return right - left
}
