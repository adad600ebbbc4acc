package engine_test

import (
	"fmt"
	"slices"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// interpreter tells how an attempt ends that nobody kills, from the workflow and
// what the operators do. It is written without time, events and states between:
// a recursive function of the tree. The engine must arrive at the same.
type interpreter struct {
	seed    uint64
	results []result
}

// result is how a task ended.
type result struct {
	identity string
	state    heitan.TaskState
	retries  int
	replaced bool
}

func (in *interpreter) run(root *workflow.Node) []string {
	in.node(root, root.Name)
	lines := make([]string, len(in.results))
	for i, r := range in.results {
		lines[i] = verdict(r.identity, r.state, r.retries, r.replaced)
	}
	slices.Sort(lines)
	return lines
}

// node runs a task to its end, and returns its place among the results.
func (in *interpreter) node(n *workflow.Node, identity string) int {
	place := len(in.results)
	in.results = append(in.results, result{identity: identity})
	family := &family{in: in, identity: identity, numbers: make(map[string]int)}
	var state heitan.TaskState
	retries := 0
	for {
		state = in.try(n, family, retries)
		limit := groupRetry(n.Config).Limit
		if state == heitan.TaskError && !scriptOf(in.seed, identity, retries).heeds {
			limit = 0
		}
		if state == heitan.TaskSuccess || retries >= limit {
			break
		}
		retries++
		family.replace()
	}
	if state != heitan.TaskSuccess {
		if identity == n.Name {
			family.add(&workflow.Node{Name: "^failure-alert", Config: params.Empty()}, true)
		}
		if body, ok := n.Error(); ok {
			family.add(mustCompile("^error", body), true)
		}
	}
	in.results[place].state, in.results[place].retries = state, retries
	return place
}

// try is one try of a task: success, error if it failed itself, or group_error.
func (in *interpreter) try(n *workflow.Node, f *family, retries int) heitan.TaskState {
	var children []*workflow.Node
	if n.Group {
		children = n.Children
	} else {
		made := scriptOf(in.seed, f.identity, retries)
		if made.fails {
			return heitan.TaskError
		}
		if made.result.Subtasks.Len() > 0 {
			children = append(children, mustCompile("^sub", made.result.Subtasks))
		}
		if check, ok := n.Check(); ok {
			children = append(children, mustCompile("^check", check))
		}
		for i := 1; i < len(children); i++ {
			children[i].Barrier = &workflow.Barrier{Siblings: []int{i - 1}}
		}
	}
	succeeded := make([]bool, len(children))
	state := heitan.TaskSuccess
	for i, c := range children {
		starts := c.Barrier == nil || !slices.ContainsFunc(c.Barrier.Siblings, func(j int) bool { return !succeeded[j] })
		end := f.add(c, starts)
		succeeded[i] = end == heitan.TaskSuccess
		if end == heitan.TaskError || end == heitan.TaskGroupError {
			state = heitan.TaskGroupError
		}
	}
	return state
}

// family is the children of a task over all its tries.
type family struct {
	in       *interpreter
	identity string
	numbers  map[string]int // children of each name so far
	current  []int          // places of those that no retry has replaced
}

// add runs a child to its end, or leaves it blocked with all below it.
func (f *family) add(n *workflow.Node, starts bool) heitan.TaskState {
	identity := fmt.Sprintf("%s%s#%d", f.identity, n.Name, f.numbers[n.Name])
	f.numbers[n.Name]++
	place := len(f.in.results)
	if starts {
		place = f.in.node(n, identity)
	} else {
		f.in.block(n, identity)
	}
	f.current = append(f.current, place)
	return f.in.results[place].state
}

func (in *interpreter) block(n *workflow.Node, identity string) {
	in.results = append(in.results, result{identity: identity, state: heitan.TaskBlocked})
	for _, c := range n.Children {
		in.block(c, identity+c.Name+"#0")
	}
}

// replace marks the children of a try that is followed by another, if they ran.
func (f *family) replace() {
	for _, place := range f.current {
		f.in.results[place].replaced = true
	}
	f.current = nil
}

func mustCompile(name string, body params.Value) *workflow.Node {
	n, err := workflow.CompileTask(name, body)
	if err != nil {
		panic(err)
	}
	return n
}
