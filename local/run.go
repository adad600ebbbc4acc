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
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/workflow"
)

// projectName is the name under which a folder's sessions are kept, as in Digdag.
const projectName = "default"

// Request says what to run.
type Request struct {
	Workflow  *workflow.Workflow
	Session   string // value of --session; see chooseSession
	Selection Selection
	// Chosen, if not nil, is told what was found out before anything runs: the
	// attempt is not known yet.
	Chosen func(*Started)
}

// Service runs the workflows of one folder.
type Service struct {
	Store       store.Store
	Coordinator *coordinator.Coordinator
	Now         func() time.Time

	Dir     string // absolute path of the folder
	Project *workflow.Project
	Params  *params.Object // of every attempt
}

// Started is a run that has begun.
type Started struct {
	coordinator.Driven
	Workflow *workflow.Workflow
	Session  Choice
	// Continued means that an attempt goes on that was killed before.
	Continued bool
	// Finished is the number of tasks that are skipped because an earlier run
	// finished them.
	Finished int
}

// Start begins a run of a loaded workflow, or goes on with one that was killed.
func (s *Service) Start(ctx context.Context, req Request) (*Started, error) {
	now, w := s.Now(), req.Workflow
	project, err := s.Store.EnsureProject(ctx, projectName, now)
	if err != nil {
		return nil, err
	}
	choice, err := chooseSession(ctx, req.Session, w, now, func(ctx context.Context) (time.Time, bool, error) {
		session, err := s.Store.LatestSession(ctx, project.ID, w.Name)
		if heitan.KindOf(err) == heitan.NotFound {
			return time.Time{}, false, nil
		}
		return session.Time, err == nil, err
	})
	if err != nil {
		return nil, err
	}
	revision, err := s.Store.EnsureRevision(ctx, project.ID, digest(w, req.Selection), now)
	if err != nil {
		return nil, err
	}
	started := &Started{Workflow: w, Session: choice}
	submission := coordinator.Submission{
		Project: project, Revision: revision, Workflow: w, Workspace: s.Dir,
		SessionTime: choice.Time.Truncate(time.Second),
		Name:        heitan.NumberedName(1),
		Params:      withScheduleTimes(s.Params, w, choice.Time),
	}
	before, err := s.Store.LatestAttempt(ctx, project.ID, w.Name, submission.SessionTime)
	switch {
	case heitan.KindOf(err) == heitan.NotFound:
		return started, s.submit(ctx, started, submission, req, earlier{})
	case err != nil:
		return nil, err
	}
	if !before.Flags.Has(heitan.AttemptDone) {
		if !req.Selection.Rerun && before.Revision.ID == revision.ID && params.Equal(before.Params, submission.Params) {
			started.Continued = true
			req.chosen(started)
			err = whileHeld(ctx, func() error {
				started.Driven, err = s.Coordinator.TakeOver(ctx, before, w, s.Dir)
				return err
			})
			return started, explainHeld(err)
		}
		err = whileHeld(ctx, func() error { return s.Coordinator.Abandon(ctx, before, w, s.Dir) })
		if err != nil {
			return nil, explainHeld(err)
		}
	}
	known, err := s.earlier(ctx, before.ID)
	if err != nil {
		return nil, err
	}
	submission.Name = heitan.NumberedName(before.Index + 1)
	return started, s.submit(ctx, started, submission, req, known)
}

func (r Request) chosen(s *Started) {
	if r.Chosen != nil {
		r.Chosen(s)
	}
}

func (s *Service) submit(ctx context.Context, started *Started, submission coordinator.Submission, req Request, before earlier) (err error) {
	submission.Finished, err = plan(submission.Workflow.Root, req.Selection, before)
	if err != nil {
		return err
	}
	for _, result := range submission.Finished {
		if !result.Omitted {
			started.Finished++
		}
	}
	req.chosen(started)
	started.Driven, err = s.Coordinator.Submit(ctx, submission)
	return err
}

func (s *Service) earlier(ctx context.Context, id heitan.AttemptID) (known earlier, err error) {
	if known.tasks, err = s.Store.Tasks(ctx, id); err != nil {
		return known, err
	}
	known.finished, err = s.Store.Finished(ctx, id)
	return known, err
}

const (
	// heldWait is how long an attempt may seem to be owned by a heitan that is gone:
	// what it had begun to start when it was killed keeps its lock for a moment.
	heldWait  = time.Second
	heldPause = 20 * time.Millisecond
)

// whileHeld tries again for a while as long as somebody else owns the attempt.
func whileHeld(ctx context.Context, act func() error) error {
	waiting, cancel := context.WithTimeout(ctx, heldWait)
	defer cancel()
	tick := time.NewTicker(heldPause)
	defer tick.Stop()
	for {
		err := act()
		if _, held := errors.AsType[*store.Held](err); !held {
			return err
		}
		select {
		case <-tick.C:
		case <-waiting.Done():
			return err
		}
	}
}

// explainHeld says in a user's words that another process has the session.
func explainHeld(err error) error {
	held, ok := errors.AsType[*store.Held](err)
	if !ok {
		return err
	}
	return &heitan.Error{
		Kind: heitan.Conflict,
		Msg:  fmt.Sprintf("this session is being run by another heitan (%s)", held.Owner),
		Hint: "wait until it has ended, or choose another --session",
	}
}

// withScheduleTimes adds the times that tasks of a scheduled workflow see.
func withScheduleTimes(p *params.Object, w *workflow.Workflow, session time.Time) *params.Object {
	if w.Schedule == nil {
		return p
	}
	return p.Merge(params.Of(
		"last_session_time", isoTime(w.Schedule.LastBefore(session), w.Zone),
		"next_session_time", isoTime(w.Schedule.Next(session).Session, w.Zone),
	))
}

// digest names the version of a workflow together with the selection, so that an
// attempt is continued only if it would be the same one.
func digest(w *workflow.Workflow, s Selection) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%+v\n", w.Timezone, s)
	w.Root.Walk("", func(fullName string, n *workflow.Node) {
		fmt.Fprintf(h, "%s %t %s\n", fullName, n.Group, params.JSON(n.Config))
	})
	return "local-" + hex.EncodeToString(h.Sum(nil))[:16]
}
