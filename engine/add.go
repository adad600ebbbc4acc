package engine

import (
	"fmt"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// room says why a number of tasks may not be added at a depth, if so.
func (a *Attempt) room(size, depth int) error {
	if len(a.tasks)+size > a.def.Limits.Tasks {
		return fmt.Errorf("Too many tasks. Limit: %d, Current: %d, Adding: %d", a.def.Limits.Tasks, len(a.tasks), size)
	}
	if depth > a.def.Limits.Depth {
		return fmt.Errorf("Tasks are nested too deeply. Limit: %d", a.def.Limits.Depth)
	}
	return nil
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
		a.adopt(parent, t)
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
func (a *Attempt) adopt(parent, t *task) {
	t.parent, t.depth = parent, parent.depth+1
	parent.children = append(parent.children, t)
	if a.flags.Has(heitan.AttemptCancelRequested) {
		t.Flags |= heitan.CancelRequested
	}
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
			g = newGate(t)
			for _, sibling := range b.Siblings {
				g.waitFor(siblings[sibling])
				t.Upstreams = append(t.Upstreams, siblings[sibling].ID)
			}
			made[b] = g
		} else {
			g.hold(t)
		}
	}
}

func newGate(first *task) *gate {
	g := &gate{}
	g.hold(first)
	return g
}

// hold makes t wait at the gate.
func (g *gate) hold(t *task) {
	g.waiting = append(g.waiting, t)
	t.gate, t.Gate = g, g.waiting[0].ID
}

// waitFor makes the gate wait for upstream.
func (g *gate) waitFor(upstream *task) {
	g.members = append(g.members, upstream)
	upstream.feeds = append(upstream.feeds, g)
	if upstream.State != heitan.TaskSuccess {
		g.pending++
	}
}

// open reports whether nothing holds the task back but its parent.
func (t *task) open() bool { return t.gate == nil || t.gate.pending == 0 }

// generated is a task that was not in the definition, such as ^sub.
type generated struct {
	name string
	body params.Value
	// export is laid below the body's own `_export`.
	export *params.Object
}

// generate adds tasks below parent, each waiting for the one before, or none of
// them.
func (a *Attempt) generate(parent *task, wanted ...generated) error {
	nodes := make([]*workflow.Node, len(wanted))
	size := 0
	for i, w := range wanted {
		n, err := workflow.CompileTask(w.name, w.body)
		if err != nil {
			return err
		}
		if w.export.Len() > 0 {
			n.Config = n.Config.With("_export", w.export.Merge(n.Export()))
		}
		if n.Pos.IsZero() {
			n.Pos = parent.Pos
		}
		nodes[i] = n
		size += n.Size()
	}
	if err := a.room(size, parent.depth+1); err != nil {
		return err
	}
	var before *task
	for _, n := range nodes {
		t := a.add(parent, n)
		t.Flags &^= heitan.InitialTask
		if before != nil {
			newGate(t).waitFor(before)
			t.Upstreams = []heitan.TaskID{before.ID}
		}
		before = t
	}
	return nil
}
