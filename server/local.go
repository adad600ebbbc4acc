// Package server is the composition root: it builds heitan's parts from its
// configuration, starts and stops them in order, and lists the operators and
// runners there are.
package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/coordinator"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/expr"
	"github.com/heitan/heitan/local"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/secrets"
	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/store/sqlite"
	"github.com/heitan/heitan/workflow"
)

// localLease is how long a run's attempts stay its own if it dies and its store
// cannot tell.
const localLease = 30 * time.Second

// LocalOptions is what runs on this machine need. All but SaveDir are required.
type LocalOptions struct {
	Dir     string // absolute path of the folder with the workflows
	Project *workflow.Project
	Params  *params.Object // of every attempt

	SaveDir    string // of the state; "" keeps it in memory
	Settings   config.Config
	SecretsDir string
	Environ    []string
	Threads    int // operators that run at once
	DryRun     bool

	Now      func() time.Time
	Log      *slog.Logger
	OpenLog  func(store.Attempt, engine.Task) (coordinator.TaskLog, error)
	Observer coordinator.Observer
}

// Local is everything that runs workflows of folders on this machine.
type Local struct {
	Runs *local.Service

	coordinator *coordinator.Coordinator
	closers     []io.Closer // in the order in which they are closed
}

// OpenLocal builds a Local. Close ends it.
func OpenLocal(ctx context.Context, o LocalOptions) (*Local, error) {
	owner := store.Owner(fmt.Sprintf("%d@%s-%s", os.Getpid(), hostname(), uuid.NewString()[:8]))
	limits, err := limitsFrom(o.Settings)
	if err != nil {
		return nil, err
	}
	s, err := openLocalStore(ctx, o.SaveDir, owner)
	if err != nil {
		return nil, err
	}
	required := &sessions{}
	templates := expr.New(expr.Options{Now: o.Now})
	runners, containers := newRunners(o.Environ, o.Log)
	paramServer, closeParams, paramsErr := newParamServer(o.Settings, s)
	closers := []io.Closer{closeParams, containers, s}
	operators, err := newOperators(ctx, surroundings{
		settings: o.Settings, templates: templates, environ: o.Environ, runners: runners,
		params: paramServer, sessions: required, limits: limits, log: o.Log,
	})
	if err := errors.Join(err, paramsErr); err != nil {
		return nil, errors.Join(err, closeAll(closers))
	}
	c := coordinator.New(coordinator.Options{
		Store:          s,
		Owner:          owner,
		LeaseTime:      localLease,
		Operators:      operators,
		Templates:      templates,
		Secrets:        secrets.NewLocal(o.Settings, o.SecretsDir),
		Environ:        o.Environ,
		Limits:         limits,
		MaxInvocations: o.Threads,
		DryRun:         o.DryRun,
		Now:            o.Now,
		Log:            o.Log,
		OpenLog:        o.OpenLog,
		Observer:       sweeper{next: o.Observer, dir: o.Dir, log: o.Log},
	})
	required.runs = &local.Service{
		Store: s, Coordinator: c, Now: o.Now,
		Dir: o.Dir, Project: o.Project, Params: o.Params,
	}
	return &Local{Runs: required.runs, coordinator: c, closers: closers}, nil
}

// Close stops what runs, with a cause that operators see, and gives everything up.
func (l *Local) Close(ctx context.Context, cause error) error {
	return errors.Join(l.coordinator.Stop(ctx, cause), closeAll(l.closers))
}

func closeAll(closers []io.Closer) error {
	var problems []error
	for _, c := range closers {
		problems = append(problems, c.Close())
	}
	return errors.Join(problems...)
}

func openLocalStore(ctx context.Context, dir string, owner store.Owner) (store.Store, error) {
	if dir == "" {
		return sqlite.OpenMemory(ctx)
	}
	if err := makeStateDir(dir); err != nil {
		return nil, &heitan.Error{
			Kind: heitan.Invalid, Msg: "make the folder for the state of runs", Err: err,
			Hint: "choose another with --save, or keep no state with --no-save",
		}
	}
	s, err := sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(dir, "heitan.db"), Owner: owner})
	if err != nil {
		return nil, &heitan.Error{Kind: heitan.KindOf(err), Msg: "the state of runs", Err: err, Hint: stateHint(err)}
	}
	return s, nil
}

// stateHint says what the store advises, and what users of runs can do in any case.
func stateHint(err error) string {
	const ways = "choose another folder with --save, or keep no state with --no-save"
	if hint := heitan.HintOf(err); hint != "" {
		return hint + "; or " + ways
	}
	return ways
}

// makeStateDir makes a folder that version control leaves alone. Only the user
// can read it, because params may hold what nobody else should see; a folder that
// is there already keeps its permissions.
func makeStateDir(dir string) error {
	dir = filepath.Clean(dir)
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	ignore := filepath.Join(dir, ".gitignore")
	if _, err := os.Stat(ignore); err == nil {
		return nil
	}
	return os.WriteFile(ignore, []byte("*\n"), 0o644)
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}
