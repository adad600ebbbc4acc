package coordinator

import (
	"context"
	"errors"
	"fmt"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/workflow"
)

// TakeOver drives an unfinished attempt whose owner is gone. It is a *[store.Held],
// a Conflict, while the owner is not, this coordinator included. An attempt that
// has ended is a Conflict too.
func (c *Coordinator) TakeOver(ctx context.Context, a store.Attempt, w *workflow.Workflow, workspace string) (Driven, error) {
	c.beginning.Lock()
	defer c.beginning.Unlock()
	d, err := c.restore(ctx, a, w, workspace)
	if err != nil {
		return Driven{}, err
	}
	return c.drive(d, d.state.Resume())
}

// Abandon kills an unfinished attempt whose owner is gone, and returns when what
// it left running has been stopped. It is a *[store.Held] while the owner is not.
func (c *Coordinator) Abandon(ctx context.Context, a store.Attempt, w *workflow.Workflow, workspace string) error {
	driven, err := c.takeOverKilled(ctx, a, w, workspace)
	if err != nil {
		return err
	}
	_, err = driven.Wait(ctx)
	return err
}

func (c *Coordinator) takeOverKilled(ctx context.Context, a store.Attempt, w *workflow.Workflow, workspace string) (Driven, error) {
	c.beginning.Lock()
	defer c.beginning.Unlock()
	d, err := c.restore(ctx, a, w, workspace)
	if err != nil {
		return Driven{}, err
	}
	d.inbox.put(message{event: engine.Killed{}})
	return c.drive(d, engine.Changes{})
}

// restore acquires an attempt and loads it, or gives it up again. It must not be driven here already,
// which the store, that knows owners only, cannot tell.
func (c *Coordinator) restore(ctx context.Context, a store.Attempt, w *workflow.Workflow, workspace string) (*driver, error) {
	if err := c.mayBegin(); err != nil {
		return nil, err
	}
	if c.driver(a.ID) != nil {
		return nil, &store.Held{Attempt: a.ID, Owner: c.opts.Owner}
	}
	now := c.opts.Now()
	fence, err := c.opts.Store.Acquire(ctx, a.ID, c.opts.Owner, now, now.Add(c.opts.LeaseTime))
	if err != nil {
		return nil, fmt.Errorf("take attempt %d over: %w", a.ID, err)
	}
	d, err := c.load(ctx, a, fence, w, workspace)
	if err != nil { // what is not driven here is left to others, at once
		return nil, errors.Join(err, c.opts.Store.Release(context.WithoutCancel(ctx), a.ID, fence))
	}
	return d, nil
}

// load makes the driver of an attempt that has been acquired.
func (c *Coordinator) load(ctx context.Context, a store.Attempt, fence heitan.Fence, w *workflow.Workflow, workspace string) (_ *driver, err error) {
	if a, err = c.opts.Store.Attempt(ctx, a.ID); err != nil { // it may have ended meanwhile
		return nil, fmt.Errorf("load attempt %d: %w", a.ID, err)
	}
	if a.Flags.Has(heitan.AttemptDone) {
		return nil, &heitan.Error{Kind: heitan.Conflict, Msg: fmt.Sprintf("attempt %d has ended", a.ID)}
	}
	tasks, err := c.opts.Store.Tasks(ctx, a.ID)
	if err != nil {
		return nil, fmt.Errorf("load the tasks of attempt %d: %w", a.ID, err)
	}
	finished, err := c.opts.Store.Finished(ctx, a.ID)
	if err != nil {
		return nil, fmt.Errorf("load the results of attempt %d: %w", a.ID, err)
	}
	locate(tasks, w)
	def := engine.Definition{Params: a.Params, Finished: finished, Limits: c.opts.Limits}
	state, err := engine.Restore(tasks, a.Flags, def)
	if err != nil {
		return nil, fmt.Errorf("restore attempt %d: %w", a.ID, err)
	}
	return newDriver(c, a, fence, workspace, state), nil
}

// locate gives stored tasks the places in the files back that their keys were
// written at, if they stand in the definition.
func locate(tasks []engine.Task, w *workflow.Workflow) {
	nodes := make(map[string]*workflow.Node)
	w.Root.Walk("", func(fullName string, n *workflow.Node) { nodes[fullName] = n })
	for i := range tasks {
		if n := nodes[tasks[i].FullName]; n != nil && params.Equal(n.Config, tasks[i].Config) {
			tasks[i].Config = n.Config
		}
	}
}
