package graph

import (
	"cmp"
	"slices"
)

// near is how close two vertical lines may come before they look like one.
const near = 6

// tracks gives each joint of the gap a height such that lines of different joints
// cross but do not run in each other: joints whose tracks overlap get different
// heights, and where a line comes down beside one that goes on downwards, the
// first has its track above the other's. Returns the number of tracks.
func (g *gap) tracks() int {
	var used [][]span // by track; from is the left end, to the right one
	for _, at := range g.downwards() {
		j := g.joints[at.joint]
		left, right := j.extent()
		if left == right && len(j.top) == 1 {
			continue // straight through
		}
		track := at.least
		for track < len(used) && slices.ContainsFunc(used[track], func(s span) bool { return left <= s.to+near && s.from <= right+near }) {
			track++
		}
		for len(used) <= track {
			used = append(used, nil)
		}
		used[track] = append(used[track], span{left, right})
		j.track = track
		for _, below := range at.below {
			below.least = max(below.least, track+1)
		}
	}
	return len(used)
}

// ranked is a joint and those whose tracks must lie below its own.
type ranked struct {
	joint int
	below []*ranked
	above int // how many have it in below and come later
	least int // its highest track
}

// downwards orders the joints so that those come first whose tracks must be above
// others'. Of circles, which no order can satisfy, the first joint goes first.
func (g *gap) downwards() []*ranked {
	all := make([]*ranked, len(g.joints))
	for i := range all {
		all[i] = &ranked{joint: i}
	}
	g.conflicts(func(upper, lower int) {
		all[upper].below = append(all[upper].below, all[lower])
		all[lower].above++
	})
	sorted := make([]*ranked, 0, len(all))
	done := make([]bool, len(all))
	var take func(r *ranked)
	take = func(r *ranked) {
		done[r.joint] = true
		sorted = append(sorted, r)
		for _, b := range r.below {
			if b.above--; b.above == 0 && !done[b.joint] {
				take(b)
			}
		}
	}
	for _, r := range all {
		if r.above == 0 && !done[r.joint] {
			take(r)
		}
	}
	for _, r := range all {
		if !done[r.joint] {
			take(r)
		}
	}
	return sorted
}

// conflicts finds the pairs of joints where a line of one comes from above beside
// a line of the other that goes down.
func (g *gap) conflicts(found func(upper, lower int)) {
	type end struct{ x, joint int }
	var tops, bottoms []end
	for i, j := range g.joints {
		for _, x := range j.topX {
			tops = append(tops, end{x, i})
		}
		for _, it := range j.bottom {
			bottoms = append(bottoms, end{it.center(), i})
		}
	}
	byX := func(a, b end) int { return cmp.Compare(a.x, b.x) }
	slices.SortStableFunc(tops, byX)
	slices.SortStableFunc(bottoms, byX)
	first := 0
	for _, t := range tops {
		for first < len(bottoms) && bottoms[first].x < t.x-near {
			first++
		}
		for _, b := range bottoms[first:] {
			if b.x > t.x+near {
				break
			}
			if b.joint != t.joint {
				found(t.joint, b.joint)
			}
		}
	}
}
