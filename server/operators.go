package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"

	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/expr"
	"github.com/heitan/heitan/internal/buildinfo"
	"github.com/heitan/heitan/notify"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/control"
	"github.com/heitan/heitan/operator/external"
	"github.com/heitan/heitan/operator/gcs"
	"github.com/heitan/heitan/operator/http"
	"github.com/heitan/heitan/operator/mail"
	opnotify "github.com/heitan/heitan/operator/notify"
	"github.com/heitan/heitan/operator/param"
	"github.com/heitan/heitan/operator/paramserver"
	"github.com/heitan/heitan/operator/s3"
	"github.com/heitan/heitan/operator/shell"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/operator/sql"
	"github.com/heitan/heitan/operator/unavailable"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/runner/docker"
	"github.com/heitan/heitan/runner/process"
	"github.com/heitan/heitan/store"
)

// surroundings is what operators and runners are built from.
type surroundings struct {
	settings  config.Config
	templates *expr.Evaluator
	environ   []string
	runners   command.Runners
	params    store.ParamServer // nil if no operator will be called
	sessions  control.Sessions
	limits    engine.Limits
	log       *slog.Logger
}

// render evaluates a template of a setting; name says which in messages.
func (s surroundings) render(ctx context.Context, name, template string, scope *params.Object) (string, error) {
	text, err := s.templates.Text(ctx, template, scope)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return text, nil
}

// newOperators lists the operators there are.
func newOperators(ctx context.Context, s surroundings) (*operator.Registry, error) {
	httpSettings, httpErr := http.SettingsFrom(s.settings, "heitan/"+buildinfo.Version())
	mailSettings, mailErr := mail.SettingsFrom(s.settings)
	sqlSettings, sqlErr := sql.SettingsFrom(s.settings)
	sender, notifyErr := notify.FromConfig(ctx, s.settings, notify.Dependencies{
		Render: s.render, Log: s.log, Environ: s.environ,
	})
	if err := errors.Join(httpErr, mailErr, sqlErr, notifyErr); err != nil {
		return nil, err
	}
	all := make(map[string]operator.Entry)
	for _, family := range []map[string]operator.Entry{
		control.Operators(control.Settings{MaxSubtasks: s.limits.Tasks, Sessions: s.sessions}),
		param.Operators(),
		paramserver.Operators(s.params),
		shell.Operators(s.runners),
		http.Operators(httpSettings),
		mail.Operators(mailSettings),
		opnotify.Operators(sender),
		sql.Operators(sqlSettings),
		s3.Operators(),
		gcs.Operators(),
		unavailable.Operators(),
	} {
		maps.Copy(all, family)
	}
	return operator.NewRegistry(all, external.NewFinder(s.runners[command.Process], s.environ)), nil
}

// newRunners lists the runners there are. Nothing is called before a task needs it.
func newRunners(environ []string, log *slog.Logger) (command.Runners, io.Closer) {
	options := docker.OptionsFrom(environ)
	options.Log = log
	containers := docker.New(options)
	return command.Runners{
		command.Process: process.New(process.Options{Environ: environ, Log: log}),
		command.Docker:  containers,
	}, containers
}

// Operators are the operators there are, to look at their names only.
func Operators(ctx context.Context, settings config.Config, environ []string) (*operator.Registry, error) {
	log := slog.New(slog.DiscardHandler)
	runners, containers := newRunners(environ, log)
	all, err := newOperators(ctx, surroundings{
		settings: settings, templates: expr.New(expr.Options{}), environ: environ,
		runners: runners, limits: engine.DefaultLimits(), log: log,
	})
	return all, errors.Join(err, containers.Close())
}
