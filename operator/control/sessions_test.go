package control_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/operator/control"
)

const (
	running   heitan.AttemptFlags = 0
	succeeded                     = heitan.AttemptDone | heitan.AttemptSuccess
	failed                        = heitan.AttemptDone
	killed                        = heitan.AttemptDone | heitan.AttemptCancelRequested
)

// sessions keeps attempts in memory as control.Sessions describes it. The
// project has id 1, the name "sample", and one workflow: "target".
type sessions struct {
	mu       sync.Mutex
	attempts []*attempt
	requests []control.StartRequest
	// ends is how attempts end, in the order in which they are made.
	ends []heitan.AttemptFlags
	// looks is how often an attempt is seen running before it ends.
	looks int
	// fault is returned by the next calls.
	fault []error
}

type attempt struct {
	id    heitan.AttemptID
	start control.StartRequest
	looks int
	end   heitan.AttemptFlags
}

const firstAttempt = 100

func (s *sessions) Start(_ context.Context, req control.StartRequest) (control.Started, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, req)
	if err := s.takeFault(); err != nil {
		return control.Started{}, err
	}
	if req.Workflow != "target" || req.Project != 1 && req.ProjectName != "sample" {
		return control.Started{}, &heitan.Error{Kind: heitan.NotFound, Msg: "no workflow " + req.Workflow, Hint: "did you mean `target`?"}
	}
	existing := s.find(req)
	isNew := existing == nil || existing.start.Token == req.Token
	if existing == nil {
		existing = s.add(req)
	}
	return control.Started{
		Session: heitan.SessionID(req.SessionTime.Unix()), Attempt: existing.id, Flags: s.see(existing), New: isNew,
	}, nil
}

// find is the attempt that stands in the way of a start.
func (s *sessions) find(req control.StartRequest) *attempt {
	var found *attempt
	for _, a := range s.attempts {
		if a.start.SessionTime.Equal(req.SessionTime) && (req.AttemptName == "" || a.start.AttemptName == req.AttemptName) {
			found = a
		}
	}
	return found
}

func (s *sessions) add(req control.StartRequest) *attempt {
	a := &attempt{id: firstAttempt + heitan.AttemptID(len(s.attempts)), start: req, looks: s.looks, end: succeeded}
	if len(s.attempts) < len(s.ends) {
		a.end = s.ends[len(s.attempts)]
	}
	s.attempts = append(s.attempts, a)
	return a
}

// see is an attempt's state when it is looked at.
func (s *sessions) see(a *attempt) heitan.AttemptFlags {
	if a.looks--; a.looks >= 0 {
		return running
	}
	return a.end
}

func (s *sessions) Attempt(_ context.Context, id heitan.AttemptID) (heitan.AttemptFlags, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.takeFault(); err != nil {
		return 0, err
	}
	for _, a := range s.attempts {
		if a.id == id {
			return s.see(a), nil
		}
	}
	return 0, &heitan.Error{Kind: heitan.NotFound, Msg: fmt.Sprintf("no attempt %d", id)}
}

func (s *sessions) takeFault() error {
	if len(s.fault) == 0 {
		return nil
	}
	err := s.fault[0]
	s.fault = s.fault[1:]
	return err
}

// exists adds an attempt that somebody else started.
func (s *sessions) exists(sessionTime time.Time, name string) {
	s.add(control.StartRequest{SessionTime: sessionTime, AttemptName: name, Token: "somebody else's"})
}
