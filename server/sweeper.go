package server

import (
	"log/slog"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/coordinator"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/store"
)

// sweeper is an observer that removes what earlier processes, which were killed,
// have left of an attempt in the project's folder.
type sweeper struct {
	coordinator.Observer
	dir string
	log *slog.Logger
}

// AttemptEnded is called when nothing of the attempt runs any more.
func (s sweeper) AttemptEnded(a store.Attempt, flags heitan.AttemptFlags) {
	if err := command.Sweep(s.dir, a.Key+"-"); err != nil {
		s.log.Warn("scratch folders of the attempt could not be removed", "attempt_id", a.ID, "error", err)
	}
	s.Observer.AttemptEnded(a, flags)
}
