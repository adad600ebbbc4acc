package server

import (
	"context"
	"errors"
	"fmt"
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
	"github.com/heitan/heitan/operator/http"
	"github.com/heitan/heitan/operator/mail"
	opnotify "github.com/heitan/heitan/operator/notify"
	"github.com/heitan/heitan/operator/param"
	"github.com/heitan/heitan/operator/shell"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/runner/process"
	"github.com/heitan/heitan/store"
)

// surroundings is what operators and runners are built from.
type surroundings struct {
	settings  config.Config
	templates *expr.Evaluator
	environ   []string
	store     store.ParamServer // nil if no operator will be called
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
	sender, notifyErr := notify.FromConfig(ctx, s.settings, notify.Dependencies{
		Render: s.render, Log: s.log, Environ: s.environ,
	})
	if err := errors.Join(httpErr, mailErr, notifyErr); err != nil {
		return nil, err
	}
	processes := process.New(process.Options{Environ: s.environ, Log: s.log})
	runners := command.Runners{command.Process: processes}
	all := make(map[string]operator.Entry)
	for _, family := range []map[string]operator.Entry{
		control.Operators(control.Settings{MaxSubtasks: s.limits.Tasks, Sessions: s.sessions}),
		param.Operators(),
		shell.Operators(runners),
		http.Operators(httpSettings),
		mail.Operators(mailSettings),
		opnotify.Operators(sender),
	} {
		maps.Copy(all, family)
	}
	return operator.NewRegistry(all, external.NewFinder(processes, s.environ)), nil
}

// Operators are the operators there are, to look at their names only.
func Operators(ctx context.Context, settings config.Config, environ []string) (*operator.Registry, error) {
	return newOperators(ctx, surroundings{
		settings: settings, templates: expr.New(expr.Options{}), environ: environ,
		limits: engine.DefaultLimits(), log: slog.New(slog.DiscardHandler),
	})
}
