package local

import (
	"context"
	"fmt"
	"strings"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
)

// Report is how a run ended.
type Report struct {
	Flags    heitan.AttemptFlags
	Tasks    int // with an operator, without copies that a retry replaced and heitan's own alert
	Skipped  int // of these
	Failures []FailedTask
}

// FailedTask is a task whose own work failed.
type FailedTask struct {
	FullName string
	Message  string
	At       string // file:line:column, may be empty
	Hint     string // what may help, may be empty
}

// Success reports whether the run counts as successful. As in Digdag, that is
// when no task's own work failed, even if it was killed.
func (r Report) Success() bool { return len(r.Failures) == 0 && r.Flags.Has(heitan.AttemptDone) }

// Report waits until a run has ended and says how.
func (s *Service) Report(ctx context.Context, started *Started) (Report, error) {
	flags, err := started.Wait(ctx)
	if err != nil {
		return Report{}, err
	}
	tasks, err := s.Store.Tasks(context.WithoutCancel(ctx), started.Attempt.ID)
	if err != nil {
		return Report{}, fmt.Errorf("load the tasks of attempt %d: %w", started.Attempt.ID, err)
	}
	return report(flags, tasks), nil
}

func report(flags heitan.AttemptFlags, tasks []engine.Task) Report {
	r := Report{Flags: flags}
	replaced := engine.Replaced(tasks)
	for i, t := range tasks {
		if replaced[i] {
			continue
		}
		if !t.Group && !strings.HasSuffix(t.FullName, engine.FailureAlert) {
			r.Tasks++
		}
		if t.Flags.Has(heitan.Skipped) {
			r.Skipped++
		}
		if t.State == heitan.TaskError {
			r.Failures = append(r.Failures, FailedTask{
				FullName: t.FullName, Message: text(t.Error, "message"), At: text(t.Error, "at"), Hint: text(t.Error, "hint"),
			})
		}
	}
	return r
}

func text(o *params.Object, key string) string {
	v, _ := o.Get(key)
	s, _ := v.(string)
	return s
}
