package command_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/runner/scripted"
)

// TestCommandIsStartedOnceWhateverHappensToHeitan hands a running command from one
// heitan to the next, which finds it by its handle or, if that was not saved yet,
// by its token.
func TestCommandIsStartedOnceWhateverHappensToHeitan(t *testing.T) {
	t.Parallel()
	for name, saved := range map[string]bool{"handle": true, "token": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				world := scripted.NewWorld()
				req, record := shRequest(t, `{}`, `{}`)
				first, end := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Minute, func() { end(operator.ErrHandover) })
				if _, err := heitanOf(world).Run(first, req, container(), hour); !errors.Is(err, operator.ErrHandover) {
					t.Fatal(err)
				}
				if saved {
					req.Checkpoint = record.Checkpoints()[0]
				}
				req.Recovering = true
				ended, err := heitanOf(world).Run(t.Context(), req, container(), hour)
				if err != nil || ended.Outcome.ExitCode != 5 {
					t.Fatalf("ended %+v, %v", ended, err)
				}
				ended.Release(t.Context())
				if starts := world.Starts(); len(starts) != 1 || world.Kept(req.Token) {
					t.Errorf("started %d times, kept %v", len(starts), world.Kept(req.Token))
				}
			})
		})
	}
}

// heitanOf is the runners of a new heitan in a world.
func heitanOf(world *scripted.World) command.Runners {
	return command.Runners{command.Docker: world.Runner()}
}

func hour(context.Context) (command.Plan, error) {
	return command.Plan{
		Command: func(string) []string { return []string{"x"} },
		Env:     []string{"SCRIPTED_DURATION=1h", "SCRIPTED_EXIT_CODE=5"},
	}, nil
}

func TestKillEndsACommandThatWasHandedOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		world := scripted.NewWorld()
		req, record := shRequest(t, `{}`, `{}`)
		first, end := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Minute, func() { end(operator.ErrHandover) })
		if _, err := heitanOf(world).Run(first, req, container(), hour); !errors.Is(err, operator.ErrHandover) {
			t.Fatal(err)
		}
		if len(world.Running()) != 1 {
			t.Fatalf("running: %v", world.Running())
		}
		req.Checkpoint = record.Checkpoints()[0]
		if err := heitanOf(world).Cleanup(t.Context(), req, container()); err != nil {
			t.Fatal(err)
		}
		if len(world.Running()) != 0 || world.Kept(req.Token) || scratchLeft(t, req) {
			t.Errorf("running %v, kept %v", world.Running(), world.Kept(req.Token))
		}
	})
}

func TestKillEndsACommandWhoseHandleWasNotSaved(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		world := scripted.NewWorld()
		req, _ := shRequest(t, `{}`, `{}`)
		first, end := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Minute, func() { end(operator.ErrHandover) })
		if _, err := heitanOf(world).Run(first, req, container(), hour); !errors.Is(err, operator.ErrHandover) {
			t.Fatal(err)
		}
		if err := heitanOf(world).Cleanup(t.Context(), req, container()); err != nil {
			t.Fatal(err)
		}
		if len(world.Running()) != 0 || world.Kept(req.Token) || scratchLeft(t, req) {
			t.Errorf("running %v, kept %v, scratch folder left %v", world.Running(), world.Kept(req.Token), scratchLeft(t, req))
		}
	})
}
