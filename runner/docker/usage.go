package docker

import (
	"context"
	"encoding/json"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/heitan/heitan/runner"
)

// When a gauge first looks, and how rarely it does in the end; the pauses grow by
// half. A look costs the engine about a millisecond.
const (
	gaugeFirst = 200 * time.Millisecond
	gaugeLast  = 10 * time.Second
)

// gauge measures what a container uses. The engine forgets that when the container
// ends, so the gauge looks now and then while it runs:
//
//   - The CPU time is that of the last look. It lacks the time from there to the
//     end: up to a third of a run, but never more than ten seconds.
//   - The peak memory is the most that was seen at a look. With control groups of
//     version 1 the kernel's own peak counts, too. Cached files are left out of
//     both.
//
// Containers that end before the first look are not measured.
type gauge struct {
	usage runner.Usage
}

// follow looks until the container has ended or ctx ends.
func (g *gauge) follow(ctx context.Context, e *engine, id string, ended <-chan struct{}) {
	pause := gaugeFirst
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-ended:
			return
		case <-ctx.Done():
			return
		}
		if stats, err := look(ctx, e, id); err == nil {
			g.add(stats)
		}
		pause = min(pause*3/2, gaugeLast)
		timer.Reset(pause)
	}
}

func look(ctx context.Context, e *engine, id string) (container.StatsResponse, error) {
	return try(ctx, e, gaugeLast, func(ctx context.Context, c *client.Client) (stats container.StatsResponse, err error) {
		answer, err := c.ContainerStats(ctx, id, client.ContainerStatsOptions{})
		if err != nil {
			return stats, err
		}
		defer answer.Body.Close()
		err = json.NewDecoder(answer.Body).Decode(&stats)
		return stats, err
	})
}

func (g *gauge) add(stats container.StatsResponse) {
	g.usage = runner.Usage{
		CPUTime:    max(g.usage.CPUTime, time.Duration(stats.CPUStats.CPUUsage.TotalUsage)),
		PeakMemory: max(g.usage.PeakMemory, memoryOf(stats.MemoryStats)),
	}
}

// memoryOf is what the engine's own statistics show as memory. Of the kernel's
// peak (version 1 of control groups) all cached files are taken away, since
// nobody knows how many there were at the time.
func memoryOf(m container.MemoryStats) int64 {
	inactive, cached := m.Stats["inactive_file"], uint64(0)
	if total, ok := m.Stats["total_inactive_file"]; ok { // version 1
		inactive, cached = total, m.Stats["total_cache"]
	}
	used := int64(m.Usage) - int64(inactive)
	if m.MaxUsage > 0 {
		used = max(used, int64(m.MaxUsage)-int64(cached))
	}
	return max(used, 0)
}
