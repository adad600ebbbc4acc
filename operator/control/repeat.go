package control

import (
	"slices"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// body is the `_do` of a loop. Every iteration gets a copy of it that differs in
// its `_export` and shares everything else.
type body struct {
	do     *params.Object
	pos    params.Pos     // of the `_do` key
	export *params.Object // the body's own `_export`; nil if it has none
	group  []params.Entry // the loop's `_parallel`, for the group of all iterations
}

// readBody reads the keys that all loops have. Problems are left in p.
func readBody(p *operator.Params) body {
	b := body{do: p.Object("_do"), pos: p.Pos("_do")}
	switch export, _ := b.do.Get("_export"); export := export.(type) {
	case nil:
	case *params.Object:
		b.export = flat(export)
	default:
		p.Fail("_do", "Expected object type for key '_export' but got a %s", params.Kind(export))
	}
	if parallel, ok := p.Get("_parallel"); ok {
		if _, err := workflow.ParseParallel(parallel); err != nil {
			p.Fail("_parallel", "%w", err)
		}
		b.group = []params.Entry{{Key: "_parallel", Value: parallel, Pos: p.Pos("_parallel")}}
	}
	b.do = flat(b.do)
	return b
}

// flat is o in one layer. Laying another over a document of many layers copies
// all its keys, which must not happen again for each iteration.
func flat(o *params.Object) *params.Object {
	return params.New(slices.Collect(o.Entries())...)
}

// iteration is the task of one iteration, with the given `_export`.
func (b body) iteration(name string, export *params.Object) params.Entry {
	config := b.do.WithEntry(params.Entry{Key: "_export", Value: export, Pos: b.do.Pos("_export")})
	return params.Entry{Key: name, Value: config, Pos: b.pos}
}

// result is the group of all iterations.
func (b body) result(iterations []params.Entry) operator.Result {
	if len(iterations) == 0 {
		return operator.Result{}
	}
	return operator.Result{Subtasks: params.New(append(iterations, b.group...)...)}
}

// tooMany is the failure of a loop with more iterations than its limit.
func tooMany(p *operator.Params, operatorName string, limit int) error {
	p.Fail("_command", "Too many %s subtasks. Limit: %d", operatorName, limit)
	return p.Err()
}
