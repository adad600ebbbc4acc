package server

import (
	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/engine"
)

// limitsFrom are the limits of attempts: `executor.task_max_run` is how many tasks
// one may have.
func limitsFrom(settings config.Config) (engine.Limits, error) {
	limits := engine.DefaultLimits()
	n, err := settings.Int("executor.task_max_run", int64(limits.Tasks))
	if err == nil && (n < 1 || n > int64(limits.Tasks)) {
		err = settings.Invalid("executor.task_max_run", "a number of tasks from 1 to 1000000")
	}
	limits.Tasks = int(n)
	return limits, err
}
