package process

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/heitan/heitan/runner"
)

// run is a command as one caller of Start or Attach sees it: with an output of
// its own.
type run struct {
	runner  *Runner
	command *command
	output  io.Writer
	cursor  cursor
	turn    chan struct{} // holds an element while a Wait writes to output
}

func newRun(r *Runner, c *command, output io.Writer) *run {
	return &run{runner: r, command: c, output: output, turn: make(chan struct{}, 1)}
}

// Handle implements runner.Run.
func (r *run) Handle() runner.Handle { return r.command.handle }

// Wait implements runner.Run.
func (r *run) Wait(ctx context.Context) (runner.Outcome, error) {
	if err := r.copyOutput(ctx); err != nil {
		return runner.Outcome{}, fmt.Errorf("wait for command: %w", err)
	}
	select {
	case <-r.command.ended:
		return r.command.outcome, nil
	case <-ctx.Done():
		return runner.Outcome{}, fmt.Errorf("wait for command: %w", context.Cause(ctx))
	}
}

func (r *run) copyOutput(ctx context.Context) error {
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-r.turn }()
	return r.command.output.copyTo(ctx, r.output, &r.cursor)
}

// Stop implements runner.Run.
func (r *run) Stop(ctx context.Context, grace time.Duration) error {
	return r.runner.stop(ctx, r.command, grace)
}

// Release implements runner.Run. The command itself, should it still run, is not
// stopped, but its output is lost from then on.
func (r *run) Release(context.Context) error {
	r.runner.forget(r.command)
	r.command.output.abandon()
	r.command.confine.remove()
	return nil
}
