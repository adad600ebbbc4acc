package expr

import (
	"context"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/internal/script"
	"github.com/heitan/heitan/expr/moment"
	"github.com/heitan/heitan/params"
)

// Evaluator renders templates. It may be used from any number of goroutines.
type Evaluator struct {
	options Options
	engine  *script.Engine
}

// New makes an evaluator.
func New(options Options) *Evaluator {
	options = options.withDefaults()
	limits := script.Limits{
		Timeout:   options.Timeout,
		MaxSource: options.MaxSource,
		MaxResult: options.MaxResult,
		MaxMemory: uint64(options.MaxMemory),
	}
	return &Evaluator{options: options, engine: script.New(limits, options.Now, installMoment)}
}

func installMoment(vm *goja.Runtime, m script.Moment) error {
	return moment.Install(vm, moment.Env{Now: m.Now, Zone: m.Zone, Changed: m.Changed})
}

// Text renders a template with the parameters of a scope. Dates are in the zone
// that the parameter timezone names, or else in UTC. The error is an [*Error].
func (e *Evaluator) Text(ctx context.Context, template string, parameters *params.Object) (string, error) {
	if !params.HasTemplate(template) {
		return template, nil
	}
	r := &rendering{evaluator: e, ctx: ctx, parameters: parameters}
	defer r.end()
	text, err := r.text(template, scope{raw: parameters})
	if err != nil {
		return "", err
	}
	return text, nil
}
