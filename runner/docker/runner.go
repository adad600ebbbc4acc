// Package docker runs commands in containers of a Docker engine, through its API.
// It is Digdag's Docker command executor without the docker command: containers
// outlive heitan and are adopted by the next one, limits and usage are the
// engine's, and no variable of a task ever stands on a command line.
//
// A container is named after the token of its start, so that a second start finds
// it, and it is kept until it is released, with its log. The project is mounted at
// its own path.
//
// Beyond the options of the task, a container gets an init (tini), so that SIGTERM
// works and orphans are collected, and the engine's "local" log, which keeps bytes
// as they are. In a container, SIGTERM reaches the process group of the command;
// when the command itself has ended, the engine ends at once what is left.
package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/heitan/heitan/runner"
)

// Name is how handles name this runner.
const Name = "docker"

// How soon, and how long, a container is looked for whose name is taken.
const (
	createPause    = 20 * time.Millisecond
	createPatience = 30 * time.Second
)

// Runner starts commands in containers. It implements [runner.Runner].
type Runner struct {
	options  Options
	engine   *engine
	turns    turns // to fetch or build an image
	programs programs
}

// New makes a runner. The engine is not called before the first start.
func New(options Options) *Runner {
	options = options.withDefaults()
	return &Runner{options: options, engine: newEngine(options)}
}

// Close gives idle connections to the engine back. Containers go on.
func (r *Runner) Close() error { return r.engine.close() }

// Start starts the container of a spec, or adopts the one that has the token.
func (r *Runner) Start(ctx context.Context, spec runner.Spec, output io.Writer) (runner.Run, error) {
	request, err := newRequest(spec)
	if err != nil {
		return nil, err
	}
	if err := checkImage(spec.Container.Image); err != nil {
		return nil, err
	}
	found, err := r.find(ctx, request.create.Name)
	if err != nil {
		return nil, err
	}
	if found == nil {
		if found, err = r.create(ctx, spec, request, output); err != nil {
			return nil, err
		}
	}
	return r.adopt(ctx, spec, *found, output)
}

// Attach finds the container of a handle. A container that is not there any more
// was removed by somebody, and is lost.
func (r *Runner) Attach(ctx context.Context, handle runner.Handle, output io.Writer) (runner.Run, error) {
	state, err := parseHandle(handle)
	if err != nil {
		return nil, err
	}
	found, err := r.find(ctx, state.Container)
	if err != nil {
		return nil, err
	}
	_, id, err := r.engine.connected(ctx)
	if err != nil {
		return nil, err
	}
	if found == nil && state.Engine != "" && id != "" && state.Engine != id {
		return nil, fmt.Errorf("attach to container: it was started by another Docker engine (%s), which cannot be reached from here", state.Engine)
	}
	if found == nil || isGoing(found) {
		return nil, fmt.Errorf("attach to container %s: %w", containerName(state.Token), runner.ErrLost)
	}
	return r.adopt(ctx, runner.Spec{Token: state.Token}, *found, output)
}

// find is what the engine knows of a container, or nil if there is none.
func (r *Runner) find(ctx context.Context, name string) (*container.InspectResponse, error) {
	found, err := ask(ctx, r.engine, "look for container "+name, func(ctx context.Context, c *client.Client) (client.ContainerInspectResult, error) {
		return c.ContainerInspect(ctx, name, client.ContainerInspectOptions{})
	})
	if errdefs.IsNotFound(err) {
		return nil, nil
	}
	if err == nil && (found.Container.State == nil || found.Container.Config == nil || found.Container.HostConfig == nil) {
		err = fmt.Errorf("look for container %s: the engine's answer is incomplete", name)
	}
	return &found.Container, err
}

// create makes the container, and its image if need be. It does not start it.
func (r *Runner) create(ctx context.Context, spec runner.Spec, request *request, output io.Writer) (*container.InspectResponse, error) {
	for _, note := range request.notes {
		tell(output, "%s", note)
	}
	image := spec.Container.Image
	if len(spec.Container.Build) > 0 {
		built, err := r.ensureBuilt(ctx, spec, request.pull, output)
		if err != nil {
			return nil, err
		}
		image = built
	} else if err := r.ensureImage(ctx, image, request.create.Platform, request.pull, output); err != nil {
		return nil, err
	}
	request.create.Config.Image = image

	for pause := createPause; ; pause *= 2 {
		created, err := call(ctx, r.engine, "create container", func(ctx context.Context, c *client.Client) (client.ContainerCreateResult, error) {
			return c.ContainerCreate(ctx, request.create)
		})
		conflict := errdefs.IsConflict(err) // a start at the same time was first, or this one's own first try
		if err != nil && !conflict {
			return nil, explainCreate(err)
		}
		for _, warning := range created.Warnings {
			tell(output, "%s", warning)
		}
		found, err := r.find(ctx, request.create.Name)
		if err != nil || found != nil {
			return found, err
		}
		// The name is taken a moment before there is a container with it.
		if pause > createPatience || !sleep(ctx, pause) {
			return nil, fmt.Errorf("create container %s: the engine has taken the name but shows no container", request.create.Name)
		}
	}
}

// adopt makes a run of a container, and starts it if that was not done yet.
func (r *Runner) adopt(ctx context.Context, spec runner.Spec, c container.InspectResponse, output io.Writer) (runner.Run, error) {
	if c.Config.Labels[LabelToken] != spec.Token {
		return nil, fmt.Errorf("start container %s: there is one with this name that is not heitan's", containerName(spec.Token))
	}
	if isGoing(&c) {
		return nil, fmt.Errorf("start container %s: it is being removed by somebody", containerName(spec.Token))
	}
	if c.State.Status == container.StateCreated {
		if err := r.begin(ctx, spec, c); err != nil {
			return nil, err
		}
	}
	_, engineID, err := r.engine.connected(ctx)
	if err != nil {
		return nil, err
	}
	state := handleState{Engine: engineID, Container: c.ID, Token: spec.Token}
	return newRun(r.engine, c, state, output), nil
}

func isGoing(c *container.InspectResponse) bool {
	return c.State.Status == container.StateRemoving || c.State.Status == container.StateDead
}

// begin starts a container that was only created. If it cannot be started it is
// removed, unless ctx has ended, after which nobody knows whether it was.
func (r *Runner) begin(ctx context.Context, spec runner.Spec, c container.InspectResponse) error {
	err := r.checkProgram(ctx, spec, c)
	if err == nil {
		_, err = call(ctx, r.engine, "start container", func(ctx context.Context, cl *client.Client) (client.ContainerStartResult, error) {
			return cl.ContainerStart(ctx, c.ID, client.ContainerStartOptions{})
		})
	}
	if err == nil || ctx.Err() != nil {
		return err
	}
	err = explainStart(c.Path, err)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	if removeErr := remove(ctx, r.engine, c.ID, true); removeErr != nil {
		err = errors.Join(err, removeErr)
	}
	return err
}

// remove removes a container and its anonymous volumes. It is no error if it is
// gone or going. Only with force a running one is removed, too.
func remove(ctx context.Context, e *engine, id string, force bool) error {
	_, err := call(ctx, e, "remove container", func(ctx context.Context, c *client.Client) (client.ContainerRemoveResult, error) {
		return c.ContainerRemove(ctx, id, client.ContainerRemoveOptions{RemoveVolumes: true, Force: force})
	})
	if errdefs.IsNotFound(err) || isRemovedAlready(err) {
		return nil
	}
	return err
}
