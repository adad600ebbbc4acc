package expr

import (
	"regexp"
	"slices"
	"strings"

	"github.com/heitan/heitan/internal/diag"
)

// Undefined is the name that the expression uses although there is no param of it.
func (e *Error) Undefined() (name string, ok bool) {
	rest, ok := strings.CutPrefix(e.Message, `ReferenceError: "`)
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, `" is not defined`)
}

// Hint is what may help whoever wrote the expression, or "". known are the names
// of the params there are.
func (e *Error) Hint(known []string) string {
	name, undefined := e.Undefined()
	switch {
	case e.Kind == Syntax:
		return shellHint(e.Expression)
	case !undefined:
		return ""
	}
	if slices.Contains(known, name) {
		return "`" + name + "` is a key of the task itself; below _export the whole task sees it"
	}
	if near := diag.DidYouMean(name, known); near != "" {
		return near
	}
	if name == e.Expression && shellVariable.MatchString(name) {
		return "a variable of the shell is written $" + name
	}
	return ""
}

var (
	shellVariable  = regexp.MustCompile(`^[A-Z_][A-Z0-9_]*$`)
	shellExpansion = regexp.MustCompile(`^[#!]?[A-Za-z_][A-Za-z0-9_]*([:#%/^,@[].*)?$`)
)

// shellHint is a hint for an expression that only a shell understands, or "".
func shellHint(expression string) string {
	if !shellExpansion.MatchString(expression) {
		return ""
	}
	return "if this is for a shell, write ${'$'}{" + expression + "}"
}
