package docker

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// Leftover is a container of heitan that is there, running or not.
type Leftover struct {
	ID      string
	Token   string
	Labels  map[string]string
	Running bool
	Created time.Time
}

// Leftovers are the containers of heitan that have all these labels, the oldest
// first. After a crash they show what runs for attempts that will not go on.
func (r *Runner) Leftovers(ctx context.Context, labels map[string]string) ([]Leftover, error) {
	filters := client.Filters{}.Add("label", LabelManaged+"=true")
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		filters.Add("label", name+"="+labels[name])
	}
	list, err := ask(ctx, r.engine, "list containers", func(ctx context.Context, c *client.Client) (client.ContainerListResult, error) {
		return c.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: filters})
	})
	if err != nil {
		return nil, err
	}
	leftovers := make([]Leftover, len(list.Items))
	for i, c := range list.Items {
		leftovers[i] = Leftover{
			ID:      c.ID,
			Token:   c.Labels[LabelToken],
			Labels:  c.Labels,
			Running: c.State == container.StateRunning || c.State == container.StatePaused || c.State == container.StateRestarting,
			Created: time.Unix(c.Created, 0),
		}
	}
	slices.SortStableFunc(leftovers, func(a, b Leftover) int { return a.Created.Compare(b.Created) })
	return leftovers, nil
}

// Discard implements runner.Runner.
func (r *Runner) Discard(ctx context.Context, token string, grace time.Duration) error {
	name := containerName(token)
	if found, err := r.find(ctx, name); err != nil || found == nil {
		return err
	}
	if err := stop(ctx, r.engine, name, grace); err != nil {
		return fmt.Errorf("discard container %s: %w", name, err)
	}
	if err := remove(ctx, r.engine, name, true); err != nil {
		return fmt.Errorf("discard container %s: %w", name, err)
	}
	return nil
}
