package server

import (
	"context"
	"fmt"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/local"
	"github.com/heitan/heitan/operator/control"
)

// sessions lets require> start attempts of workflows of the same folder.
type sessions struct {
	runs *local.Service
}

// Start starts an attempt, or finds the one there is.
func (s *sessions) Start(ctx context.Context, req control.StartRequest) (control.Started, error) {
	a, isNew, err := s.runs.Require(ctx, local.Requirement{
		Project: req.Project, ProjectName: req.ProjectName, Workflow: req.Workflow,
		SessionTime: req.SessionTime, AttemptName: req.AttemptName, Params: req.Params, Token: req.Token,
	})
	if err != nil {
		return control.Started{}, err
	}
	return control.Started{Session: a.Session.ID, Attempt: a.ID, Flags: a.Flags, New: isNew}, nil
}

// Attempt is the state of an attempt.
func (s *sessions) Attempt(ctx context.Context, id heitan.AttemptID) (heitan.AttemptFlags, error) {
	a, err := s.runs.Required(ctx, id)
	if err != nil {
		return 0, fmt.Errorf("look up attempt %d: %w", id, err)
	}
	return a.Flags, nil
}
