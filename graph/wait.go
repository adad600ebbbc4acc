package graph

import (
	"fmt"
	"strings"

	"github.com/heitan/heitan/workflow"
)

// waitMarks say what the i-th of siblings waits for, where that does not follow
// from the kind of its group: that tasks of a serial group wait for the one
// before, and those of a parallel group for nothing but their turn.
func waitMarks(parent *workflow.Node, i int, n *workflow.Node) []mark {
	if parent == nil {
		return nil
	}
	limit, parallel := parallelism(parent)
	var marks []mark
	if !parallel && (isOn(n, "_background") || n.Barrier == nil && i > 0) {
		marks = append(marks, mark{"background", "background"})
	}
	from, to := impliedSiblings(i, parallel, limit)
	if named := beyond(n.Barrier, from, to); len(named) > 0 {
		marks = append(marks, mark{"after " + siblingsText(parent, named), ""})
	}
	return marks
}

// isOn reports whether a node has a boolean setting, which may be written as text.
func isOn(n *workflow.Node, key string) bool {
	v, _ := n.Config.Get(key)
	return v == true || v == "true"
}

// impliedSiblings are those that the i-th sibling waits for without being asked
// to: from inclusively, to exclusively.
func impliedSiblings(i int, parallel bool, limit int) (from, to int) {
	switch {
	case !parallel:
		return i - 1, i
	case limit > 0:
		chunk := i / limit * limit
		return chunk - limit, chunk
	}
	return 0, 0
}

// beyond are the siblings that a task waits for if there is one among them that
// is not implied; of a chunk, those that are not.
func beyond(b *workflow.Barrier, from, to int) []int {
	if b == nil || len(b.Siblings) == 0 || b.Siblings[0] >= from && b.Siblings[len(b.Siblings)-1] < to {
		return nil
	}
	var other []int
	for _, s := range b.Siblings {
		if s < from || s >= to {
			other = append(other, s)
		}
	}
	if to-from == 1 {
		return b.Siblings // a serial task: all that it waits for, in one list
	}
	return other
}

// siblingsText names siblings, not too many.
func siblingsText(parent *workflow.Node, siblings []int) string {
	const most = 4
	var names []string
	for _, s := range siblings {
		if s < 0 || s >= len(parent.Children) {
			continue
		}
		if len(names) == most {
			return fmt.Sprintf("%s and %d more", strings.Join(names, ", "), len(siblings)-most)
		}
		names = append(names, oneLine(parent.Children[s].Name))
	}
	return strings.Join(names, ", ")
}

// beginsChunk reports whether the i-th task of a group waits for its turn, and is
// the first of those that do so together.
func beginsChunk(parent *workflow.Node, i int) bool {
	limit, parallel := parallelism(parent)
	return parallel && limit > 0 && i > 0 && i%limit == 0
}
