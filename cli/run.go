package cli

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/local"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/server"
	"github.com/heitan/heitan/workflow"
)

const (
	// defaultSaveDir is where the state of runs is kept, in the project's folder.
	defaultSaveDir = ".heitan/state"
	// defaultThreads is how many operators run at once if the user sets no limit.
	// Digdag sets none, but runs no more tasks than this in an attempt at all.
	defaultThreads = 1000
	// stopGrace is how long tasks have to end after a signal.
	stopGrace = 15 * time.Second
	// oneSignal is how long signals count as the first one. A single cause sends
	// several: `timeout` tells its child and then its whole group; when a terminal
	// closes, the kernel and the shell both say so.
	oneSignal = 250 * time.Millisecond
)

// runOptions are the options of `heitan run`.
type runOptions struct {
	common  *commonOptions
	params  paramOptions
	target  string
	project string
	session string

	selection  local.Selection
	saveDir    string
	noSave     bool
	dryRun     bool
	showParams bool
	json       bool
	threads    int
	taskLog    string
	timezone   string // accepted and ignored, as in Digdag
}

func newRun(env Env, common *commonOptions) *cobra.Command {
	o := &runOptions{common: common}
	cmd := &cobra.Command{
		Use:     "run WORKFLOW [+TASK]",
		Aliases: []string{"r"},
		Short:   "Run a workflow on this machine",
		Long: `Run a workflow on this machine.

WORKFLOW is a .dig file or the name of one in the project's folder. With +TASK,
only that task and those below it run; the end of a full name is enough.

What succeeded is remembered: a second run of the same session skips it and goes
on with the rest. So does a run after heitan was killed.

Exit status: 0 if the workflow succeeded, 1 if not, 128 and the signal's number
if a signal ended the run.`,
		Example: `  heitan run report.dig
  heitan run report.dig --session 2026-03-01 -p region=tokyo
  heitan run report.dig --start +load      # load and all after it again
  heitan run report.dig +load --rerun      # only this task, even if it succeeded`,
		ValidArgsFunction: completeWorkflow,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usage(cmd, "run expects a workflow, and perhaps a task")
			}
			o.target = args[0]
			if len(args) == 2 {
				o.selection.Only = args[1]
			}
			return runRun(env, o)
		},
	}
	f := cmd.Flags()
	f.Var(once(&o.project), "project", "`folder` of the project (default: the current one)")
	session := once(&o.session)
	f.VarP(session, "session", "t", "session `time`: last, daily, hourly, schedule, \"yyyy-MM-dd\" or \"yyyy-MM-dd HH:mm:ss\" (default last)")
	f.Var(session, "session-time", "the same as --session")
	_ = f.MarkHidden("session-time")
	f.BoolVarP(&o.selection.Rerun, "rerun", "a", false, "run all tasks, also those that succeeded before")
	f.BoolVar(&o.selection.Rerun, "all", false, "the same as --rerun")
	_ = f.MarkHidden("all")
	f.VarP(once(&o.selection.Start), "start", "s", "run this `+task` and all after it again")
	f.VarP(once(&o.selection.Goal), "goal", "g", "run this `+task` again, and before it what has not succeeded yet")
	f.VarP(once(&o.selection.End), "end", "e", "run only tasks before this `+task`")
	f.VarP(once(&o.saveDir), "save", "o", "keep the state of runs in this `folder` (default "+defaultSaveDir+" in the project)")
	f.BoolVar(&o.noSave, "no-save", false, "neither read nor keep the state of runs")
	f.BoolVarP(&o.dryRun, "dry-run", "d", false, "evaluate params, but call no operator")
	f.BoolVarP(&o.showParams, "show-params", "E", false, "show each task's params before it runs")
	f.BoolVar(&o.json, "json", false, "print events as JSON, one on a line")
	f.IntVar(&o.threads, "max-task-threads", 0, "run at most `N` tasks at once (default 0: no limit but heitan's own, 1000)")
	f.VarP(once(&o.taskLog), "task-log", "O", "keep the log of each task in this `folder`")
	f.StringArrayVarP(&o.params.pairs, "param", "p", nil, "set a param: `KEY=VALUE`; a.b=c sets b in a")
	f.VarP(once(&o.params.file), "params-file", "P", "read params from this YAML or JSON `file`")
	f.Var(once(&o.timezone), "timezone", "accepted for Digdag's sake and ignored")
	_ = f.MarkHidden("timezone")
	return cmd
}

// usage is the error of a wrong number of arguments.
func usage(cmd *cobra.Command, message string) error {
	return &heitan.Error{Kind: heitan.Invalid, Msg: message, Hint: "see `" + cmd.CommandPath() + " --help`"}
}

// check refuses options that contradict each other.
func (o *runOptions) check() error {
	for _, c := range []struct {
		both bool
		text string
	}{
		{o.selection.Start != "" && o.selection.Goal != "", "--start and --goal"},
		{o.selection.Goal != "" && o.selection.End != "", "--goal and --end"},
		{o.selection.Rerun && o.selection.Start != "", "--rerun and --start"},
		{o.selection.Rerun && o.selection.Goal != "", "--rerun and --goal"},
		{o.noSave && o.saveDir != "", "--no-save and --save"},
	} {
		if c.both {
			return &heitan.Error{Kind: heitan.Invalid, Msg: c.text + " exclude each other"}
		}
	}
	if o.threads < 0 {
		return &heitan.Error{Kind: heitan.Invalid, Msg: "--max-task-threads expects a number that is not negative"}
	}
	return nil
}

func runRun(env Env, o *runOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	r := &run{env: env, options: o, dir: env.Path(o.project)}
	if err := r.prepare(); err != nil {
		return err
	}
	defer r.out.close()
	signals, stopSignals := env.Signals()
	defer stopSignals()
	ctx := context.Background()
	if err := r.start(ctx); err != nil {
		return err
	}
	return r.await(ctx, signals)
}

// run is one `heitan run`.
type run struct {
	env      Env
	options  *runOptions
	dir      string // absolute path of the project
	settings config.Config
	params   *params.Object
	project  *workflow.Project
	workflow *workflow.Workflow
	out      *printer
	system   *server.Local
	started  *local.Started
}

// prepare reads everything that the user gave.
func (r *run) prepare() error {
	o := r.options
	level, err := o.common.level()
	if err != nil {
		return err
	}
	if r.settings, err = o.common.config(r.env); err != nil {
		return err
	}
	if r.params, err = o.params.read(r.env, r.settings); err != nil {
		return err
	}
	if o.project != "" {
		r.params = r.params.With("_project_path", r.dir)
	}
	var problems diag.List
	if r.project, r.workflow, problems, err = local.Load(r.dir, o.target); err != nil {
		if list, ok := errors.AsType[diag.List](err); ok {
			return inProject(o.project, list)
		}
		return err
	}
	if r.out, err = newPrinter(r.env, o, level); err != nil {
		return err
	}
	r.out.problems(inProject(o.project, problems))
	return nil
}

// start opens the state and begins the attempt.
func (r *run) start(ctx context.Context) (err error) {
	o := r.options
	r.system, err = server.OpenLocal(ctx, server.LocalOptions{
		Dir:        r.dir,
		Project:    r.project,
		Params:     r.params,
		SaveDir:    o.savePath(r.dir),
		Settings:   r.settings,
		SecretsDir: secretsDir(r.env),
		Environ:    r.env.Environ,
		Threads:    cmp.Or(o.threads, defaultThreads),
		DryRun:     o.dryRun,
		Now:        r.env.Now,
		Log:        r.out.logger(),
		OpenLog:    r.out.openTaskLog,
		Observer:   r.out,
	})
	if err != nil {
		return err
	}
	r.started, err = r.system.Runs.Start(ctx, local.Request{
		Workflow: r.workflow, Session: cmp.Or(o.session, "last"), Selection: o.selection, Chosen: r.out.began,
	})
	if err != nil {
		return errors.Join(err, r.system.Close(ctx, operator.ErrInterrupted))
	}
	return nil
}

// await waits for the end of the attempt, or for a signal.
func (r *run) await(ctx context.Context, signals <-chan os.Signal) error {
	type ended struct {
		report local.Report
		err    error
	}
	done := make(chan ended, 1)
	go func() {
		report, err := r.system.Runs.Report(ctx, r.started)
		done <- ended{report, err}
	}()
	select {
	case s := <-signals:
		return r.interrupt(ctx, s, signals)
	case e := <-done:
		if err := errors.Join(e.err, r.system.Close(ctx, operator.ErrInterrupted)); err != nil {
			return err
		}
		r.out.ended(r.started, e.report)
		if !e.report.Success() {
			return silentError{status: 1}
		}
		return nil
	}
}

// interrupt stops the running tasks because of a signal, and gives them up at a
// second one.
func (r *run) interrupt(ctx context.Context, first os.Signal, signals <-chan os.Signal) error {
	seen := r.env.Now()
	r.out.stopping(first)
	ctx, cancel := context.WithTimeoutCause(ctx, stopGrace, errors.New("not everything ended in time"))
	defer cancel()
	closed := make(chan error, 1)
	go func() { closed <- r.system.Close(ctx, operator.ErrInterrupted) }()
	for waiting := true; waiting; {
		select {
		case err := <-closed:
			if err != nil {
				r.out.logger().Warn("stop the run", "error", err)
			}
			waiting = false
		case <-signals:
			if r.env.Now().Sub(seen) >= oneSignal {
				r.out.logger().Error("ended at once; the next run stops what may still be running")
				waiting = false
			}
		}
	}
	r.out.interrupted(r.started)
	return signalError{signal: first}
}

// savePath is the folder of the state, "" if none is kept.
func (o *runOptions) savePath(dir string) string {
	switch {
	case o.noSave || o.dryRun:
		return ""
	case o.saveDir == "":
		return filepath.Join(dir, defaultSaveDir)
	}
	if filepath.IsAbs(o.saveDir) {
		return o.saveDir
	}
	return filepath.Join(dir, o.saveDir)
}
