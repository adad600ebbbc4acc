package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/coordinator"
	"github.com/heitan/heitan/internal/diag"
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

// Load compiles the project's workflows and finds the target among them. All
// files of the project's folder must be in order, as in Digdag. The error is a
// [diag.List] or a *[heitan.Error].
func Load(dir, target string) (*workflow.Project, *workflow.Workflow, diag.List, error) {
	if err := CheckFolder(dir); err != nil {
		return nil, nil, nil, err
	}
	files := os.DirFS(dir)
	project, problems := workflow.LoadProject(files)
	file, isFile := targetFile(dir, target)
	if isFile && !fs.ValidPath(file) {
		return nil, nil, problems, notFound(files, target, isFile, file, project.Names())
	}
	if isFile && path.Dir(file) != "." {
		w, found := workflow.LoadWorkflow(files, file)
		problems = append(problems, found...)
		if w != nil {
			project.Workflows = append(project.Workflows, w)
		}
	}
	if err := problems.Err(); err != nil {
		return nil, nil, problems, err
	}
	name := target
	if isFile {
		name = strings.TrimSuffix(file, ".dig")
	}
	w, ok := project.Find(name)
	if !ok {
		return nil, nil, problems, notFound(files, target, isFile, file, project.Names())
	}
	return project, w, problems, nil
}

// CheckFolder refuses a project that is no folder or cannot be read.
func CheckFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &heitan.Error{Kind: heitan.NotFound, Msg: "there is no folder " + dir, Hint: "--project names the folder of the workflow files"}
	case err == nil && !info.IsDir():
		return &heitan.Error{Kind: heitan.Invalid, Msg: dir + " is no folder", Hint: "--project names the folder of the workflow files"}
	}
	if _, err := os.ReadDir(dir); err != nil {
		return &heitan.Error{Kind: heitan.Denied, Msg: "read the project's folder", Err: err}
	}
	return nil
}

// targetFile is the slash-separated path of a target that is a file. A path that
// is not below dir stays as it is, and is not found later.
func targetFile(dir, target string) (file string, ok bool) {
	if !strings.HasSuffix(target, ".dig") {
		return "", false
	}
	if filepath.IsAbs(target) {
		if rel, err := filepath.Rel(dir, target); err == nil {
			target = rel
		}
	}
	return path.Clean(filepath.ToSlash(target)), true
}

func notFound(files fs.FS, target string, isFile bool, file string, names []string) error {
	e := &heitan.Error{Kind: heitan.NotFound, Msg: "no workflow " + target}
	switch info, err := fs.Stat(files, file); {
	case !isFile:
		e.Hint = diag.DidYouMean(target, names)
		if e.Hint == "" && len(names) > 0 {
			e.Hint = "the workflows here are: " + strings.Join(names, ", ")
		}
	case strings.HasPrefix(file, "..") || path.IsAbs(file):
		e.Msg = fmt.Sprintf("%s is not in the project's folder", target)
		e.Hint = "give the folder with --project " + path.Dir(target)
	case errors.Is(err, fs.ErrNotExist):
		e.Msg = "there is no file " + target
		e.Hint = diag.DidYouMean(strings.TrimSuffix(file, ".dig"), names)
	case err == nil && info.IsDir():
		e.Msg = target + " is a folder"
		e.Hint = "name a workflow file, and the folder with --project if it is another"
	case err != nil:
		e.Msg, e.Err = "read "+target, err
	default:
		e.Hint = "the file is left out by .digdagignore, or its name begins with a dot"
	}
	return e
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
