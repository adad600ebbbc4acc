package expr

import (
	"context"
	"strings"

	"github.com/heitan/heitan/expr/internal/script"
	"github.com/heitan/heitan/params"
)

// rendering is one call of Text or Document: what all its templates share.
type rendering struct {
	evaluator  *Evaluator
	ctx        context.Context
	parameters *params.Object  // raw
	session    *script.Session // begun by the first expression that needs JavaScript
	made       int             // bytes of text made so far
	visited    int             // values of a document looked at so far
}

func (r *rendering) end() {
	if r.session != nil {
		r.session.End()
	}
}

// text renders a template.
func (r *rendering) text(template string, s scope) (string, *Error) {
	var b strings.Builder
	for seg := range segments(template) {
		text := ""
		if !seg.expression {
			text = literal(seg.text)
		} else {
			var err error
			if text, err = r.expression(seg.text, s); err != nil {
				return "", evaluationError(seg, err)
			}
			if len(seg.text)+len("${}") == len(template) {
				return text, r.count(seg, text)
			}
		}
		if err := r.count(seg, text); err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

// count adds to the text that was made, and fails if it gets too long.
func (r *rendering) count(seg segment, text string) *Error {
	if r.made += len(text); r.made > r.evaluator.options.MaxResult {
		return evaluationError(seg, script.ErrTooLarge)
	}
	return nil
}

// expression is the text that an expression is replaced by.
func (r *rendering) expression(source string, s scope) (string, error) {
	if source == "" {
		return "", nil
	}
	if p, ok := parsePath(source); ok {
		v, out, err := p.lookUp(s)
		switch {
		case err != nil:
			return "", err
		case out == undefined:
			return "", nil
		case out == found:
			text, ok := textOf(v, r.evaluator.options.MaxResult)
			if !ok {
				return "", script.ErrTooLarge
			}
			return text, nil
		}
	}
	program, err := r.evaluator.engine.Compile(source)
	if err != nil {
		return "", err
	}
	if r.session == nil {
		r.session = r.evaluator.engine.Begin(r.ctx, r.zone())
	}
	return r.session.Eval(program, s)
}

// zone is the name of the time zone of dates. As in Digdag it is that of the
// parameters, whatever the keys of a task say.
func (r *rendering) zone() string {
	v, _ := r.parameters.Get("timezone")
	name, _ := v.(string)
	return name
}
