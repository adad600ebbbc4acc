package command_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/runner"
)

func TestHandleIsSavedWhenItMayBeNeeded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		place command.Place
		runs  time.Duration
	}{{"process that runs long", process(), 2 * time.Second}, {"container", container(), time.Millisecond}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newStage(c.place.Runner)
				s.runsFor = c.runs
				req, record := shRequest(t, `{}`, `{}`)
				req.Checkpoint = params.Of("own", "kept")
				if _, err := s.runners().Run(t.Context(), req, c.place, plan); err != nil {
					t.Fatal(err)
				}
				want := params.Of("own", "kept", "run", params.Of("runner", c.place.Runner, "version", int64(3), "state", "here", "place", c.place.Runner, "workspace", req.Workspace.Root))
				if got := record.Checkpoints(); len(got) != 1 || !params.Equal(got[0], want) {
					t.Errorf("checkpoints = %s", params.JSON(params.List{got}))
				}
			})
		})
	}
}

func TestCheckpointThatCannotBeSavedIsNoReasonToStop(t *testing.T) {
	t.Parallel()
	s := newStage("docker")
	s.runsFor = time.Millisecond
	req, record := shRequest(t, `{}`, `{}`)
	req.SaveCheckpoint = func(context.Context, *params.Object) error { return errors.New("no store") }
	if _, err := s.runners().Run(t.Context(), req, container(), plan); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(record.Log(), `error="no store"`) {
		t.Errorf("log = %s", record.Log())
	}
}

// recovered is a request of a task whose command was started before a crash.
func recovered(t testing.TB) (*operator.Request, *operatortest.Record) {
	req, record := shRequest(t, `{}`, `{}`)
	old := t.TempDir()
	if err := os.MkdirAll(filepath.Join(old, ".heitan/tmp/token-1"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(old, ".heitan/tmp/token-1/output"), []byte("from before"), 0o644); err != nil {
		t.Fatal(err)
	}
	req.Recovering = true
	req.Checkpoint = params.Of("run", params.Of("runner", "docker", "version", int64(3), "state", "here", "place", "docker", "workspace", old))
	return req, record
}

func value(o *params.Object, key string) params.Value {
	v, _ := o.Get(key)
	return v
}

func TestCommandIsFoundAgainByItsHandle(t *testing.T) {
	t.Parallel()
	s := newStage("docker")
	s.output, s.outcome.ExitCode = "from the start\n", 4
	s.end()
	req, record := recovered(t)
	ended, err := s.runners().Run(t.Context(), req, container(), noPlan)
	if err != nil || ended.Outcome.ExitCode != 4 || record.Output() != "from the start\n" {
		t.Fatalf("ended %+v, %v, output %q", ended, err, record.Output())
	}
	if left, err := ended.Read("output", 100); err != nil || string(left) != "from before" {
		t.Errorf("file = %q, %v", left, err)
	}
	if saved := record.Checkpoints(); len(saved) > 0 {
		t.Errorf("the handle is saved again: %v", saved)
	}
	ended.Release(t.Context())
	if _, err := ended.Read("output", 100); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the scratch folder is left: %v", err)
	}
	if diff := cmp.Diff(runner.Handle{Runner: "docker", Version: 3, State: "here"}, s.handle); diff != "" {
		t.Error(diff)
	}
	expectCalls(t, s, "attach", "release")
}

func TestLostCommandIsStartedAgain(t *testing.T) {
	t.Parallel()
	s := newStage("docker")
	s.runsFor, s.attachErr = time.Millisecond, runner.ErrLost
	req, record := recovered(t)
	run, _ := req.Checkpoint.Object("run")
	req.Workspace.Root, _ = operator.AsString(value(run, "workspace"))
	req.Recovering = false // an attempt that was interrupted, and goes on
	ended, err := s.runners().Run(t.Context(), req, container(), plan)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ended.Read("output", 100); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what the lost command left is read: %v", err)
	}
	if !s.specs[0].Recovering || !strings.Contains(record.Log(), "it is run again") {
		t.Errorf("spec %+v, log %s", s.specs[0], record.Log())
	}
	expectCalls(t, s, "attach", "start")
}

func TestProcessOfAnotherMachineIsStartedAgain(t *testing.T) {
	t.Parallel()
	s := newStage("process")
	s.runsFor, s.attachErr = time.Millisecond, errors.New("it was started on another machine")
	req, record := recovered(t)
	run, _ := req.Checkpoint.Object("run")
	req.Checkpoint = params.Of("run", run.With("place", "process"))
	if _, err := s.runners().Run(t.Context(), req, process(), plan); err != nil {
		t.Fatal(err)
	}
	if !s.specs[0].Recovering || !strings.Contains(record.Log(), `it is run again" reason="it was started on another machine"`) {
		t.Errorf("spec %+v, log %s", s.specs[0], record.Log())
	}
	expectCalls(t, s, "attach", "start")
}

func TestCommandThatCannotBeReachedFailsTheTask(t *testing.T) {
	t.Parallel()
	s := newStage("docker")
	s.attachErr = errors.New("no engine")
	req, _ := recovered(t)
	_, err := s.runners().Run(t.Context(), req, container(), noPlan)
	if err == nil || err.Error() != "find the command again that was started before: no engine (runtime)" {
		t.Errorf("error = %v", err)
	}
	_, err = newStage("process").runners().Run(t.Context(), req, process(), noPlan)
	if err == nil || err.Error() != "the command was started by the runner docker, which this heitan does not have (runtime)" {
		t.Errorf("error = %v", err)
	}
}

func TestCleanupStopsWhatTheCheckpointNames(t *testing.T) {
	t.Parallel()
	s := newStage("docker")
	req, _ := recovered(t)
	if err := s.runners().Cleanup(t.Context(), req, container()); err != nil {
		t.Fatal(err)
	}
	expectCalls(t, s, "attach", "stop 5s", "release")

	lost := newStage("docker")
	lost.attachErr = runner.ErrLost
	if err := lost.runners().Cleanup(t.Context(), req, container()); err != nil {
		t.Errorf("cleanup of a lost command: %v", err)
	}
	nothing, _ := shRequest(t, `{}`, `{}`)
	if err := newStage("docker").runners().Cleanup(t.Context(), nothing, container()); err != nil {
		t.Errorf("cleanup without a checkpoint: %v", err)
	}
}
