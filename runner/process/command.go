package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/heitan/heitan/runner"
)

// command is what a token stands for: one process, from its start until it is
// released, whoever adopts it.
type command struct {
	token    string
	launched chan struct{} // closed when the start succeeded or failed

	// Set before launched is closed; process is nil if the start failed.
	process *os.Process
	handle  runner.Handle
	output  *journal
	family  *family
	confine *confinement

	ended chan struct{} // closed when the outcome is known and the output complete

	outcome runner.Outcome // set before ended is closed
}

func newCommand(token string) *command {
	return &command{
		token:    token,
		launched: make(chan struct{}),
		ended:    make(chan struct{}),
	}
}

// launch starts the process of a command.
func (r *Runner) launch(ctx context.Context, c *command, spec runner.Spec) error {
	program, err := resolve(spec, r.environ)
	if err != nil {
		return err
	}
	if spec.Recovering {
		if err := r.endSurvivors(ctx, handleState{Token: spec.Token, Machine: r.machine()}, recoveryGrace); err != nil {
			return fmt.Errorf("start %s: end what an earlier heitan left: %w", program.args[0], err)
		}
	}
	c.confine = r.limiter.confine(spec)
	pipe, started, err := c.spawn(ctx, program)
	c.confine.entered()
	if err != nil && c.confine != nil {
		// The kernel or a sandbox may refuse the group and nothing else.
		c.confine.remove()
		c.confine = nil
		refused := err
		if pipe, started, err = c.spawn(ctx, program); err == nil {
			r.limiter.warn(refused)
		}
	}
	if err != nil {
		return err
	}
	c.output = newJournal()
	start, _ := startTime(c.process.Pid) // 0 serves, too, if it has ended already
	c.family = newFamily(c.token, leader{c.process.Pid, start}, c.ended, c.confine)
	c.handle = handleState{Token: c.token, Machine: r.machine(), PID: c.process.Pid, Started: start}.handle()

	filled := make(chan struct{})
	go func() {
		c.output.fill(pipe)
		close(filled)
	}()
	go r.supervise(c, started, startGauge(c.process.Pid), filled)
	return nil
}

// spawn starts the process in a session of its own, with its output in a pipe.
func (c *command) spawn(ctx context.Context, p program) (pipe *os.File, started time.Time, err error) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, started, fmt.Errorf("start %s: %w", p.args[0], err)
	}
	defer null.Close()
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, started, fmt.Errorf("start %s: %w", p.args[0], err)
	}
	defer writer.Close()

	attr := os.ProcAttr{Dir: p.dir, Env: p.env, Files: []*os.File{null, writer, writer}}
	attr.Sys = c.confine.sysProcAttr()
	for pause := time.Millisecond; ; pause *= 2 {
		started = time.Now()
		c.process, err = os.StartProcess(p.file, p.args, &attr)
		if !errors.Is(err, syscall.ETXTBSY) || pause > time.Second {
			break
		}
		// A program that was written a moment ago may still be open in a child
		// of heitan that is just being started (golang.org/issue/22315).
		if !sleep(ctx, pause) {
			err = context.Cause(ctx)
			break
		}
	}
	if err != nil {
		reader.Close()
		return nil, started, explain(p, err)
	}
	return reader, started, nil
}

// supervise collects the process and the end of its output.
func (r *Runner) supervise(c *command, started time.Time, g *gauge, filled <-chan struct{}) {
	awaitExit(c.process)
	state, err := c.process.Wait()
	g.stop()
	outcome := runner.Outcome{Started: started, Finished: time.Now()}
	if err != nil {
		// Only somebody else's wait for any child can have collected it.
		r.log.Error("an ended command could not be collected", "token", c.token, "error", err)
		outcome.ExitCode = 255
	} else {
		outcome.ExitCode, outcome.Signal = exitOf(state)
		outcome.Usage = g.usage(state)
	}
	r.awaitOutput(c, filled)
	c.confine.settle(&outcome)
	c.outcome = outcome
	close(c.ended)
}

// awaitOutput waits for the end of the output. As in Digdag, that may be later
// than the end of the command: a process it left in the background may still write.
func (r *Runner) awaitOutput(c *command, filled <-chan struct{}) {
	select {
	case <-filled:
		return
	default:
	}
	timer := time.NewTimer(r.holdAfter)
	defer timer.Stop()
	select {
	case <-filled:
		return
	case <-timer.C:
	}
	r.log.Warn("a command has ended, but a process it started still holds its output open; the task goes on until that ends",
		"token", c.token, "pid", c.process.Pid)
	<-filled
}

// exitOf is how a process ended, as shells tell it.
func exitOf(state *os.ProcessState) (code int, signal string) {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), signalName(status.Signal())
	}
	return state.ExitCode(), ""
}

// sleep waits for d, or returns false because ctx ended before.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
