package control_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/control"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

const maxSubtasks = 1000

// document is YAML text as it is read from a workflow file.
func document(t testing.TB, text string) *params.Object {
	t.Helper()
	doc, problems := workflow.ParseYAML("test.dig", []byte(text))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return doc
}

// task is the operator of a task given as YAML text, and a request for it.
func task(t testing.TB, text string, options ...operatortest.Option) (operator.Operator, *operator.Request, *operatortest.Record) {
	t.Helper()
	own := document(t, text)
	for e := range own.Entries() {
		name, ok := strings.CutSuffix(e.Key, ">")
		if !ok {
			continue
		}
		entry, ok := control.Operators(control.Settings{MaxSubtasks: maxSubtasks})[name]
		if !ok {
			t.Fatalf("there is no operator %s", name)
		}
		own = own.WithEntry(params.Entry{Key: "_command", Value: e.Value, Pos: e.Pos})
		req, record := operatortest.Request(t, own, options...)
		return entry.Operator, req, record
	}
	t.Fatal("the task has no operator")
	return nil, nil, nil
}

// run invokes the operator of a task once.
func run(t testing.TB, text string, options ...operatortest.Option) (operator.Result, error) {
	t.Helper()
	op, req, _ := task(t, text, options...)
	return op.Run(t.Context(), req)
}

// subtasks is the compiled ^sub of a task; nil if it generates nothing.
func subtasks(t testing.TB, text string, options ...operatortest.Option) *workflow.Node {
	t.Helper()
	result, err := run(t, text, options...)
	if err != nil {
		t.Fatal(err)
	}
	return compiled(t, result)
}

func compiled(t testing.TB, result operator.Result) *workflow.Node {
	t.Helper()
	if result.Subtasks.Len() == 0 {
		return nil
	}
	node, err := workflow.CompileTask("^sub", result.Subtasks)
	if err != nil {
		t.Fatal(err)
	}
	return node
}

// described is each child of a node with what it exports.
func described(node *workflow.Node) []string {
	if node == nil {
		return nil
	}
	all := make([]string, len(node.Children))
	for i, c := range node.Children {
		all[i] = c.Name + " " + params.JSON(c.Export())
	}
	return all
}

// failure is the message and the place of an error that must be a task's failure.
func failure(t rapid.TB, err error) string {
	t.Helper()
	f, ok := errors.AsType[*operator.Failure](err)
	if !ok {
		t.Fatalf("error = %v, want a failure", err)
	}
	return strings.TrimPrefix(f.Pos.String()+": "+f.Error(), ": ")
}

// failing is a table of tasks that cannot run, and their failures.
func failing(t *testing.T, table map[string]string) {
	for text, want := range table {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			_, err := run(t, text)
			if got := failure(t, err); got != want {
				t.Errorf("failure:\n got %s\nwant %s", got, want)
			}
		})
	}
}
