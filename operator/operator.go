// Package operator is the contract of operators, the things a task can do
// (sh>, call>, http> ...), and the registry that finds them by name.
//
// An operator is called with everything it may know about its task, in params
// that are already evaluated, and answers with a value: done, with subtasks and
// params, or not yet, with a checkpoint and a time. It runs in a goroutine of
// its own and may block. It knows nothing of the engine, the store or other
// tasks; what it needs beyond the request is given to its constructor.
package operator

import (
	"context"
	"time"

	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/runner"
)

// Operator does what one kind of task is for.
type Operator interface {
	// Run does the task's work. It is called again with the checkpoint it saved
	// last, by whatever server owns the attempt then, if
	//   - it answered with a Poll and the time has come,
	//   - it failed and may retry, or
	//   - heitan was killed before the answer was durable (Request.Recovering).
	//
	// A [*Failure] is the task's failure; any other error is reported as an
	// unexpected one. When ctx ends, Run stops what it started outside, unless
	// context.Cause is [ErrHandover], and returns soon.
	Run(ctx context.Context, req *Request) (Result, error)
}

// Func makes an operator of a function.
type Func func(ctx context.Context, req *Request) (Result, error)

// Run calls f.
func (f Func) Run(ctx context.Context, req *Request) (Result, error) { return f(ctx, req) }

// Cleaner is an operator that leaves something running outside while it polls.
type Cleaner interface {
	// Cleanup stops what the checkpoint in req names, because the task was
	// killed while it waited. Errors are logged.
	Cleanup(ctx context.Context, req *Request) error
}

// Result is an operator's answer. The zero Result is plain success.
type Result struct {
	// Poll says that the task is not done; every other field but Usage is ignored.
	Poll *Poll

	Subtasks *params.Object // body of the task's ^sub group or task; empty is none
	Export   *params.Object // merged under the task for its subtasks
	Store    *params.Object // merged into the params of the tasks after this one
	Reset    []string       // dotted paths removed from the params before Store is merged

	Usage runner.Usage

	// Release is called once the answer is durable, to give up what was kept so
	// that a crash before would find it. It may be nil.
	Release func(ctx context.Context)
}

// RunKey is the key of a checkpoint under which an operator keeps the
// [runner.Handle] of what it started. It is left out of the checkpoint with which
// a failed task is tried again.
const RunKey = "run"

// Poll says when to call the operator again, and with which checkpoint.
type Poll struct {
	After      time.Duration
	Checkpoint *params.Object
}

// PollAfter is the answer "not done yet".
func PollAfter(after time.Duration, checkpoint *params.Object) Result {
	return Result{Poll: &Poll{After: after, Checkpoint: checkpoint}}
}
