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
				want := params.Of("own", "kept", "run", params.Of("runner", c.place.Runner, "version", int64(3), "state", "here", "workspace", req.Workspace.Root))
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
	req.Checkpoint = params.Of("run", params.Of("runner", "docker", "version", int64(3), "state", "here", "workspace", old))
	return req, record
}

func TestCommandIsFoundAgainByItsHandle(t *testing.T) {
	t.Parallel()
	s := newStage("docker")
	s.runsFor, s.output, s.outcome.ExitCode = time.Millisecond, "from the start\n", 4
	req, record := recovered(t)
	ended, err := s.runners().Run(t.Context(), req, container(), noPlan)
	if err != nil || ended.Outcome.ExitCode != 4 || record.Output() != "from the start\n" {
		t.Fatalf("ended %+v, %v, output %q", ended, err, record.Output())
	}
	if left, err := ended.Read("output", 100); err != nil || string(left) != "from before" {
		t.Errorf("file = %q, %v", left, err)
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
	req.Checkpoint = params.Of("run", run.With("runner", "process"))
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

func TestEndOfTheTaskStopsTheCommand(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{operator.ErrKilled, operator.ErrTimeout, operator.ErrInterrupted} {
		t.Run(cause.Error(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newStage("process")
				s.outcome = runner.Outcome{ExitCode: 143, Usage: runner.Usage{CPUTime: 9}}
				req, _ := shRequest(t, `{}`, `{}`)
				ctx, end := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Minute, func() { end(cause) })
				ended, err := s.runners().Run(ctx, req, process(), plan)
				if !errors.Is(err, cause) {
					t.Errorf("error = %v", err)
				}
				result := ended.Result(operator.Result{})
				if result.Usage.CPUTime != 9 || result.Release != nil || scratchLeft(t, req) {
					t.Errorf("result %+v, scratch folder left: %v", result, scratchLeft(t, req))
				}
				expectCalls(t, s, "start", "stop 5s", "release")
			})
		})
	}
}

func TestHandoverLeavesTheCommandRunning(t *testing.T) {
	t.Parallel()
	s := newStage("docker")
	req, _ := shRequest(t, `{}`, `{}`)
	ctx, end := context.WithCancelCause(t.Context())
	end(operator.ErrHandover)
	ctx = handOverAfterStart(ctx, s)
	ended, err := s.runners().Run(ctx, req, container(), plan)
	if !errors.Is(err, operator.ErrHandover) || ended != nil {
		t.Fatalf("ended %v, error %v", ended, err)
	}
	if !scratchLeft(t, req) {
		t.Error("the scratch folder is gone, but the command needs it")
	}
	expectCalls(t, s, "start")
}

// handOverAfterStart is a context that is handed over once the command runs.
func handOverAfterStart(ended context.Context, s *stage) context.Context {
	ctx, end := context.WithCancelCause(context.WithoutCancel(ended))
	s.onStart = func(context.Context) error {
		end(context.Cause(ended))
		return nil
	}
	return ctx
}

func TestKillDuringTheSearchForACommandStopsIt(t *testing.T) {
	t.Parallel()
	s := newStage("docker")
	req, _ := recovered(t)
	ctx, end := context.WithCancelCause(t.Context())
	end(operator.ErrKilled)
	if _, err := s.runners().Run(ctx, req, container(), noPlan); !errors.Is(err, operator.ErrKilled) {
		t.Errorf("error = %v", err)
	}
	expectCalls(t, s, "attach", "stop 5s", "release")
}

func TestKillBeforeTheStartStartsNothing(t *testing.T) {
	t.Parallel()
	s := newStage("process")
	req, _ := shRequest(t, `{}`, `{}`)
	ctx, end := context.WithCancelCause(t.Context())
	end(operator.ErrKilled)
	if _, err := s.runners().Run(ctx, req, process(), plan); !errors.Is(err, operator.ErrKilled) || scratchLeft(t, req) {
		t.Errorf("error = %v", err)
	}
	expectCalls(t, s)
}

func TestKillDuringTheStartIsNoFailure(t *testing.T) {
	t.Parallel()
	s := newStage("docker")
	req, _ := shRequest(t, `{}`, `{}`)
	ctx, end := context.WithCancelCause(t.Context())
	s.onStart = func(ctx context.Context) error {
		end(operator.ErrKilled)
		return errors.New("pull image: context canceled")
	}
	if _, err := s.runners().Run(ctx, req, container(), plan); !errors.Is(err, operator.ErrKilled) {
		t.Errorf("error = %v", err)
	}
}

func TestCommandThatCannotBeStoppedIsReported(t *testing.T) {
	t.Parallel()
	s := newStage("docker")
	s.stopErr = errors.New("no engine")
	req, record := shRequest(t, `{}`, `{}`)
	ctx, end := context.WithCancelCause(t.Context())
	s.onStart = func(context.Context) error { end(operator.ErrKilled); return nil }
	ended, err := s.runners().Run(ctx, req, container(), plan)
	if !errors.Is(err, operator.ErrKilled) || ended.Result(operator.Result{}).Release != nil {
		t.Errorf("error = %v", err)
	}
	if !strings.Contains(record.Log(), `level=ERROR msg="the command could not be stopped" runner=docker state=here error="no engine"`) {
		t.Errorf("log = %s", record.Log())
	}
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

func TestFailureSaysHowTheCommandEnded(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		outcome runner.Outcome
		memory  int64
		message string
		hint    string
	}{
		{"exit code", runner.Outcome{ExitCode: 2}, 0, "Command failed with code 2", ""},
		{"signal", runner.Outcome{ExitCode: 139, Signal: "SIGSEGV"}, 0, "Command failed with code 139", "it was ended by SIGSEGV"},
		{
			"out of memory",
			runner.Outcome{ExitCode: 137, Signal: "SIGKILL", OOMKilled: true, Usage: runner.Usage{PeakMemory: 536_000_000}},
			512 << 20,
			"Command failed with code 137: it used more memory than it may: limit 512 MB, peak 511.2 MB", "give the task more with `memory:`, or make it use less",
		},
		{
			"out of memory by another limit",
			runner.Outcome{ExitCode: 137, OOMKilled: true},
			0,
			"Command failed with code 137: it used more memory than it may: the limit was not set by the task", "give the task more with `memory:`, or make it use less",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ended := command.Ended{Outcome: c.outcome, Place: command.Place{Limits: command.Limits{Memory: c.memory}}}
			f := ended.Failure("Command")
			if f.Error() != c.message+" (runtime)" || f.Hint != c.hint {
				t.Errorf("failure = %s, hint %s", f, f.Hint)
			}
		})
	}
	if f := (&command.Ended{}).Failure("Command"); f != nil {
		t.Errorf("failure of a success: %v", f)
	}
}
