package engine

import (
	"fmt"
	"slices"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// overLimit is the error of tasks that may not be added.
type overLimit string

func (e overLimit) Error() string { return string(e) }

// room says why a number of tasks may not be added down to a depth, if so.
func (a *Attempt) room(size, depth int) error {
	if len(a.tasks)+size > a.def.Limits.Tasks {
		return overLimit(fmt.Sprintf("Too many tasks. Limit: %d, Current: %d, Adding: %d", a.def.Limits.Tasks, len(a.tasks), size))
	}
	if depth > a.def.Limits.Depth {
		return overLimit(fmt.Sprintf("Tasks are nested too deeply. Limit: %d", a.def.Limits.Depth))
	}
	return nil
}

// levels is how many levels of tasks are below a node.
func levels(n *workflow.Node) int {
	deepest := 0
	for _, c := range n.Children {
		deepest = max(deepest, 1+levels(c))
	}
	return deepest
}

// add puts a node's tree below parent, all blocked.
func (a *Attempt) add(parent *task, n *workflow.Node) *task {
	t := &task{Task: Task{
		ID:       heitan.TaskID(len(a.tasks) + 1),
		FullName: n.Name,
		Group:    n.Group,
		Config:   n.Config,
		Pos:      n.Pos,
		State:    heitan.TaskBlocked,
		Flags:    heitan.InitialTask,
	}}
	a.tasks = append(a.tasks, t)
	if parent != nil {
		t.Parent, t.FullName = parent.ID, parent.FullName+n.Name
		parent.adopt(t)
	}
	a.change(t)
	children := make([]*task, len(n.Children))
	for i, c := range n.Children {
		children[i] = a.add(t, c)
	}
	a.gates(children, func(i int) *workflow.Barrier { return n.Children[i].Barrier })
	return t
}

// adopt hangs a task into the tree.
func (parent *task) adopt(t *task) {
	t.parent, t.depth = parent, parent.depth+1
	parent.children = append(parent.children, t)
}

// gates makes tasks that were added together wait for each other.
func (a *Attempt) gates(siblings []*task, barrier func(i int) *workflow.Barrier) {
	made := make(map[*workflow.Barrier]*gate)
	for i, t := range siblings {
		b := barrier(i)
		if b == nil {
			continue
		}
		g, ok := made[b]
		if !ok {
			members := make([]*task, len(b.Siblings))
			for j, sibling := range b.Siblings {
				members[j] = siblings[sibling]
			}
			g = gateOf(members)
			made[b] = g
		}
		g.hold(t)
	}
}

// gateOf is the gate that waits for the members; tasks that wait for the same
// siblings share one.
func gateOf(members []*task) *gate {
	for _, g := range members[len(members)-1].feeds {
		if slices.Equal(g.members, members) {
			return g
		}
	}
	g := &gate{members: members}
	for _, m := range members {
		m.feeds = append(m.feeds, g)
		if m.State != heitan.TaskSuccess {
			g.pending++
		}
		if m.gate != nil {
			m.gate.leadTo(g)
		}
	}
	return g
}

// leadTo notes that tasks which passed g are waited for at next.
func (g *gate) leadTo(next *gate) {
	if g.next == nil {
		g.next = next
	}
	g.forked = g.forked || g.next != next
}

// hold makes t wait at the gate.
func (g *gate) hold(t *task) {
	if len(g.waiting) == 0 {
		t.Upstreams = make([]heitan.TaskID, len(g.members))
		for i, m := range g.members {
			t.Upstreams[i] = m.ID
		}
	}
	g.waiting = append(g.waiting, t)
	t.gate, t.Gate = g, g.waiting[0].ID
}

// open reports whether nothing holds the task back but its parent.
func (t *task) open() bool { return t.gate == nil || t.gate.pending == 0 }

// generated compiles a task that was not in the definition, such as ^sub, to be
// added below parent.
func generated(parent *task, name string, body params.Value) (*workflow.Node, error) {
	n, err := workflow.CompileTask(name, body)
	if err == nil && n.Pos.IsZero() {
		n.Pos = parent.Pos
	}
	return n, err
}

// generate adds generated tasks below parent, all or none, each waiting for the
// one before.
func (a *Attempt) generate(parent *task, nodes ...*workflow.Node) error {
	if len(nodes) == 0 {
		return nil
	}
	size, below := 0, 0
	for _, n := range nodes {
		size += n.Size()
		below = max(below, 1+levels(n))
	}
	if err := a.room(size, parent.depth+below); err != nil {
		return err
	}
	a.hang(parent, nodes...)
	return nil
}

// hang is generate without regard to limits.
func (a *Attempt) hang(parent *task, nodes ...*workflow.Node) {
	var before *task
	for _, n := range nodes {
		t := a.add(parent, n)
		t.Flags &^= heitan.InitialTask
		if before != nil {
			gateOf([]*task{before}).hold(t)
		}
		before = t
	}
}
