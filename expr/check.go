package expr

import (
	"errors"

	"github.com/heitan/heitan/expr/internal/script"
)

// Problem is a syntax error in a template.
type Problem struct {
	Offset     int    // where it is, in bytes from the beginning of the template
	Expression string // the text between ${ and }
	Message    string // one line, as in `Unexpected token )`
	Hint       string // what may help, or ""
}

// Check finds the syntax errors in the expressions of a template, the first of
// each expression, without evaluating anything.
func Check(template string) []Problem {
	var problems []Problem
	longest := Options{}.withDefaults().MaxSource
	for s := range segments(template) {
		if !s.expression || s.text == "" {
			continue
		}
		if _, ok := parsePath(s.text); ok {
			continue
		}
		if syntax, ok := errors.AsType[*script.SyntaxError](script.Check(s.text, longest)); ok {
			problems = append(problems, Problem{Offset: s.offset + syntax.Offset, Expression: s.text, Message: syntax.Message, Hint: shellHint(s.text)})
		}
	}
	return problems
}
