package control

import (
	"context"

	"github.com/heitan/heitan/operator"
)

// choose is if>: it runs `_do` or `_else_do`, or nothing if the chosen one is
// missing.
func choose(_ context.Context, req *operator.Request) (operator.Result, error) {
	p := req.Params
	needed(p, "_command")
	condition := p.BoolOr("_command", false)
	do, otherwise := p.ObjectOr("_do", nil), p.ObjectOr("_else_do", nil)
	if err := p.Err(); err != nil {
		return operator.Result{}, err
	}
	if do.Len() == 0 && otherwise.Len() == 0 {
		p.Fail("_command", "Both _do and _else_do are not specified.")
		return operator.Result{}, p.Err()
	}
	if condition {
		return operator.Result{Subtasks: do}, nil
	}
	return operator.Result{Subtasks: otherwise}, nil
}
