package shell_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/shell"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/runner"
)

var errOnlyRecorded = errors.New("only recorded")

// recorder is a runner that starts nothing and keeps what it was to start.
type recorder struct{ spec runner.Spec }

func (r *recorder) Start(_ context.Context, spec runner.Spec, _ io.Writer) (runner.Run, error) {
	r.spec = spec
	return nil, errOnlyRecorded
}

func (r *recorder) Attach(context.Context, runner.Handle, io.Writer) (runner.Run, error) {
	return nil, runner.ErrLost
}

func (r *recorder) Discard(context.Context, string, time.Duration) error { return nil }

// planned is what an operator wants to start for a request.
func planned(t testing.TB, req *operator.Request) runner.Spec {
	t.Helper()
	r := &recorder{}
	req.Token = "token-1"
	_, err := shell.Operators(command.Runners{command.Process: r, command.Docker: r})[req.Type].Operator.Run(t.Context(), req)
	if !errors.Is(err, errOnlyRecorded) {
		t.Fatal(err)
	}
	return r.spec
}

func plannedProgram(t testing.TB, req *operator.Request) string {
	t.Helper()
	return planned(t, req).Command[0]
}
