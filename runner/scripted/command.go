package scripted

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/heitan/heitan/runner"
)

// command is a command of the world, whoever looks at it.
type command struct {
	start  *Start // its counters are guarded by the world
	script Script

	terminate, kill chan struct{} // closed by a stop
	ended           chan struct{} // closed when outcome is set
	outcome         runner.Outcome

	mu           sync.Mutex
	output       []byte
	changed      chan struct{} // closed and replaced at every change of output
	termed, shot bool          // terminate and kill are closed
}

func newCommand(start *Start, script Script) *command {
	return &command{
		start:     start,
		script:    script,
		terminate: make(chan struct{}),
		kill:      make(chan struct{}),
		ended:     make(chan struct{}),
		changed:   make(chan struct{}),
	}
}

// play does what the script says.
func (c *command) play() {
	end := c.follow()
	outcome := runner.Outcome{
		ExitCode: end.ExitCode,
		Signal:   end.Signal,
		Started:  c.start.At,
		Finished: time.Now(),
		Usage:    c.script.Usage,
	}
	if end.Signal != "" {
		outcome.ExitCode = 128 + int(unix.SignalNum(end.Signal))
	}
	outcome.OOMKilled = c.script.OOMKilled && end.Signal == "SIGKILL"
	c.outcome = outcome
	close(c.ended)
}

func (c *command) follow() End {
	terminate := c.terminate
	for _, step := range c.script.Steps {
		if step.IgnoreTerm {
			terminate = nil
		}
		c.print(step.Print)
		if step.Do != nil {
			if err := step.Do(c.start.Spec); err != nil {
				c.print(err.Error() + "\n")
				return End{ExitCode: 1}
			}
		}
		timer := time.NewTimer(step.Pause)
		select {
		case <-timer.C:
		case <-terminate:
			timer.Stop()
			return End{Signal: "SIGTERM"}
		case <-c.kill:
			timer.Stop()
			return End{Signal: "SIGKILL"}
		}
		if step.End != nil {
			return *step.End
		}
	}
	return End{}
}

func (c *command) print(text string) {
	if text == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.output = append(c.output, text...)
	close(c.changed)
	c.changed = make(chan struct{})
}

func (c *command) hasEnded() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

// copyTo writes the output from an offset on, as it comes, until the command has
// ended. It returns how far it got.
func (c *command) copyTo(ctx context.Context, w io.Writer, at int) (int, error) {
	for {
		ended := c.hasEnded()
		c.mu.Lock()
		output, changed := c.output, c.changed
		c.mu.Unlock()
		switch {
		case ctx.Err() != nil:
			return at, context.Cause(ctx)
		case at < len(output):
			n, err := w.Write(output[at:])
			at += n
			if err != nil {
				return at, fmt.Errorf("write output: %w", err)
			}
			continue
		case ended:
			return at, nil
		}
		select {
		case <-changed:
		case <-c.ended:
		case <-ctx.Done():
		}
	}
}

// stop ends the command as a runner's stop does.
func (c *command) stop(ctx context.Context, grace time.Duration) error {
	if grace > 0 {
		c.signal(c.terminate, &c.termed)
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-c.ended:
		return nil
	case <-timer.C:
	case <-ctx.Done():
		return fmt.Errorf("stop command: %w", context.Cause(ctx))
	}
	c.signal(c.kill, &c.shot)
	<-c.ended
	return nil
}

// signal closes a channel unless that was done before.
func (c *command) signal(channel chan struct{}, sent *bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !*sent {
		*sent = true
		close(channel)
	}
}
