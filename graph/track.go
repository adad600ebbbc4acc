package graph

import (
	"cmp"
	"slices"
)

// near is how close two vertical lines may come before they look like one.
const near = 6

// tracks gives each joint of the gap a height such that lines of different joints
// cross but do not run in each other: joints whose tracks overlap get different
// heights, and where a line comes down onto one that goes on downwards, the first
// has its track above the other's. Where both cannot be, the line that comes down
// moves aside. Returns the number of tracks.
func (g *gap) tracks() int {
	for _, j := range g.joints {
		j.meet()
	}
	all := make([]*ranked, len(g.joints))
	for i, j := range g.joints {
		all[i] = &ranked{joint: j}
	}
	conflicts := g.conflicts(all)
	var used [][]span // by track; from is the left end, to the right one
	for _, r := range downwards(all) {
		j := r.joint
		left, right := j.extent()
		if left == right && len(j.top) == 1 {
			continue // straight through
		}
		track := r.least
		for track < len(used) && slices.ContainsFunc(used[track], func(s span) bool { return left <= s.to+near && s.from <= right+near }) {
			track++
		}
		for len(used) <= track {
			used = append(used, nil)
		}
		used[track] = append(used[track], span{left, right})
		j.track = track
		for _, below := range r.below {
			below.least = max(below.least, track+1)
		}
	}
	for _, c := range conflicts {
		c.avoid()
	}
	return len(used)
}

// ranked is a joint and those whose tracks must lie below its own.
type ranked struct {
	joint *joint
	below []*ranked
	above int // how many have it in below and come later
	least int // its highest track
	done  bool
}

// downwards orders the joints so that those come first whose tracks must be above
// others'. Of circles, which no order can satisfy, the first joint goes first.
func downwards(all []*ranked) []*ranked {
	sorted := make([]*ranked, 0, len(all))
	var take func(r *ranked)
	take = func(r *ranked) {
		r.done = true
		sorted = append(sorted, r)
		for _, b := range r.below {
			if b.above--; b.above == 0 && !b.done {
				take(b)
			}
		}
	}
	for _, r := range all {
		if r.above == 0 && !r.done {
			take(r)
		}
	}
	for _, r := range all {
		if !r.done {
			take(r)
		}
	}
	return sorted
}

// conflict is a line that comes down onto one of another joint that goes down at x.
type conflict struct {
	port  port
	lower *joint
	x     int
}

// avoid moves the line that comes down a little to the side it goes to, if the
// track of its joint is not above the other's.
func (c conflict) avoid() {
	j := c.port.joint
	straight := len(j.top) == 1 && len(j.bottom) == 1 && c.port.x() == j.bottom[0].center()
	if j.track < c.lower.track || straight || j.top[c.port.index].box == nil || len(j.top) == 1 && len(j.bottom) > 1 {
		return
	}
	if j.root < c.x {
		c.port.move(c.x - near - 2)
	} else {
		c.port.move(c.x + near + 2)
	}
}

// conflicts finds the lines that come down onto others, and tells the joints.
func (g *gap) conflicts(all []*ranked) []conflict {
	type end struct {
		x    int
		of   *ranked
		port port // of tops
	}
	var tops, bottoms []end
	for _, r := range all {
		for i, x := range r.joint.topX {
			tops = append(tops, end{x, r, port{r.joint, i}})
		}
		for _, it := range r.joint.bottom {
			bottoms = append(bottoms, end{x: it.center(), of: r})
		}
	}
	byX := func(a, b end) int { return cmp.Compare(a.x, b.x) }
	slices.SortStableFunc(tops, byX)
	slices.SortStableFunc(bottoms, byX)
	var found []conflict
	first := 0
	for _, t := range tops {
		for first < len(bottoms) && bottoms[first].x < t.x-near {
			first++
		}
		for _, b := range bottoms[first:] {
			if b.x > t.x+near {
				break
			}
			if b.of != t.of {
				t.of.below = append(t.of.below, b.of)
				b.of.above++
				found = append(found, conflict{t.port, b.of.joint, b.x})
			}
		}
	}
	return found
}
