package command

import (
	"context"
	"errors"
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/runner"
)

const (
	// handleAfter is how long a process runs before its handle is saved. Few run
	// that long, and until then the token is enough to deal with it after a crash.
	handleAfter = time.Second
	// startMargin is how long a start may go on when the task is over.
	startMargin = 5 * time.Second
	// stopMargin is what a runner may take to stop a command, beyond its grace.
	stopMargin = 30 * time.Second
)

var errStillRunning = errors.New("the command is still running")

// Plan is a command that is ready to be started.
type Plan struct {
	Files []File // written into the scratch folder first
	// Command is the program and its arguments. scratch is the path of the scratch
	// folder for a command that works in the task's working directory.
	Command func(scratch string) []string
	Env     []string // KEY=VALUE, later ones win
	Missing string   // hint for when the program cannot be started; may be empty
}

// Run starts the command that prepare plans, or finds the one again that an
// earlier invocation of the same token started, and returns when it has ended.
//
// When ctx ends first, the command is stopped, unless the cause is
// [operator.ErrHandover], and the error is the cause. Other errors are failures of
// the task. Ended is nil if nothing has run.
func (r Runners) Run(ctx context.Context, req *operator.Request, place Place, prepare func(context.Context) (Plan, error)) (*Ended, error) {
	x := &execution{runners: r, req: req, place: place}
	if err := x.begin(ctx, prepare); err != nil {
		return nil, err
	}
	outcome, err := x.wait(ctx)
	switch {
	case err == nil:
		return &Ended{Outcome: outcome, Place: place, execution: x}, nil
	case errors.Is(context.Cause(ctx), operator.ErrHandover):
		return nil, context.Cause(ctx)
	case ctx.Err() != nil:
		req.Log.Info("stopping the command", "cause", context.Cause(ctx))
		return x.stop(ctx), context.Cause(ctx)
	case errors.Is(err, runner.ErrLost):
		x.release(ctx)
		return nil, operator.Runtimef("%w", err)
	}
	return x.stop(ctx), operator.Runtimef("wait for the command: %w", err)
}

// Cleanup stops the command that an earlier invocation of the request's token
// started, and removes what was kept of it. The checkpoint may not name it: it is
// saved only after the start.
func (r Runners) Cleanup(ctx context.Context, req *operator.Request, place Place) error {
	x := &execution{runners: r, req: req, place: place}
	found, err := x.attach(ctx)
	switch {
	case found:
		x.stop(ctx)
	case errors.Is(err, runner.ErrLost):
		return nil
	case err == nil:
		return x.discard(ctx)
	}
	return err
}

// discard stops a command that only its token names.
func (x *execution) discard(ctx context.Context) error {
	x.scratch = scratchOf(x.req.Workspace.Root, x.req.Token)
	if err := x.runners[x.place.Runner].Discard(ctx, x.req.Token, x.place.StopGrace); err != nil {
		return operator.Runtimef("stop the command that an earlier heitan may have started: %w", err)
	}
	x.removeScratch()
	return nil
}

// execution is one command of one invocation.
type execution struct {
	runners Runners
	req     *operator.Request
	place   Place

	scratch  *scratch
	run      runner.Run
	attached bool // run was found, not started
	lost     bool // it was started before, and is gone
}

// begin finds or starts the command.
func (x *execution) begin(ctx context.Context, prepare func(context.Context) (Plan, error)) error {
	found, err := x.attach(ctx)
	switch {
	case found:
		return nil
	case x.lost:
		x.req.Log.Warn("the command that was started before heitan went down is gone; it is run again", "reason", err)
	case err != nil:
		return err
	}
	plan, err := prepare(ctx)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return x.start(ctx, plan)
}

// wait waits for the command's end, and saves its handle if that takes long
// enough to be worth it: what runs in a container always does.
func (x *execution) wait(ctx context.Context) (runner.Outcome, error) {
	switch {
	case x.attached:
	case x.place.Contained():
		x.saveHandle(ctx)
	default:
		short, cancel := context.WithTimeoutCause(ctx, handleAfter, errStillRunning)
		outcome, err := x.run.Wait(short)
		cancel()
		if !errors.Is(err, errStillRunning) {
			return outcome, err
		}
		x.saveHandle(ctx)
	}
	return x.run.Wait(ctx)
}

// stop ends the command and gives up what is kept of it, whether ctx has ended or not.
func (x *execution) stop(ctx context.Context) *Ended {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), x.place.StopGrace+stopMargin)
	defer cancel()
	if err := x.run.Stop(ctx, x.place.StopGrace); err != nil {
		x.req.Log.Error("the command could not be stopped", "runner", x.place.Runner, "state", x.run.Handle().State, "error", err)
		return nil
	}
	outcome, err := x.run.Wait(ctx) // for the last of its output
	if err != nil && !errors.Is(err, runner.ErrLost) {
		x.req.Log.Warn("the end of the stopped command is not known", "error", err)
	}
	x.release(ctx)
	return &Ended{Outcome: outcome, Place: x.place}
}

func (x *execution) release(ctx context.Context) {
	if err := x.run.Release(ctx); err != nil {
		x.req.Log.Warn("what was kept of the command could not be given up", "state", x.run.Handle().State, "error", err)
	}
	x.removeScratch()
}

func (x *execution) removeScratch() {
	if err := x.scratch.remove(); err != nil {
		x.req.Log.Warn("the scratch folder could not be removed", "path", x.scratch.path(), "error", err)
	}
}
