package server

import (
	"log/slog"
	"maps"

	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/control"
	"github.com/heitan/heitan/operator/param"
	"github.com/heitan/heitan/store"
)

// parts is what coordinators work with and what has to be given up at the end.
type parts struct {
	operators *operator.Registry
	limits    engine.Limits
	closers   []func() error
}

func newParts(settings config.Config, s store.ParamServer, sessions control.Sessions, log *slog.Logger) (*parts, error) {
	limits := engine.DefaultLimits()
	all := make(map[string]operator.Entry)
	for _, family := range []map[string]operator.Entry{
		control.Operators(control.Settings{MaxSubtasks: limits.Tasks, Sessions: sessions}),
		param.Operators(),
	} {
		maps.Copy(all, family)
	}
	return &parts{operators: operator.NewRegistry(all), limits: limits}, nil
}

func (p *parts) close() error { return nil }

// Operators are the operators there are, to look at their names only.
func Operators(settings config.Config) (*operator.Registry, error) {
	p, err := newParts(settings, nil, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	return p.operators, p.close()
}
