package docker

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/moby/api/types/container"

	"github.com/heitan/heitan/runner"
)

func TestOutcomes(t *testing.T) {
	t.Parallel()
	const began, ended = "2026-01-02T03:04:05.000000006Z", "2026-01-02T03:04:06Z"
	started, finished := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), time.Date(2026, 1, 2, 3, 4, 6, 0, time.UTC)
	cases := map[string]struct {
		state   container.State
		limited bool
		want    runner.Outcome
	}{
		"success":                {container.State{}, true, runner.Outcome{}},
		"failure":                {container.State{ExitCode: 3}, true, runner.Outcome{ExitCode: 3}},
		"a signal":               {container.State{ExitCode: 139}, true, runner.Outcome{ExitCode: 139, Signal: "SIGSEGV"}},
		"no signal":              {container.State{ExitCode: 255}, true, runner.Outcome{ExitCode: 255}},
		"memory":                 {container.State{ExitCode: 137, OOMKilled: true}, true, runner.Outcome{ExitCode: 137, Signal: "SIGKILL", OOMKilled: true}},
		"a child's memory":       {container.State{OOMKilled: true}, true, runner.Outcome{}},
		"the machine's memory":   {container.State{ExitCode: 137, OOMKilled: true}, false, runner.Outcome{ExitCode: 137, Signal: "SIGKILL"}},
		"the program is missing": {container.State{ExitCode: 127}, false, runner.Outcome{ExitCode: 127}},
	}
	for name, c := range cases {
		c.state.StartedAt, c.state.FinishedAt = began, ended
		c.want.Started, c.want.Finished = started, finished
		got, err := outcomeOf(&c.state, c.limited)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	if _, err := outcomeOf(&container.State{StartedAt: "yesterday"}, false); err == nil {
		t.Error("read a time that is none")
	}
}

func TestMemoryLeavesCachedFilesOut(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		stats container.MemoryStats
		want  int64
	}{
		"version 2": {container.MemoryStats{Usage: 100, Stats: map[string]uint64{"inactive_file": 30}}, 70},
		"version 1": {container.MemoryStats{Usage: 100, MaxUsage: 300, Stats: map[string]uint64{
			"total_inactive_file": 30, "inactive_file": 1, "total_cache": 50,
		}}, 250},
		"a peak of cached files": {container.MemoryStats{Usage: 100, MaxUsage: 300, Stats: map[string]uint64{
			"total_inactive_file": 30, "total_cache": 290,
		}}, 70},
		"after the end": {container.MemoryStats{}, 0},
		"nonsense":      {container.MemoryStats{Usage: 1, Stats: map[string]uint64{"inactive_file": 30}}, 0},
	}
	for name, c := range cases {
		if got := memoryOf(c.stats); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
}

func TestAGaugeKeepsTheMost(t *testing.T) {
	t.Parallel()
	var g gauge
	for _, s := range []struct{ cpu, memory uint64 }{{10, 500}, {30, 200}, {0, 0}} {
		var stats container.StatsResponse
		stats.CPUStats.CPUUsage.TotalUsage, stats.MemoryStats.Usage = s.cpu, s.memory
		g.add(stats)
	}
	if want := (runner.Usage{CPUTime: 30, PeakMemory: 500}); g.usage != want {
		t.Errorf("got %+v, want %+v", g.usage, want)
	}
}
