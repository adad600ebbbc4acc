package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/runner"
)

// attach finds the command that the checkpoint names, and reports whether it did.
// If the command is lost, the error says why.
func (x *execution) attach(ctx context.Context) (found bool, err error) {
	saved, ok := x.req.Checkpoint.Object(operator.RunKey)
	if !ok {
		return false, nil
	}
	p := operator.NewParams(saved, saved)
	handle := runner.Handle{Runner: p.String("runner"), Version: int(p.Int("version")), State: p.String("state")}
	name, workspace := p.String("place"), p.String("workspace")
	if err := p.Err(); err != nil {
		return false, fmt.Errorf("read checkpoint: %w", err)
	}
	by, ok := x.runners[name]
	if !ok {
		return false, operator.Runtimef("the command was started by the runner %s, which this heitan does not have", name)
	}
	x.scratch = scratchOf(workspace, x.req.Token)
	run, err := by.Attach(ctx, handle, x.req.Output)
	if err != nil && ctx.Err() != nil {
		if errors.Is(context.Cause(ctx), operator.ErrHandover) {
			return false, context.Cause(ctx)
		}
		// What is to be stopped must be found first.
		detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopMargin)
		defer cancel()
		run, err = by.Attach(detached, handle, x.req.Output)
	}
	if err == nil {
		x.run, x.attached = run, true
		return true, nil
	}
	// A process that cannot be found may be one of another machine, whose heitan
	// ended it when the attempt was taken over. Starting the token again ends what
	// is left of it on this machine.
	if errors.Is(err, runner.ErrLost) || name == Process {
		x.lost = true
		x.removeScratch()
		return false, err
	}
	return false, operator.Runtimef("find the command again that was started before: %w", err)
}

// saveHandle makes the command's handle durable. That it cannot be saved is no
// reason to stop: the token finds the command too.
func (x *execution) saveHandle(ctx context.Context) {
	handle := x.run.Handle()
	saved := params.Of(
		"runner", handle.Runner,
		"version", int64(handle.Version),
		"state", handle.State,
		"place", x.place.Runner,
		"workspace", x.req.Workspace.Root,
	)
	err := x.req.SaveCheckpoint(ctx, x.req.Checkpoint.With(operator.RunKey, saved))
	if err != nil && ctx.Err() == nil {
		x.req.Log.Warn("the checkpoint of the command was not saved", "error", err)
	}
}
