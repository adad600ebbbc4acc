package command_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
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

func process() command.Place {
	return command.Place{Runner: "process", Limits: command.Limits{StopGrace: 5 * time.Second}}
}

func container() command.Place {
	p := process()
	p.Runner, p.Container.Image = "docker", "i"
	return p
}

func plan(context.Context) (command.Plan, error) {
	return command.Plan{
		Files:   []command.File{{Name: "script", Data: []byte("x")}},
		Command: func(scratch string) []string { return []string{"tool", scratch + "/script"} },
		Env:     []string{"A=1"},
		Missing: "install tool",
	}, nil
}

func noPlan(context.Context) (command.Plan, error) { panic("planned") }

func scratchLeft(t testing.TB, req *operator.Request) bool {
	t.Helper()
	_, err := os.Stat(filepath.Join(req.Workspace.Root, ".heitan", "tmp", req.Token))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return err == nil
}

func expectCalls(t testing.TB, s *stage, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, s.calls); diff != "" {
		t.Errorf("calls of the runner: %s", diff)
	}
}

func TestShortProcessIsRunWithoutACheckpoint(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage("process")
		s.output, s.runsFor, s.outcome = "hello\n", 900*time.Millisecond, runner.Outcome{Usage: runner.Usage{PeakMemory: 7}}
		req, record := shRequest(t, `{}`, `{}`)
		req.Workspace.Dir = "sub"
		place := process()
		place.CPU, place.Memory = 1.5, 1<<30
		ended, err := s.runners().Run(t.Context(), req, place, plan)
		if err != nil {
			t.Fatal(err)
		}
		spec := runner.Spec{
			Token: "token-1", Command: []string{"tool", "../.heitan/tmp/token-1/script"},
			Workspace: req.Workspace.Root, Dir: req.Workspace.Root + "/sub", Env: []string{"A=1"}, InheritEnv: true, CPU: 1.5, Memory: 1 << 30,
			Labels: map[string]string{"heitan.project": "sample", "heitan.workflow": "daily", "heitan.session_id": "2", "heitan.attempt_id": "3", "heitan.task": "+daily+task"},
		}
		if diff := cmp.Diff([]runner.Spec{spec}, s.specs); diff != "" {
			t.Error(diff)
		}
		if record.Output() != "hello\n" || len(record.Checkpoints()) != 0 {
			t.Errorf("output %q, checkpoints %v", record.Output(), record.Checkpoints())
		}
		if !scratchLeft(t, req) {
			t.Error("the scratch folder is gone before the answer is durable")
		}
		result := ended.Result(operator.Result{})
		result.Release(t.Context())
		if result.Usage.PeakMemory != 7 || scratchLeft(t, req) {
			t.Errorf("usage %+v, scratch folder left: %v", result.Usage, scratchLeft(t, req))
		}
		expectCalls(t, s, "start", "release")
	})
}

func TestUnknownEndFailsTheTask(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		waitErr error
		want    string
		calls   []string
	}{
		{"lost", runner.ErrLost, runner.ErrLost.Error() + " (runtime)", []string{"start", "release"}},
		{"unreachable", errors.New("no engine"), "wait for the command: no engine (runtime)", []string{"start", "stop 5s", "release"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStage("process")
			s.waitErr = c.waitErr
			req, _ := shRequest(t, `{}`, `{}`)
			_, err := s.runners().Run(t.Context(), req, process(), plan)
			if err == nil || err.Error() != c.want || scratchLeft(t, req) {
				t.Errorf("error = %v", err)
			}
			expectCalls(t, s, c.calls...)
		})
	}
}

func TestStartErrorsSayWhatToDo(t *testing.T) {
	t.Parallel()
	dockerPos := params.Pos{File: "a.dig", Line: 3, Column: 9}
	docker := params.New(params.Entry{Key: "image", Value: "i", Pos: dockerPos})
	cases := []struct {
		name string
		err  error
		want operator.Failure
	}{
		{
			"program missing", &runner.SpecError{Reason: `the program "tool" is not found in PATH`, Hint: "PATH is /bin"},
			operator.Failure{Message: `the program "tool" is not found in PATH`, Kind: "config", Hint: "install tool; PATH is /bin"},
		},
		{
			"folder missing", &runner.SpecError{Reason: "the working directory /x does not exist"},
			operator.Failure{Message: "the working directory /x does not exist", Kind: "config"},
		},
		{
			"image missing", &runner.SpecError{Field: "docker.image", Reason: "i does not exist", Hint: "pull it"},
			operator.Failure{Message: "docker.image: i does not exist", Kind: "config", Hint: "pull it", Pos: dockerPos},
		},
		{"engine missing", errors.New("no engine"), operator.Failure{Message: "start the command: no engine", Kind: "runtime"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStage("process")
			s.startErr = c.err
			req, _ := operatortest.Request(t, params.Of("docker", docker))
			_, err := s.runners().Run(t.Context(), req, process(), plan)
			f := operator.AsFailure(err)
			if f == nil {
				t.Fatal("no failure")
			}
			got := *f
			got.Err = nil
			if diff := cmp.Diff(c.want, got); diff != "" || scratchLeft(t, req) {
				t.Errorf("scratch folder left: %v; %s", scratchLeft(t, req), diff)
			}
		})
	}
}
