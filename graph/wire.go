package graph

import (
	"cmp"
	"slices"
)

// Lengths of arrows, in pixels.
const (
	gapTop     = 12 // above the first track of a gap
	gapBottom  = 18 // below the last, with room for an arrow's head
	trackSpace = 10 // between tracks
	portSpace  = 14 // between lines that leave the same box
	snap       = 12 // a line that would be this near to straight is made straight
)

type point struct{ x, y int }

// wire is the lines of one joint. Where several of its lines run along each other
// they look like one.
type wire []line

// line is a way that turns only at right angles, downwards or sideways.
type line struct {
	points []point
	arrow  bool // its end is the top of a box
}

func shiftWires(wires []wire, dx, dy int) {
	for _, w := range wires {
		for _, l := range w {
			for i := range l.points {
				l.points[i].x += dx
				l.points[i].y += dy
			}
		}
	}
}

// stack decides how the lines run in each gap and how high it has to be, puts the
// rows below each other, and returns the height of all.
func (s *sheet) stack() int {
	y := 0
	for i, r := range s.rows {
		r.y = y
		for _, it := range r.items {
			if it.box != nil {
				r.h = max(r.h, it.box.h)
			}
		}
		y += r.h
		if i < len(s.gaps) {
			g := &s.gaps[i]
			g.ports(r)
			y += gapTop + gapBottom + max(0, g.tracks()-1)*trackSpace
		}
	}
	return y
}

// ports decides where lines leave the boxes above the gap: in the middle, or if
// there are several, side by side in the order of where they go.
func (g *gap) ports(above *row) {
	leaving := make(map[*item][]port)
	for _, j := range g.joints {
		j.topX = make([]int, len(j.top))
		for i, it := range j.top {
			j.topX[i] = it.center()
			leaving[it] = append(leaving[it], port{j, i})
		}
	}
	for _, it := range above.items {
		ports := leaving[it]
		if len(ports) < 2 {
			continue
		}
		slices.SortStableFunc(ports, func(a, b port) int {
			return cmp.Compare(medianCenter(a.joint.bottom), medianCenter(b.joint.bottom))
		})
		spread := min(portSpace, (it.w-2*textInset)/(len(ports)-1))
		for n, p := range ports {
			p.move(it.center() + (2*n-len(ports)+1)*spread/2)
		}
	}
	for _, j := range g.joints {
		if len(j.top) != 1 || len(j.bottom) != 1 || j.top[0].box == nil || len(leaving[j.top[0]]) > 1 {
			continue
		}
		if to := j.bottom[0].center(); abs(to-j.topX[0]) <= snap {
			j.topX[0] = to
		}
	}
}

// port is where the line from one item of a joint's top begins.
type port struct {
	joint *joint
	index int
}

func (p port) x() int     { return p.joint.topX[p.index] }
func (p port) move(x int) { p.joint.topX[p.index] = x }

// meet decides where the lines of a joint come together: at the end that has one
// line only, or in the middle.
func (j *joint) meet() {
	switch {
	case len(j.top) == 1:
		j.root = j.topX[0]
	case len(j.bottom) == 1:
		j.root = j.bottom[0].center()
	default:
		j.root = (medianCenter(j.top) + medianCenter(j.bottom)) / 2
	}
}

// extent is from where to where the joint's track reaches.
func (j *joint) extent() (left, right int) {
	left, right = j.root, j.root
	for _, x := range j.topX {
		left, right = min(left, x), max(right, x)
	}
	for _, it := range j.bottom {
		left, right = min(left, it.center()), max(right, it.center())
	}
	return left, right
}

// wires are the lines of all joints.
func (s *sheet) wires() []wire {
	var wires []wire
	for i, g := range s.gaps {
		for _, j := range g.joints {
			wires = append(wires, j.wire(s.rows[i], s.rows[i+1]))
		}
	}
	return wires
}

// wire is the lines of a joint. If it has one line above or below, all others run
// through from end to end, so that their corners are round.
func (j *joint) wire(above, below *row) wire {
	var w wire
	level := above.y + above.h + gapTop + j.track*trackSpace
	tops, bottoms := make([]point, len(j.top)), make([]point, len(j.bottom))
	for i, it := range j.top {
		tops[i] = point{j.topX[i], above.y} // a lane begins with its row
		if it.box != nil {
			tops[i].y += it.box.h
		}
	}
	for i, it := range j.bottom {
		bottoms[i] = point{it.center(), below.y}
	}
	switch {
	case len(tops) == 1:
		for i, to := range bottoms {
			w = append(w, newLine(tops[0], to, level, j.bottom[i].box != nil))
		}
	case len(bottoms) == 1:
		for _, from := range tops {
			w = append(w, newLine(from, bottoms[0], level, j.bottom[0].box != nil))
		}
	default:
		for _, from := range tops {
			w = append(w, newLine(from, point{j.root, level}, level, false))
		}
		for i, to := range bottoms {
			w = append(w, newLine(point{j.root, level}, to, level, j.bottom[i].box != nil))
		}
	}
	return w
}

// newLine is the line between two points that runs sideways at a level only.
func newLine(from, to point, level int, arrow bool) line {
	points := []point{from}
	if from.x != to.x {
		for _, p := range []point{{from.x, level}, {to.x, level}} {
			if p != from && p != to {
				points = append(points, p)
			}
		}
	}
	return line{append(points, to), arrow}
}

func abs(n int) int { return max(n, -n) }
