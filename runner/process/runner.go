// Package process runs commands as child processes of heitan, on the same
// machine and with heitan's rights. It is Digdag's "simple" command executor with
// limits, measured usage and a stop that leaves nothing behind.
//
// A command is the child of the heitan that started it, so a later heitan cannot
// learn how it ended. What it can do, and does before it starts the command anew
// or reports it lost, is to end every process that still carries the task's token
// in its environment ([TokenVariable]).
//
// If heitan is the first process of a container (pid 1), start the container with
// an init (docker run --init): orphans of ended commands become children of pid 1,
// and heitan does not collect them.
package process

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/heitan/heitan/runner"
)

// Name is how handles name this runner.
const Name = "process"

// TokenVariable is the environment variable that every process of a task carries.
// Its value is the token of the start.
const TokenVariable = "HEITAN_TASK_TOKEN"

// Options are what a Runner needs of its surroundings.
type Options struct {
	// Environ is heitan's own environment, for specs that inherit it and for
	// finding programs when neither they nor the spec have a PATH.
	Environ []string
	// Log takes what the operator of the machine should know. Nil discards it.
	Log *slog.Logger
}

// Runner starts commands as processes. It implements [runner.Runner].
type Runner struct {
	environ   []string
	log       *slog.Logger
	limiter   *limiter
	machine   func() string
	holdAfter time.Duration // when to tell that an ended command's output is still held open

	mu       sync.Mutex
	commands map[string]*command // by token, from start to release
}

// New makes a runner. It starts nothing and reads nothing yet.
func New(options Options) *Runner {
	log := options.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Runner{
		environ:   options.Environ,
		log:       log,
		limiter:   &limiter{log: log, find: findTree},
		machine:   sync.OnceValue(machine),
		holdAfter: 10 * time.Second,
		commands:  map[string]*command{},
	}
}

// Start starts the command as a session of its own, or adopts the one that has
// the token. With Recovering, processes of an earlier heitan that carry the token
// are ended first.
//
// An adopted command's output is written from its first byte on as long as it is
// not longer than 1 MiB; of longer ones the first part may be missing, which a
// line in its place tells.
func (r *Runner) Start(ctx context.Context, spec runner.Spec, output io.Writer) (runner.Run, error) {
	for {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("start command: %w", context.Cause(ctx))
		}
		c, isNew := r.claim(spec.Token)
		if isNew {
			if err := r.launch(ctx, c, spec); err != nil {
				r.forget(c)
				close(c.launched)
				return nil, err
			}
			close(c.launched)
			return newRun(r, c, output), nil
		}
		select {
		case <-c.launched:
		case <-ctx.Done():
			continue
		}
		if c.process != nil {
			return newRun(r, c, output), nil
		}
		// The other start failed; this one makes its own attempt.
	}
}

// Attach finds the command of a handle among those this Runner started. A command
// of an earlier heitan is ended, if it still runs, and lost.
func (r *Runner) Attach(ctx context.Context, handle runner.Handle, output io.Writer) (runner.Run, error) {
	state, err := parseHandle(handle)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	c := r.commands[state.Token]
	r.mu.Unlock()
	if c != nil {
		select {
		case <-c.launched:
		case <-ctx.Done():
			return nil, fmt.Errorf("attach to command: %w", context.Cause(ctx))
		}
		if c.process != nil {
			return newRun(r, c, output), nil
		}
	}
	if here := r.machine(); state.Machine != here {
		return nil, fmt.Errorf("attach to command: it was started on the machine %q and cannot be reached from %q",
			state.Machine, here)
	}
	if err := r.endSurvivors(ctx, state, recoveryGrace); err != nil {
		return nil, fmt.Errorf("attach to command: %w", err)
	}
	return nil, fmt.Errorf("attach to process %d: %w", state.PID, runner.ErrLost)
}

// Discard implements runner.Runner.
func (r *Runner) Discard(ctx context.Context, token string, grace time.Duration) error {
	r.mu.Lock()
	c := r.commands[token]
	r.mu.Unlock()
	if c != nil {
		if err := r.stop(ctx, c, grace); err != nil {
			return err
		}
		if c.process != nil {
			return newRun(r, c, io.Discard).Release(ctx)
		}
	}
	if err := r.endSurvivors(ctx, handleState{Token: token, Machine: r.machine()}, grace); err != nil {
		return fmt.Errorf("discard command: %w", err)
	}
	return nil
}

// StopAll stops every command that still runs, for the end of a heitan that
// nobody takes over from. It returns when nothing runs any more or ctx ends.
func (r *Runner) StopAll(ctx context.Context, grace time.Duration) error {
	r.mu.Lock()
	stopped := make(chan error, len(r.commands))
	n := len(r.commands)
	for _, c := range r.commands {
		go func() { stopped <- r.stop(ctx, c, grace) }()
	}
	r.mu.Unlock()
	var first error
	for range n {
		if err := <-stopped; err != nil && first == nil {
			first = err
		}
	}
	return first
}

// claim returns the command with the token, and whether it is new.
func (r *Runner) claim(token string) (c *command, isNew bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.commands[token]; c != nil {
		return c, false
	}
	c = newCommand(token)
	r.commands[token] = c
	return c, true
}

func (r *Runner) forget(c *command) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.commands[c.token] == c {
		delete(r.commands, c.token)
	}
}
