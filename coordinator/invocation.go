package coordinator

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/expr"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/secrets"
	"github.com/heitan/heitan/workflow"
)

// invocation is one call of a task's operator.
type invocation struct {
	driver    *driver
	task      engine.Task
	inherited *params.Object
	dispatch  engine.Dispatch

	// Set on the way:
	log        TaskLog
	mask       *secrets.Mask  // before the log's writer
	checkpoint *params.Object // saved last
	usage      heitan.Usage
}

// answer is what came of an invocation.
type answer struct {
	task    heitan.TaskID
	event   engine.Event
	discard bool // heitan is stopping, and the operator did not get to an end
	release func(context.Context)
}

// run evaluates the task's params, calls the operator, and turns what came of it
// into an event.
func (i *invocation) run(ctx context.Context) *answer {
	i.checkpoint = i.task.Checkpoint
	a := &answer{task: i.task.ID}
	log, err := i.driver.c.opts.OpenLog(i.driver.attempt, i.task)
	if err != nil {
		a.event = i.failed(ctx, operator.Runtimef("open the task's log: %w", err), workflow.Retry{})
		return a
	}
	i.log, i.mask = log, secrets.NewMask(log)
	defer func() {
		if err := errors.Join(i.mask.Flush(), log.Close()); err != nil {
			i.driver.c.opts.Log.Warn("task log is incomplete", "task", i.task.FullName, "error", err)
		}
	}()
	result, retry, err := i.operate(ctx)
	i.usage = result.Usage
	cause := context.Cause(ctx)
	stopping := errors.Is(cause, operator.ErrInterrupted) || errors.Is(cause, operator.ErrHandover)
	switch {
	case err != nil && stopping:
		a.discard = true
	case err != nil:
		a.event = i.failed(ctx, err, retry)
		a.release = result.Release
	case result.Poll != nil:
		a.event = engine.Polled{Task: i.task.ID, After: result.Poll.After, Checkpoint: result.Poll.Checkpoint}
	default:
		a.event = engine.Succeeded{Task: i.task.ID, Usage: i.usage, Result: engine.Result{
			Subtasks: result.Subtasks, Export: result.Export, Store: result.Store, Reset: result.Reset,
		}}
		a.release = result.Release
	}
	return a
}

// operate finds and calls the operator. retry is how often it may be tried again
// if it failed.
func (i *invocation) operate(ctx context.Context) (result operator.Result, retry workflow.Retry, err error) {
	all, own, err := i.evaluate(ctx)
	if err != nil {
		return result, retry, err
	}
	i.log.Evaluated(all)
	// As in Digdag an exported operator comes before the task's own.
	name, command, _ := workflow.OperatorOf(all)
	command.Key = "_command"
	pos := command.Pos
	if name == "" {
		return result, retry, operator.Configf("the task has no operator").At(pos)
	}
	if !i.dispatch.Cleanup { // nothing is begun then
		i.log.Logger().Info(name + ">: " + oneLine(command.Value))
	}
	if i.driver.c.opts.DryRun {
		return result, retry, nil
	}
	entry, err := i.driver.c.opts.Operators.Find(i.driver.workspace, name)
	if err != nil {
		return result, retry, located(err, pos)
	}
	all = all.With("_type", name).WithEntry(command)
	own = own.WithEntry(command)
	if entry.SelfRetry {
		setting, _ := all.Get("_retry")
		if retry, err = workflow.ParseRetry(setting); err != nil {
			return result, retry, operator.Configf("%w", err).At(own.Pos("_retry"))
		}
	}
	reader := operator.NewParams(all, own)
	result, err = i.call(ctx, entry, name, reader)
	if err == nil && result.Poll == nil {
		i.warnUnused(reader, name)
	}
	return result, retry, located(err, pos)
}

// evaluate is the task's params: what it inherits, its own `_export`, the
// built-in variables, and its own keys, all templates evaluated.
func (i *invocation) evaluate(ctx context.Context) (all, own *params.Object, err error) {
	node := workflow.Node{Config: i.task.Config}
	inherited := i.inherited.Merge(i.task.Export()).Merge(i.driver.builtins).With("task_name", i.task.FullName)
	all, own, err = i.driver.c.opts.Templates.Document(ctx, inherited, node.Local())
	if err != nil {
		failure := operator.Configf("%w", err)
		if template, ok := errors.AsType[*expr.Error](err); ok {
			failure.Pos = template.Pos
			failure.Hint = template.Hint(slices.Concat(node.Local().Keys(), inherited.Keys()))
		}
		return nil, nil, failure
	}
	return all, own, nil
}

// call calls the operator.
func (i *invocation) call(ctx context.Context, entry operator.Entry, name string, reader *operator.Params) (result operator.Result, err error) {
	request, err := i.request(name, reader)
	if err != nil {
		return result, err
	}
	defer func() {
		if r := recover(); r != nil {
			i.driver.c.opts.Log.Error("operator panicked", "operator", name, "task", i.task.FullName,
				"panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = operator.Runtimef("%s> has a defect: %v", name, r).WithHint("please report it; the log has the details")
		}
	}()
	if i.dispatch.Cleanup {
		return result, cleanUp(ctx, entry, request)
	}
	if entry.OwnTimeout {
		return entry.Operator.Run(ctx, request)
	}
	return i.callInTime(ctx, entry, request)
}

// callInTime calls an operator whose task fails when it runs for longer than its
// `timeout`, the time between polls included.
func (i *invocation) callInTime(ctx context.Context, entry operator.Entry, request *operator.Request) (result operator.Result, err error) {
	own := request.Params.Own()
	timeout := own.DurationOr("timeout", 0)
	if err := own.Err(); err != nil {
		return result, err
	}
	if timeout <= 0 {
		return entry.Operator.Run(ctx, request)
	}
	timedOut := operator.Runtimef("Task timed out after %s", timeout).At(own.Pos("timeout"))
	left := timeout - i.driver.c.opts.Now().Sub(i.task.Tried)
	if left <= 0 {
		if err := cleanUp(ctx, entry, request); err != nil {
			i.log.Logger().Warn("clean up after the timeout", "error", err)
		}
		return result, timedOut
	}
	ctx, stop := context.WithTimeoutCause(ctx, left, operator.ErrTimeout)
	defer stop()
	result, err = entry.Operator.Run(ctx, request)
	switch {
	case err != nil && errors.Is(context.Cause(ctx), operator.ErrTimeout):
		err = timedOut
	case err == nil && result.Poll != nil:
		left := timeout - i.driver.c.opts.Now().Sub(i.task.Tried)
		result.Poll.After = min(result.Poll.After, max(0, left))
	}
	return result, err
}

// cleanUp lets an operator stop what it left running, if it can.
func cleanUp(ctx context.Context, entry operator.Entry, request *operator.Request) error {
	if cleaner, ok := entry.Operator.(operator.Cleaner); ok {
		return cleaner.Cleanup(ctx, request)
	}
	return nil
}

// oneLine is how a command is shown in the log.
func oneLine(command params.Value) string {
	text, ok := operator.AsString(command)
	if !ok && command != nil {
		text = params.JSON(command)
	}
	if first, rest, more := strings.Cut(text, "\n"); more && strings.TrimSpace(rest) != "" {
		return first + " ..."
	}
	return strings.TrimSuffix(text, "\n")
}
