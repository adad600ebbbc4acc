package workflow

import "github.com/heitan/heitan/params"

// Node is a task as it stands in a definition. Nodes are never changed.
type Node struct {
	// Name is the task's part of full names: "+load", "^sub", "+loop-3".
	Name string
	// Group is false for a task with an operator.
	Group bool
	// Config holds the node's own keys without its subtasks: the operator and its
	// params, `_export`, `_error`, `_check`, `_retry` and so on.
	Config *params.Object
	// Children are the subtasks of a group in the order of the file.
	Children []*Node
	// Barrier is what must succeed before the node may start, beside that its
	// parent has; nil is nothing.
	Barrier *Barrier
	Pos     params.Pos
}

// Barrier is a set of siblings that must all have succeeded. Tasks that wait for
// the same set share one Barrier, so that a chunk of a parallel group costs as
// much as it has tasks, not their square.
type Barrier struct {
	Siblings []int // indexes among the parent's children, ascending
}

// Keys that heitan gives a meaning wherever they stand.
const (
	keyType       = "_type"
	keyCommand    = "_command"
	keyExport     = "_export"
	keyRetry      = "_retry"
	keyError      = "_error"
	keyCheck      = "_check"
	keyParallel   = "_parallel"
	keyBackground = "_background"
	keyAfter      = "_after"
	keyDisable    = "_disable"
	keyDo         = "_do"
	keyElseDo     = "_else_do"
	keySecrets    = "_secrets"
)

// Export is the node's `_export`.
func (n *Node) Export() *params.Object {
	export, _ := n.Config.Object(keyExport)
	return export
}

// Local is what the node's operator reads as its own keys: all but `_export`,
// `_error` and `_check`.
func (n *Node) Local() *params.Object { return n.Config.Without(keyExport, keyError, keyCheck) }

// Error is the body of the node's `_error`, if it has one that is not empty.
func (n *Node) Error() (params.Value, bool) { return n.body(keyError) }

// Check is the body of the node's `_check`, if it has one that is not empty.
func (n *Node) Check() (params.Value, bool) { return n.body(keyCheck) }

func (n *Node) body(key string) (params.Value, bool) {
	v, _ := n.Config.Get(key)
	switch body := v.(type) {
	case nil:
		return nil, false
	case *params.Object:
		return v, body.Len() > 0
	case params.List:
		return v, len(body) > 0
	}
	return v, true
}

// Size is the number of tasks in the node's tree, itself included.
func (n *Node) Size() int {
	size := 1
	for _, c := range n.Children {
		size += c.Size()
	}
	return size
}

// Walk calls visit for the node and all below it with their full names, parents
// first. prefix is the full name of the node's parent, "" at the root.
func (n *Node) Walk(prefix string, visit func(fullName string, n *Node)) {
	full := prefix + n.Name
	visit(full, n)
	for _, c := range n.Children {
		c.Walk(full, visit)
	}
}
