package workflow

import (
	"fmt"
	"slices"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
)

// dependencies sets the barriers of a group's children.
func (c *compiler) dependencies(n *Node) {
	setting, _ := n.Config.Get(keyParallel)
	parallel, err := ParseParallel(setting)
	if err != nil {
		hint := ""
		if params.HasTemplate(setting) {
			hint = "the _parallel of a group is read before templates are evaluated"
		}
		c.problem(n.Config.Pos(keyParallel), "wrong-type", err.Error(), hint)
	}
	if parallel.On {
		c.parallel(n, parallel.Limit)
	} else {
		c.serial(n)
	}
}

// serial makes each task wait for the one before, and for the background tasks
// since then. Background tasks wait for nothing: they start with the group.
func (c *compiler) serial(n *Node) {
	var wait []int
	for i, child := range n.Children {
		if child.Config.Has(keyAfter) {
			c.problem(child.Config.Pos(keyAfter), "after-in-serial-group",
				`Setting "_after" option is invalid if its parent task doesn't have "_parallel: true" option`, "")
		}
		if c.background(child) {
			wait = append(wait, i)
			continue
		}
		if len(wait) > 0 {
			child.Barrier = &Barrier{Siblings: wait}
		}
		wait = []int{i}
	}
}

func (c *compiler) background(n *Node) bool {
	setting, _ := n.Config.Get(keyBackground)
	on, err := truth(keyBackground, setting)
	if err != nil {
		c.problem(n.Config.Pos(keyBackground), "wrong-type", err.Error(), "")
	}
	return on
}

// parallel starts all tasks at once, but for those that name others in `_after`,
// and, with a limit, chunk after chunk.
func (c *compiler) parallel(n *Node, limit int) {
	earlier := make(map[string]int, len(n.Children))
	var chunk *Barrier // what the current chunk waits for
	for i, child := range n.Children {
		if c.background(child) {
			c.problem(child.Config.Pos(keyBackground), "background-in-parallel-group",
				`Setting "_background: true" option is invalid (unnecessary) if its parent task has "_parallel: true" option`, "")
		}
		if limit > 0 && i > 0 && i%limit == 0 {
			chunk = &Barrier{}
			for j := i - limit; j < i; j++ {
				chunk.Siblings = append(chunk.Siblings, j)
			}
		}
		child.Barrier = c.after(n, child, earlier, chunk)
		earlier[child.Name] = i
	}
}

// after is the barrier of a task in a parallel group: its chunk's, together with
// the earlier siblings it names in `_after`.
func (c *compiler) after(group, child *Node, earlier map[string]int, chunk *Barrier) *Barrier {
	setting, _ := child.Config.Get(keyAfter)
	if setting == nil {
		return chunk
	}
	names, ok := setting.(params.List)
	if !ok {
		c.problem(child.Config.Pos(keyAfter), "wrong-type",
			fmt.Sprintf("Expected a list for key '_after' but got a %s", params.Kind(setting)),
			"write `_after: ["+params.JSON(setting)+"]`")
		return chunk
	}
	wait := make(map[int]bool)
	for _, v := range names {
		name, _ := v.(string)
		i, ok := earlier[name]
		if !ok {
			c.problem(child.Config.Pos(keyAfter), "unknown-dependency",
				fmt.Sprintf("Dependency task '%s' does not exist", textOf(v)), siblingHint(textOf(v), group.Children, len(earlier)))
			continue
		}
		wait[i] = true
	}
	return union(chunk, wait)
}

// siblingHint is what may have been meant by a name in `_after` that is none of
// the earlier siblings.
func siblingHint(name string, siblings []*Node, earlier int) string {
	names := make([]string, len(siblings))
	for i, s := range siblings {
		names[i] = s.Name
	}
	if near := diag.DidYouMean(name, names[:earlier]); near != "" && !slices.Contains(names, name) {
		return near
	}
	return "_after names tasks of the same group that are written earlier"
}

func union(chunk *Barrier, wait map[int]bool) *Barrier {
	if len(wait) == 0 {
		return chunk
	}
	if chunk != nil {
		for _, i := range chunk.Siblings {
			wait[i] = true
		}
	}
	return &Barrier{Siblings: sortedKeys(wait)}
}
