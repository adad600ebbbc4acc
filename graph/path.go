package graph

const (
	corner     = 6 // radius of rounded corners
	headLength = 8 // of an arrow's head
)

// wire draws lines and the heads of arrows.
func (d *drawing) wire(w wire) {
	d.put(`<path class="wire" d="`)
	for _, l := range w {
		d.line(l)
	}
	d.put("\"/>\n")
	var tips []point
	for _, l := range w {
		if tip := l.points[len(l.points)-1]; l.arrow && (len(tips) == 0 || tips[len(tips)-1] != tip) {
			tips = append(tips, tip)
		}
	}
	if len(tips) == 0 {
		return
	}
	d.put(`<path class="head" d="`)
	for _, tip := range tips {
		d.put("M", tip.x, " ", tip.y, "l-4-", headLength, "h8z")
	}
	d.put("\"/>\n")
}

// line draws a line with its corners rounded. Before an arrow's head it ends where
// the head is wide enough to hide its end.
func (d *drawing) line(l line) {
	last := len(l.points) - 1
	d.put("M", l.points[0].x, " ", l.points[0].y)
	for i := 1; i < last; i++ {
		c := l.points[i]
		before, after := toward(c, l.points[i-1]), toward(c, l.points[i+1])
		d.put("L", before.x, " ", before.y, "Q", c.x, " ", c.y, " ", after.x, " ", after.y)
	}
	end := l.points[last]
	if l.arrow {
		end.y -= headLength / 2
	}
	d.put("L", end.x, " ", end.y)
}

// toward is the point at which the rounding of a corner ends in the direction of
// a neighbour, which is on the same line or column.
func toward(c, to point) point {
	dx, dy := to.x-c.x, to.y-c.y
	r := min(corner, (abs(dx)+abs(dy))/2)
	switch {
	case dx > 0:
		c.x += r
	case dx < 0:
		c.x -= r
	case dy > 0:
		c.y += r
	case dy < 0:
		c.y -= r
	}
	return c
}
