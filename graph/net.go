package graph

import (
	"slices"
	"strconv"

	"github.com/heitan/heitan/workflow"
)

// net is a set of siblings, and the siblings that wait for all of them. All
// arrows of a net share one line, so that a chunk of a parallel group that waits
// for the chunk before costs as much as it has tasks, not their square.
type net struct {
	sources, targets []int // indexes of siblings, ascending
}

// newNets are the nets of siblings; waits[i] is the one that the i-th is a target
// of, or -1.
func newNets(siblings []*workflow.Node) (nets []net, waits []int) {
	waits = make([]int, len(siblings))
	seen := make(map[*workflow.Barrier]int)
	alike := make(map[string]int)
	for i, n := range siblings {
		waits[i] = -1
		if n.Barrier == nil {
			continue
		}
		id, known := seen[n.Barrier]
		if !known {
			sources := earlier(n.Barrier, i)
			if len(sources) == 0 {
				continue
			}
			key := setKey(sources)
			if id, known = alike[key]; !known {
				id = len(nets)
				nets = append(nets, net{sources: sources})
				alike[key] = id
			}
			seen[n.Barrier] = id
		}
		nets[id].targets = append(nets[id].targets, i)
		waits[i] = id
	}
	return nets, waits
}

// earlier are the siblings of a barrier that stand before the i-th. Those of a
// compiled workflow all do; a tree from elsewhere must not make circles.
func earlier(b *workflow.Barrier, i int) []int {
	var sources []int
	for _, s := range b.Siblings {
		if s >= 0 && s < i {
			sources = append(sources, s)
		}
	}
	slices.Sort(sources)
	return slices.Compact(sources)
}

func setKey(set []int) string {
	key := make([]byte, 0, 4*len(set))
	for _, n := range set {
		key = append(strconv.AppendInt(key, int64(n), 36), ' ')
	}
	return string(key)
}

// layers are the lengths of the longest paths that lead to each sibling.
func layers(nets []net, waits []int) []int {
	layer := make([]int, len(waits))
	below := make([]int, len(nets)) // layer below a net's sources; 0 is not known yet
	for i, id := range waits {
		if id < 0 {
			continue
		}
		if below[id] == 0 {
			for _, s := range nets[id].sources {
				below[id] = max(below[id], layer[s]+1)
			}
		}
		layer[i] = below[id]
	}
	return layer
}

// components are the siblings that wait for each other, directly or not, each in
// ascending order, ordered by their first members.
func components(nets []net, count int) [][]int {
	parent := make([]int, count)
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for _, n := range nets {
		root := find(n.sources[0])
		for _, members := range [][]int{n.sources, n.targets} {
			for _, i := range members {
				parent[find(i)] = root
			}
		}
	}
	place := make(map[int]int)
	var sets [][]int
	for i := range count {
		root := find(i)
		at, known := place[root]
		if !known {
			at = len(sets)
			place[root] = at
			sets = append(sets, nil)
		}
		sets[at] = append(sets[at], i)
	}
	return sets
}
