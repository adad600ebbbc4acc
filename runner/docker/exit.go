package docker

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	"golang.org/x/sys/unix"

	"github.com/heitan/heitan/runner"
)

// exit is the end of a container, which a goroutine waits for.
type exit struct {
	done chan struct{} // closed when the fields below are set

	state *container.State // nil if there is an error
	err   error
}

func watchExit(ctx context.Context, e *engine, id string) *exit {
	x := &exit{done: make(chan struct{})}
	go func() {
		defer close(x.done)
		x.watch(ctx, e, id)
	}()
	return x
}

// watch waits until the container does not run any more.
func (x *exit) watch(ctx context.Context, e *engine, id string) {
	retry := newRetry(e, true)
	for {
		err := awaitStopped(ctx, e, id)
		if err == nil {
			break
		}
		if errdefs.IsNotFound(err) {
			x.err = fmt.Errorf("somebody removed it: %w", runner.ErrLost)
			return
		}
		if again, why := retry.after(ctx, err); !again {
			x.err = why
			return
		}
	}
	found, err := ask(ctx, e, "inspect container", func(ctx context.Context, c *client.Client) (client.ContainerInspectResult, error) {
		return c.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	})
	switch {
	case errdefs.IsNotFound(err):
		x.err = fmt.Errorf("somebody removed it: %w", runner.ErrLost)
	case err != nil:
		x.err = err
	case found.Container.State == nil:
		x.err = fmt.Errorf("the engine's answer is incomplete")
	default:
		x.state = found.Container.State
	}
}

// awaitStopped is one request that is answered when the container has stopped.
func awaitStopped(ctx context.Context, e *engine, id string) error {
	c, _, err := e.connected(ctx)
	if err != nil {
		return err
	}
	waiting := c.ContainerWait(ctx, id, client.ContainerWaitOptions{Condition: container.WaitConditionNotRunning})
	// One of the two always comes, also when ctx ends.
	select {
	case <-waiting.Result:
		return nil
	case err := <-waiting.Error:
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return err
	}
}

// outcomeOf reads how a container ended. The engine tells no signals: codes from
// 129 to 159 are taken for them, as shells do.
func outcomeOf(state *container.State, limited bool) (runner.Outcome, error) {
	outcome := runner.Outcome{
		ExitCode:  state.ExitCode,
		OOMKilled: state.OOMKilled && limited && state.ExitCode != 0,
	}
	if signal := syscall.Signal(state.ExitCode - 128); signal > 0 && signal < 32 {
		outcome.Signal = unix.SignalName(signal)
	}
	var err error
	if outcome.Started, err = time.Parse(time.RFC3339Nano, state.StartedAt); err != nil {
		return outcome, fmt.Errorf("read when it started: %w", err)
	}
	if outcome.Finished, err = time.Parse(time.RFC3339Nano, state.FinishedAt); err != nil {
		return outcome, fmt.Errorf("read when it finished: %w", err)
	}
	return outcome, nil
}
