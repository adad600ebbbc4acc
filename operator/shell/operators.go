// Package shell is the operators that run scripts and programs: sh>, py>, rb> and
// embulk>. They differ in the command, the files and the environment that they
// prepare, and in what they read back; running the command is package command's.
//
// What they take and print is Digdag's; the places where it is not are named where
// they are.
package shell

import (
	"context"
	"slices"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/params"
)

// Operators are the operators of this package by name, for commands that run by
// one of the given runners.
func Operators(runners command.Runners) map[string]operator.Entry {
	entries := make(map[string]operator.Entry)
	for name, program := range map[string]program{
		"sh":     sh{},
		"py":     script{python},
		"rb":     script{ruby},
		"embulk": embulk{},
	} {
		entries[name] = operator.Entry{Operator: programOperator{runners, program}, SelfRetry: true}
	}
	return entries
}

// program is what makes one of the operators.
type program interface {
	// plan says what to run for a task.
	plan(ctx context.Context, task task) (command.Plan, error)
	// answer says what the end of the command means for the task.
	answer(ended *command.Ended) (operator.Result, error)
}

// task is a request with what all programs read of it.
type task struct {
	*operator.Request
	params *operator.Params // with the defaults of the map named after the operator
	seen   *params.Object   // all params as a script sees them: those defaults stand among them
	place  command.Place
	env    []string // the task's `_env`
}

// environ is the environment of a process that is started for the task.
func (t task) environ() []string { return slices.Concat(t.Environ, t.env) }

// programOperator is the operator that runs a program.
type programOperator struct {
	runners command.Runners
	program program
}

// Run implements [operator.Operator].
func (o programOperator) Run(ctx context.Context, req *operator.Request) (operator.Result, error) {
	for key := range req.Params.Own().All().All() {
		req.Params.Get(key) // scripts see every param, so none of them is unused
	}
	place, err := o.runners.Choose(req)
	if err != nil {
		return operator.Result{}, err
	}
	ended, err := o.runners.Run(ctx, req, place, func(ctx context.Context) (command.Plan, error) {
		env, err := command.Variables(ctx, req)
		if err != nil {
			return command.Plan{}, err
		}
		defaults, _ := req.Params.All().Object(req.Type)
		return o.program.plan(ctx, task{
			Request: req,
			params:  req.Params.WithDefaults(req.Type),
			seen:    defaults.Merge(req.Params.All()),
			place:   place,
			env:     env,
		})
	})
	if err != nil {
		return ended.Result(operator.Result{}), err
	}
	result, err := o.program.answer(ended)
	return ended.Result(result), err
}

// Cleanup implements [operator.Cleaner]: it stops a command that outlived the
// heitan that started it.
func (o programOperator) Cleanup(ctx context.Context, req *operator.Request) error {
	place, err := o.runners.Choose(req)
	if err != nil {
		return err
	}
	return o.runners.Cleanup(ctx, req, place)
}
