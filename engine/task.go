package engine

import (
	"strings"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// Task is everything that is stored of a task.
type Task struct {
	ID       heitan.TaskID
	Parent   heitan.TaskID // 0 for the root
	FullName string
	Group    bool
	Config   *params.Object // as workflow.Node.Config
	Pos      params.Pos

	// Gate names the first task that waits for the same siblings, 0 if the task
	// waits for none; Upstreams, on that first task only, are those siblings.
	Gate      heitan.TaskID
	Upstreams []heitan.TaskID

	State   heitan.TaskState
	Flags   heitan.TaskFlags
	Started time.Time // first start; zero before
	Tried   time.Time // start of the current try; zero before
	Updated time.Time
	RetryAt time.Time // of waiting tasks
	Retries int       // how often it failed and was tried again

	Checkpoint *params.Object
	Result     Result
	Usage      heitan.Usage   // of all its tries
	Error      *params.Object // `{message, stacktrace}` of a task that failed itself
}

// Replaced tells of all tasks of an attempt, ascending ids, whether a retry has
// replaced them: the task, which has the flag, or one above it.
func Replaced(tasks []Task) []bool {
	replaced := make([]bool, len(tasks))
	for i, t := range tasks {
		replaced[i] = t.Flags.Has(heitan.Superseded) || t.Parent > 0 && replaced[t.Parent-1]
	}
	return replaced
}

// Result is what an operator hands back when it succeeded.
type Result struct {
	Subtasks *params.Object
	Export   *params.Object
	Store    *params.Object
	Reset    []string
	// Omitted means that the task takes no part in the attempt: it is not run, and
	// neither is its check.
	Omitted bool
}

// Export is what the task exports by its definition. What an ^error task is told
// of the failure is no template, whatever the failure's message cites: else a
// failed template would fail in the tasks that report it too.
func (t *Task) Export() *params.Object {
	export := (&workflow.Node{Config: t.Config}).Export()
	if failure, ok := export.Object(errorParam); ok && strings.HasSuffix(t.FullName, ErrorTask) {
		return export.With(errorParam, failure.Verbatim())
	}
	return export
}

// updates reports whether the result changes the params of later tasks.
func (r Result) updates() bool { return r.Store.Len() > 0 || len(r.Reset) > 0 }

// apply is doc with the result's updates: first what is reset, then what is stored.
func (r Result) apply(doc *params.Object) *params.Object {
	for _, path := range r.Reset {
		doc = doc.WithoutPath(splitPath(path)...)
	}
	return doc.Merge(r.Store)
}

// task is a Task with its place in the tree.
type task struct {
	Task
	parent   *task
	children []*task // ascending ids, superseded ones included
	replaced int     // how many of the children are superseded: the first ones
	depth    int

	active int // children in an active state
	gate   *gate
	feeds  []*gate // gates that wait for this task

	cleaning bool // the last Dispatch was to clean up

	view    *params.Object // cached params of the children, see Attempt.inner
	updates bool           // the task or one below it updates params
	dirty   bool
}

// gate is a set of siblings, and the siblings that wait for all of them.
type gate struct {
	members []*task // ascending ids
	waiting []*task
	pending int            // members that have not succeeded
	next    *gate          // the first gate that waits for one of the waiting tasks
	forked  bool           // there are more such gates
	view    *params.Object // cached params of the waiting tasks
}

// noteUpdates lets the task and all above it know that its result updates params,
// if it does.
func (t *task) noteUpdates() {
	for up := t; t.Result.updates() && up != nil && !up.updates; up = up.parent {
		up.updates = true
	}
}

// use adds to what the task has used.
func (t *task) use(u heitan.Usage) { t.Usage = t.Usage.Add(u) }

// node is the task's definition.
func (t *task) node() *workflow.Node {
	return &workflow.Node{Group: t.Group, Config: t.Config, Pos: t.Pos}
}

// current are the children that no retry has replaced.
func (t *task) current(yield func(*task) bool) {
	for _, c := range t.children[t.replaced:] {
		if !yield(c) {
			return
		}
	}
}

// failure is the error that `_error` tasks see: the task's own, or that of its
// failed children merged in their order.
func (t *task) failure() *params.Object {
	if t.Error.Len() > 0 {
		return t.Error
	}
	merged := params.Empty()
	for c := range t.current {
		if c.State.Failed() {
			merged = merged.Merge(c.failure())
		}
	}
	return merged
}
