package server

import (
	"log/slog"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/coordinator"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/store"
)

// sweeper is an observer that removes what earlier processes, which were killed,
// have left of an attempt in the project's folder. Then it tells the next observer.
type sweeper struct {
	next coordinator.Observer // may be nil
	dir  string
	log  *slog.Logger
}

// TasksChanged tells the next observer.
func (s sweeper) TasksChanged(a store.Attempt, tasks []engine.Task) {
	if s.next != nil {
		s.next.TasksChanged(a, tasks)
	}
}

// AttemptEnded is called when nothing of the attempt runs any more.
func (s sweeper) AttemptEnded(a store.Attempt, flags heitan.AttemptFlags) {
	if err := command.Sweep(s.dir, a.Key+"-"); err != nil {
		s.log.Warn("scratch folders of the attempt could not be removed", "attempt_id", a.ID, "error", err)
	}
	if s.next != nil {
		s.next.AttemptEnded(a, flags)
	}
}
