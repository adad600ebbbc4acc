package docker

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/heitan/heitan/runner"
)

// run is a container as one caller of Start or Attach sees it. Nothing of it works
// while nobody waits: the engine keeps the output.
type run struct {
	engine *engine
	state  handleState
	handle runner.Handle
	limits bool // the memory is limited
	log    *log
	turn   chan struct{} // holds an element while a Wait writes to output

	// Guarded by turn.
	usage   gauge
	outcome *runner.Outcome // once it is known and the output is complete
}

func newRun(e *engine, c container.InspectResponse, state handleState, output io.Writer) *run {
	return &run{
		engine: e,
		state:  state,
		handle: state.handle(),
		limits: c.HostConfig.Memory > 0,
		log:    &log{engine: e, container: c.ID, raw: c.Config.Tty, output: output},
		turn:   make(chan struct{}, 1),
	}
}

// Handle implements runner.Run.
func (r *run) Handle() runner.Handle { return r.handle }

// Wait implements runner.Run.
func (r *run) Wait(ctx context.Context) (runner.Outcome, error) {
	outcome, err := r.wait(ctx)
	if err != nil {
		return runner.Outcome{}, fmt.Errorf("wait for container %s: %w", containerName(r.state.Token), err)
	}
	return outcome, nil
}

func (r *run) wait(ctx context.Context) (runner.Outcome, error) {
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return runner.Outcome{}, context.Cause(ctx)
	}
	defer func() { <-r.turn }()
	if r.outcome != nil {
		return *r.outcome, nil
	}
	watching, cancel := context.WithCancel(ctx)
	defer cancel()
	exit := watchExit(watching, r.engine, r.state.Container)
	measured := make(chan struct{})
	go func() {
		defer close(measured)
		r.usage.follow(watching, r.engine, r.state.Container, exit.done)
	}()
	err := r.log.follow(watching, exit)
	cancel()
	<-exit.done
	<-measured
	if err != nil {
		return runner.Outcome{}, err
	}
	outcome, err := outcomeOf(exit.state, r.limits)
	if err != nil {
		return runner.Outcome{}, err
	}
	outcome.Usage = r.usage.usage
	r.outcome = &outcome
	return outcome, nil
}

// Stop implements runner.Run. The engine counts graces in seconds, so they are
// rounded up.
func (r *run) Stop(ctx context.Context, grace time.Duration) error {
	return stop(ctx, r.engine, r.state.Container, grace)
}

func stop(ctx context.Context, e *engine, id string, grace time.Duration) error {
	if grace <= 0 {
		return kill(ctx, e, id)
	}
	seconds := int((grace + time.Second - 1) / time.Second)
	timeout := callTimeout + time.Duration(seconds)*time.Second
	_, err := callFor(ctx, e, timeout, "stop container", func(ctx context.Context, c *client.Client) (client.ContainerStopResult, error) {
		return c.ContainerStop(ctx, id, client.ContainerStopOptions{Timeout: &seconds})
	})
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}

// kill ends a container at once: the engine's own stop begins with SIGTERM in any
// case.
func kill(ctx context.Context, e *engine, id string) error {
	_, err := call(ctx, e, "kill container", func(ctx context.Context, c *client.Client) (client.ContainerKillResult, error) {
		return c.ContainerKill(ctx, id, client.ContainerKillOptions{Signal: "SIGKILL"})
	})
	if err != nil && !errdefs.IsNotFound(err) && !errdefs.IsConflict(err) { // not there or not running
		return err
	}
	err = awaitStopped(ctx, e, id)
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}

// Release implements runner.Run: it removes the container, its log and its
// anonymous volumes. A container that still runs is not removed, which is an error.
func (r *run) Release(ctx context.Context) error {
	return remove(ctx, r.engine, r.state.Container, false)
}

// isRemovedAlready tells the conflict of two removals from others, in words only,
// as the engine does.
func isRemovedAlready(err error) bool {
	return errdefs.IsConflict(err) && strings.Contains(err.Error(), "already in progress")
}
