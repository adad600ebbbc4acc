package scripted

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/heitan/heitan/runner"
)

// Name is how handles name this runner.
const Name = "scripted"

const handleVersion = 1

// Runner is one heitan's way to start scripted commands. It implements
// [runner.Runner].
type Runner struct {
	world *World

	mu      sync.Mutex
	started map[string]bool // the tokens that this heitan started
}

// Start implements runner.Runner.
func (r *Runner) Start(ctx context.Context, spec runner.Spec, output io.Writer) (runner.Run, error) {
	if ctx.Err() != nil {
		return nil, fmt.Errorf("start command: %w", context.Cause(ctx))
	}
	if spec.Token == "" {
		return nil, &runner.SpecError{Reason: "the token is missing"}
	}
	c, err := r.world.startOrAdopt(spec)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.started[spec.Token] = true
	return newRun(r.world, c, output), nil
}

// Attach implements runner.Runner.
func (r *Runner) Attach(ctx context.Context, handle runner.Handle, output io.Writer) (runner.Run, error) {
	if handle.Runner != Name || handle.Version < 1 || handle.Version > handleVersion || handle.State == "" || handle.State[0] < ' ' {
		return nil, fmt.Errorf("attach to command: %+v is not a handle of this runner", handle)
	}
	c := r.world.find(handle.State)
	if c == nil {
		return nil, fmt.Errorf("attach to command %s: %w", handle.State, runner.ErrLost)
	}
	r.mu.Lock()
	known := r.started[handle.State]
	r.mu.Unlock()
	if c.script.Lost && !known {
		if err := c.stop(ctx, 0); err != nil {
			return nil, err
		}
		r.world.release(c)
		return nil, fmt.Errorf("attach to command %s: %w", handle.State, runner.ErrLost)
	}
	r.world.mu.Lock()
	c.start.Adopted++
	r.world.mu.Unlock()
	return newRun(r.world, c, output), nil
}

// Discard implements runner.Runner.
func (r *Runner) Discard(ctx context.Context, token string, grace time.Duration) error {
	c := r.world.find(token)
	if c == nil {
		return nil
	}
	if err := c.stop(ctx, grace); err != nil {
		return err
	}
	r.world.release(c)
	return nil
}

// run is a command as one caller sees it.
type run struct {
	world   *World
	command *command
	output  io.Writer
	turn    chan struct{} // holds an element while a Wait writes to output
	at      int           // how much was written
}

func newRun(w *World, c *command, output io.Writer) *run {
	return &run{world: w, command: c, output: output, turn: make(chan struct{}, 1)}
}

// Handle implements runner.Run.
func (r *run) Handle() runner.Handle {
	return runner.Handle{Runner: Name, Version: handleVersion, State: r.command.start.Spec.Token}
}

// Wait implements runner.Run.
func (r *run) Wait(ctx context.Context) (runner.Outcome, error) {
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return runner.Outcome{}, fmt.Errorf("wait for command: %w", context.Cause(ctx))
	}
	defer func() { <-r.turn }()
	at, err := r.command.copyTo(ctx, r.output, r.at)
	r.at = at
	if err != nil {
		return runner.Outcome{}, fmt.Errorf("wait for command: %w", err)
	}
	return r.command.outcome, nil
}

// Stop implements runner.Run.
func (r *run) Stop(ctx context.Context, grace time.Duration) error {
	r.world.mu.Lock()
	r.command.start.Stopped++
	r.world.mu.Unlock()
	return r.command.stop(ctx, grace)
}

// Release implements runner.Run.
func (r *run) Release(context.Context) error {
	r.world.release(r.command)
	return nil
}
