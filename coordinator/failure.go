package coordinator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// failed turns an error into the event, and logs it where the task's output is.
func (i *invocation) failed(ctx context.Context, err error, retry workflow.Retry) engine.Event {
	f := i.masked(operator.AsFailure(err))
	if i.log != nil && !errors.Is(context.Cause(ctx), operator.ErrKilled) {
		i.logFailure(f, retry)
	}
	pos := f.Pos
	if pos.IsZero() {
		pos = i.task.Pos
	}
	explained := engine.NewError(f.Error(), pos, f.Trace)
	if f.Hint != "" {
		explained = explained.With("hint", f.Hint)
	}
	return engine.Failed{
		Task:       i.task.ID,
		Error:      explained,
		Retry:      retry,
		Usage:      i.usage,
		Checkpoint: i.checkpoint.Without(operator.RunKey),
	}
}

// masked is a failure without the secrets that the task was given.
func (i *invocation) masked(f *operator.Failure) *operator.Failure {
	if i.mask == nil {
		return f
	}
	hidden := *f
	hidden.Message, hidden.Trace, hidden.Hint = i.mask.Text(f.Message), i.mask.Text(f.Trace), i.mask.Text(f.Hint)
	return &hidden
}

func (i *invocation) logFailure(f *operator.Failure, retry workflow.Retry) {
	log := i.log.Logger()
	attrs := []any{}
	if f.Hint != "" {
		attrs = append(attrs, "hint", f.Hint)
	}
	switch {
	case i.task.Retries < retry.Limit:
		log.Warn(fmt.Sprintf("Task failed, retrying %d of %d: %s", i.task.Retries+1, retry.Limit, f.Error()), attrs...)
	case f.Kind == operator.KindConfig:
		log.Error(fmt.Sprintf("Configuration error at task %s: %s", i.task.FullName, f.Error()), attrs...)
	default:
		log.Error(fmt.Sprintf("Task failed with unexpected error: %s", f.Error()), attrs...)
	}
}

// warnUnused logs the task's own keys that the operator never read, as Digdag does.
func (i *invocation) warnUnused(reader *operator.Params, name string) {
	unused := reader.Unused()
	if len(unused) == 0 {
		return
	}
	known := slices.Collect(func(yield func(string) bool) {
		for key := range reader.Used() {
			if !yield(key) {
				return
			}
		}
	})
	known = append(known, workflow.ReservedKeys()...)
	for _, key := range unused {
		if key == name+">" || key == "timeout" || slices.Contains(workflow.ReservedKeys(), key) {
			continue
		}
		i.log.Logger().Error(fmt.Sprintf("Parameter '%s' is not used at task %s.", key, i.task.FullName))
		if near := diag.Nearest(key, known); len(near) > 0 {
			i.log.Logger().Error(fmt.Sprintf("  > Did you mean '[%s]'?", strings.Join(near, ", ")))
		}
	}
}

// located gives a failure the place of the operator in the file if it has none.
func located(err error, pos params.Pos) error {
	if f, ok := errors.AsType[*operator.Failure](err); ok && f.Pos.IsZero() {
		f.Pos = pos
	}
	return err
}
