package engine_test

import (
	"fmt"
	"testing"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// load is a kind of large attempt.
type load struct {
	name string
	root func(n int) *workflow.Node           // of about n tasks
	says func(task engine.Task) engine.Result // what operators answer; nil is nothing
}

// loads are the kinds of attempts whose cost per task must not depend on how
// many tasks there are.
func loads() []load {
	silent := func(engine.Task) engine.Result { return engine.Result{} }
	return []load{
		{"parallel", flat(params.Of("_parallel", true)), silent},
		{"serial", flat(params.Empty()), silent},
		{"serial with stores", flat(params.Empty()), storing},
		{"serial with background", row(func(i int, task *params.Object) *params.Object {
			return task.With("_background", i%2 == 1)
		}), storing},
		{"chunks of 10", flat(params.Of("_parallel", params.Of("limit", int64(10)))), storing},
		{"one chunk after another", func(n int) *workflow.Node {
			return flat(params.Of("_parallel", params.Of("limit", int64(n/2))))(n)
		}, storing},
		{"all after one", row(func(i int, task *params.Object) *params.Object {
			if i == 0 {
				return task
			}
			return task.With("_after", params.List{"+t0"})
		}, "_parallel", true), storing},
		{"layers of 10", row(func(i int, task *params.Object) *params.Object {
			if i < 10 {
				return task
			}
			after := params.List{}
			for j := i/10*10 - 10; j < i/10*10; j++ {
				after = append(after, fmt.Sprintf("+t%d", j))
			}
			return task.With("_after", after)
		}, "_parallel", true), storing},
		{"pairs behind one", row(func(i int, task *params.Object) *params.Object {
			switch {
			case i == 0:
				return task
			case i%2 == 1:
				return task.With("_after", params.List{"+t0"})
			}
			return task.With("_after", params.List{fmt.Sprintf("+t%d", i-1)})
		}, "_parallel", true), storing},
		{"pairs behind a row", row(func(i int, task *params.Object) *params.Object {
			const row = 300
			switch {
			case i == 0:
				return task
			case i > row && i%2 == 0:
				return task.With("_after", params.List{fmt.Sprintf("+t%d", row)})
			}
			return task.With("_after", params.List{fmt.Sprintf("+t%d", i-1)})
		}, "_parallel", true), storing},
		{"groups of 100 in groups of 100", func(n int) *workflow.Node { return nested(n, 100) }, storing},
		{"generated", func(n int) *workflow.Node { return node(params.Of("+a", operator())) }, nil},
	}
}

// says lets the first operator of the generated load generate all others.
func (l load) answer(n int) func(engine.Task) engine.Result {
	if l.says != nil {
		return l.says
	}
	return func(task engine.Task) engine.Result {
		if task.FullName != "+wf+a" {
			return engine.Result{}
		}
		doc := make([]params.Entry, n)
		for i := range doc {
			doc[i] = params.Entry{Key: fmt.Sprintf("+t%d", i), Value: operator()}
		}
		return engine.Result{Subtasks: params.New(doc...)}
	}
}

func operator() *params.Object { return params.Of("echo>", "x") }

// storing lets each task store the same few keys.
func storing(task engine.Task) engine.Result {
	return engine.Result{Store: params.Of("last", int64(task.ID), "more", params.Of("of", "it"))}
}

func node(doc *params.Object) *workflow.Node {
	w, problems := workflow.Compile("wf", "wf.dig", doc)
	if problems.HasErrors() {
		panic(problems)
	}
	return w.Root
}

// flat is n tasks in one group.
func flat(settings *params.Object) func(n int) *workflow.Node {
	return func(n int) *workflow.Node {
		entries := make([]params.Entry, n)
		for i := range entries {
			entries[i] = params.Entry{Key: fmt.Sprintf("+t%d", i), Value: operator()}
		}
		return node(settings.Merge(params.New(entries...)))
	}
}

// row is n tasks in one group, each with keys of its own.
func row(keys func(i int, task *params.Object) *params.Object, settings ...any) func(n int) *workflow.Node {
	return func(n int) *workflow.Node {
		entries := make([]params.Entry, n)
		for i := range entries {
			entries[i] = params.Entry{Key: fmt.Sprintf("+t%d", i), Value: keys(i, operator())}
		}
		return node(params.Of(settings...).Merge(params.New(entries...)))
	}
}

// nested is n tasks in groups of groups.
func nested(n, width int) *workflow.Node {
	var body func(n int) *params.Object
	body = func(n int) *params.Object {
		entries := []params.Entry{{Key: "_export", Value: params.Of("size", int64(n))}}
		for i := 0; i < width && n > 0; i++ {
			share := (n + width - i - 1) / (width - i)
			n -= share
			task := operator()
			if share > 1 {
				task = body(share)
			}
			entries = append(entries, params.Entry{Key: fmt.Sprintf("+t%d", i), Value: task})
		}
		return params.New(entries...)
	}
	return node(body(n))
}

// complete runs an attempt to its end as a driver does: each dispatched task is
// started, asks for its params and succeeds.
func complete(root *workflow.Node, says func(engine.Task) engine.Result) (*engine.Attempt, error) {
	a, changes, err := engine.New(root, engine.Definition{Params: params.Of("given", "x"), Limits: engine.DefaultLimits()}, curtain)
	if err != nil {
		return nil, err
	}
	queue := changes.Commands
	for i := 0; i < len(queue); i++ {
		dispatch, ok := queue[i].(engine.Dispatch)
		if !ok {
			continue
		}
		task, _ := a.Task(dispatch.Task)
		if _, err := a.Apply(engine.Started{Task: task.ID}, curtain); err != nil {
			return nil, err
		}
		a.Params(task.ID)
		changes, err := a.Apply(engine.Succeeded{Task: task.ID, Result: says(task)}, curtain)
		if err != nil {
			return nil, err
		}
		queue = append(queue, changes.Commands...)
	}
	if !a.Flags().Has(heitan.AttemptSuccess) {
		return nil, fmt.Errorf("the attempt is %s", a.Flags())
	}
	return a, nil
}

// mustComplete is complete for attempts that are known to succeed.
func mustComplete(t testing.TB, root *workflow.Node, says func(engine.Task) engine.Result) *engine.Attempt {
	t.Helper()
	a, err := complete(root, says)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
