package docker_test

import (
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/docker"
	"github.com/heitan/heitan/runner/docker/dockertest"
	"github.com/heitan/heitan/runner/runnertest"
)

func newRunner(t testing.TB, engine *dockertest.Engine) *docker.Runner {
	r := docker.New(docker.Options{
		Host: engine.Host, Environ: os.Environ(), Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func TestDockerIsARunner(t *testing.T) {
	engine := dockertest.Need(t)
	runnertest.Run(t, runnertest.Harness{
		New: func(t testing.TB) runner.Runner { return newRunner(t, engine) },
		Prepare: func(_ testing.TB, spec *runner.Spec) {
			spec.Container.Image = dockertest.Image
			spec.Container.Network = "host"
			spec.Labels = engine.Labels
		},
		Remains: func(t testing.TB, spec runner.Spec) (left runnertest.Remains) {
			for _, c := range engine.Containers(t, docker.LabelToken+"="+spec.Token) {
				if left.Kept++; c.State == "running" {
					left.Running++
				}
			}
			return left
		},
		Survives:   true,
		StreamGap:  100 * time.Millisecond,
		Limits:     true,
		CPUTime:    true,
		PeakMemory: true,
		Repeat:     2,
	})
}
