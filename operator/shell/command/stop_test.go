package command_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/runner"
)

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

func TestKillDuringTheStart(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		takes time.Duration
		lasts time.Duration
		calls []string
	}{
		{"nearly done", 3 * time.Second, 3 * time.Second, []string{"start", "stop 5s", "release"}},
		{"fetches an image", time.Hour, 5 * time.Second, []string{"start"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newStage("docker")
				req, _ := shRequest(t, `{}`, `{}`)
				ctx, end := context.WithCancelCause(t.Context())
				s.onStart = func(ctx context.Context) error {
					end(operator.ErrKilled)
					select {
					case <-time.After(c.takes):
						return nil
					case <-ctx.Done():
						return context.Cause(ctx)
					}
				}
				began := time.Now()
				if _, err := s.runners().Run(ctx, req, container(), plan); !errors.Is(err, operator.ErrKilled) || scratchLeft(t, req) {
					t.Errorf("error = %v", err)
				}
				if took := time.Since(began); took != c.lasts {
					t.Errorf("it took %s", took)
				}
				expectCalls(t, s, c.calls...)
			})
		})
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
