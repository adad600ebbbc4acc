package graph

// sheet is siblings that wait for each other, in rows from top to bottom: each
// stands below all that it waits for.
type sheet struct {
	rows []*row
	gaps []gap // gaps[i] lies below rows[i]
}

// row is what stands side by side, from left to right.
type row struct {
	items []*item
	layer int
	// fixed rows are parts of a layer that was too long for one row. They stay in
	// columns, with the lanes at their left.
	fixed bool
	y, h  int
}

// item is a box, or a lane: where a net passes a row.
type item struct {
	box  *box // nil for a lane
	net  int  // of a lane
	x, w int
	pull pull
}

func (i *item) center() int { return i.x + i.w/2 }

// gap is the room between two rows, where arrows run.
type gap struct{ joints []*joint }

// joint is the part of a net that lies in one gap: lines from the top meet, and
// part again to the bottom.
type joint struct {
	net         int
	top, bottom []*item
	topX        []int // where the lines leave the items of top
	root        int   // where they meet
	track       int   // at which height, counted from the top
}

// newSheet puts members into rows and adds the lanes. nets are those of the
// members, layer is by index of the child.
func newSheet(children []*box, members []int, nets []net, layer []int, limit int) *sheet {
	s := &sheet{}
	rowOf := make(map[int]int, len(members))
	items := make(map[int]*item, len(members))
	byLayer := make([][]int, 0, 8)
	for _, m := range members {
		for len(byLayer) <= layer[m] {
			byLayer = append(byLayer, nil)
		}
		byLayer[layer[m]] = append(byLayer[layer[m]], m)
		items[m] = &item{box: children[m], w: children[m].w}
	}
	for number, layer := range byLayer {
		widths := make([]int, len(layer))
		for i, m := range layer {
			widths[i] = children[m].w
		}
		parts := wrap(widths, limit)
		for _, part := range parts {
			r := &row{layer: number, fixed: len(parts) > 1}
			for _, m := range layer[part.from:part.to] {
				rowOf[m] = len(s.rows)
				r.items = append(r.items, items[m])
			}
			s.rows = append(s.rows, r)
		}
	}
	s.gaps = make([]gap, len(s.rows)-1)
	for id, n := range nets {
		s.connect(id, n, items, rowOf)
	}
	return s
}

// connect adds a net: its joints in the gaps, and its lanes in the rows between.
func (s *sheet) connect(id int, n net, items map[int]*item, rowOf map[int]int) {
	first, last := len(s.rows), 0
	for _, i := range n.sources {
		first = min(first, rowOf[i])
	}
	for _, i := range n.targets {
		last = max(last, rowOf[i])
	}
	joints := make([]*joint, last-first)
	for i := range joints {
		joints[i] = &joint{net: id}
		g := &s.gaps[first+i]
		g.joints = append(g.joints, joints[i])
	}
	for _, i := range n.sources {
		j := joints[rowOf[i]-first]
		j.top = append(j.top, items[i])
	}
	for _, i := range n.targets {
		j := joints[rowOf[i]-1-first]
		j.bottom = append(j.bottom, items[i])
	}
	for i := 1; i < len(joints); i++ {
		lane := &item{net: id, w: laneWidth}
		r := s.rows[first+i]
		r.items = append(r.items, lane)
		joints[i-1].bottom = append(joints[i-1].bottom, lane)
		joints[i].top = append(joints[i].top, lane)
	}
}

// block computes where everything is.
func (s *sheet) block() *block {
	s.pack()
	s.order()
	s.place()
	b := &block{w: s.normalize(), h: s.stack()}
	for _, r := range s.rows {
		for _, it := range r.items {
			if it.box != nil {
				it.box.x, it.box.y = it.x, r.y
				b.boxes = append(b.boxes, it.box)
			}
		}
	}
	b.wires = s.wires()
	return b
}
