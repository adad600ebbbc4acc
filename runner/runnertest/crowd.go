package runnertest

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/heitan/heitan/runner"
)

func (h Harness) testCrowd(t *testing.T) {
	t.Run("20 commands at a time do not mix their outputs", func(t *testing.T) {
		t.Parallel()
		const crowd = 20
		var tasks [crowd]*task
		shared := h.New(t)
		for i := range tasks {
			word := fmt.Sprintf("command-%d\n", i)
			tasks[i] = h.program(t, Print(strings.Repeat(word, 200)), Exit(i))
			tasks[i].runner = shared
		}
		var group errgroup.Group
		for i, k := range tasks {
			group.Go(func() error {
				output := &Output{}
				run, err := k.runner.Start(k.ctx, k.spec, output)
				if err != nil {
					return fmt.Errorf("start command %d: %w", i, err)
				}
				outcome, err := run.Wait(k.ctx)
				if err != nil {
					return fmt.Errorf("wait for command %d: %w", i, err)
				}
				return checkOne(i, output.String(), outcome, run.Release(k.ctx))
			})
		}
		if err := group.Wait(); err != nil {
			t.Error(err)
		}
	})
}

func checkOne(i int, output string, outcome runner.Outcome, released error) error {
	if outcome.ExitCode != i {
		return fmt.Errorf("command %d ended with %+v", i, outcome)
	}
	if want := strings.Repeat(fmt.Sprintf("command-%d\n", i), 200); output != want {
		return fmt.Errorf("command %d has the output %q", i, output)
	}
	return released
}
