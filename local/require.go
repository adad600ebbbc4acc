package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/coordinator"
	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/workflow"
)

// Requirement asks for an attempt of another workflow of the folder.
type Requirement struct {
	Project     heitan.ProjectID // 0 if ProjectName says which
	ProjectName string
	Workflow    string
	SessionTime time.Time
	AttemptName string
	Params      *params.Object
	Token       string // the same if the request is repeated after a crash
}

// Require starts an attempt of a workflow of the folder, or finds the one there
// is: of the given name, or without one the session's latest. isNew means that
// this requirement started it. NotFound if there is no such workflow.
//
// An attempt that an earlier heitan left unfinished goes on.
func (s *Service) Require(ctx context.Context, req Requirement) (a store.Attempt, isNew bool, err error) {
	now := s.Now()
	project, err := s.Store.EnsureProject(ctx, projectName, now)
	if err != nil {
		return a, false, err
	}
	if req.Project != 0 && req.Project != project.ID || req.ProjectName != "" && req.ProjectName != project.Name {
		return a, false, &heitan.Error{
			Kind: heitan.NotFound, Msg: "there is no other project on this machine",
			Hint: "a run on this machine knows the workflows of its own folder only",
		}
	}
	w, ok := s.Project.Find(req.Workflow)
	if !ok {
		return a, false, &heitan.Error{
			Kind: heitan.NotFound, Msg: "there is no workflow " + req.Workflow,
			Hint: diag.DidYouMean(req.Workflow, s.Project.Names()),
		}
	}
	revision, err := s.Store.EnsureRevision(ctx, project.ID, digest(w, Selection{}), now)
	if err != nil {
		return a, false, err
	}
	key := keyOf(req.Token)
	driven, err := s.Coordinator.Submit(ctx, coordinator.Submission{
		Project: project, Revision: revision, Workflow: w, Workspace: s.Dir,
		SessionTime: req.SessionTime, Name: req.AttemptName, Key: key,
		Params: withScheduleTimes(s.Params.Merge(req.Params), w, req.SessionTime),
	})
	exists, found := errors.AsType[*store.Exists](err)
	switch {
	case err == nil:
		return driven.Attempt, true, nil
	case !found:
		return a, false, err
	}
	a = exists.Attempt
	if req.AttemptName == "" {
		if a, err = s.Store.LatestAttempt(ctx, project.ID, w.Name, req.SessionTime); err != nil {
			return a, false, err
		}
	}
	return a, a.Key == key, s.goOn(ctx, a, w)
}

// Required is an attempt that a requirement has led to. One that an earlier heitan
// left unfinished goes on. NotFound.
func (s *Service) Required(ctx context.Context, id heitan.AttemptID) (store.Attempt, error) {
	a, err := s.Store.Attempt(ctx, id)
	if err != nil || a.Flags.Has(heitan.AttemptDone) {
		return a, err
	}
	w, ok := s.Project.Find(a.Session.Workflow)
	if !ok {
		return a, &heitan.Error{Kind: heitan.NotFound, Msg: "there is no workflow " + a.Session.Workflow}
	}
	return a, s.goOn(ctx, a, w)
}

// goOn sees to it that an attempt is driven, here or by another heitan.
func (s *Service) goOn(ctx context.Context, a store.Attempt, w *workflow.Workflow) error {
	if a.Flags.Has(heitan.AttemptDone) {
		return nil
	}
	_, err := s.Coordinator.TakeOver(ctx, a, w, s.Dir)
	if err != nil && heitan.KindOf(err) != heitan.Conflict { // a Conflict: it is being driven, or has ended
		return fmt.Errorf("go on with attempt %d of %s: %w", a.ID, w.Name, err)
	}
	return nil
}

// keyOf makes the key of an attempt from the token of what asked for it, so that
// it is known again.
func keyOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:8])
}
