package expr

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/heitan/heitan/expr/internal/script"
	"github.com/heitan/heitan/params"
)

// Kind is why a template could not be rendered.
type Kind uint8

const (
	// Script means that the expression threw an error, such as a ReferenceError.
	Script Kind = iota
	// Syntax means that the text is not one JavaScript expression.
	Syntax
	// Timeout means that the time limit was reached.
	Timeout
	// Memory means that the evaluation needed too much memory.
	Memory
	// Size means that the rendered text would be too large.
	Size
	// Canceled means that the context was done.
	Canceled
	// Internal is a defect of the engine.
	Internal
)

func (k Kind) String() string {
	switch k {
	case Script:
		return "script"
	case Syntax:
		return "syntax"
	case Timeout:
		return "timeout"
	case Memory:
		return "memory"
	case Size:
		return "size"
	case Canceled:
		return "canceled"
	case Internal:
	}
	return "internal"
}

// Error is an expression that could not be evaluated. Unwrap leads to the error
// of the context where that is the reason.
type Error struct {
	Kind       Kind
	Expression string     // the text between ${ and }
	Offset     int        // of the expression in its template, in bytes
	Path       string     // of the template in the document as in a.b[2].c, or ""
	Pos        params.Pos // where the key was written that is nearest to the template, if known
	Message    string     // what went wrong, as in `ReferenceError: "x" is not defined`

	cause error
}

// maxShown is how many bytes of an expression are shown in an error's text.
const maxShown = 1000

// Error is the text that Digdag shows, but for the template around the
// expression.
func (e *Error) Error() string {
	shown := e.Expression
	if len(shown) > maxShown {
		cut := maxShown
		for !utf8.RuneStart(shown[cut]) {
			cut--
		}
		shown = shown[:cut] + "…"
	}
	return "Failed to evaluate a variable ${" + shown + "} (" + e.Message + ")"
}

// Unwrap is the error of the context if the evaluation was canceled, else nil.
func (e *Error) Unwrap() error { return e.cause }

// evaluationError says why the expression of a segment could not be evaluated.
func evaluationError(s segment, err error) *Error {
	e := &Error{Expression: s.text, Offset: s.offset, Message: err.Error(), Kind: Internal}
	var syntax *script.SyntaxError
	var thrown *script.Exception
	switch {
	case errors.As(err, &syntax):
		e.Kind = Syntax
	case errors.As(err, &thrown):
		e.Kind = Script
	case errors.Is(err, script.ErrTimeout):
		e.Kind = Timeout
	case errors.Is(err, script.ErrMemory):
		e.Kind = Memory
	case errors.Is(err, script.ErrTooLarge):
		e.Kind = Size
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.Kind, e.cause = Canceled, err
	}
	return e
}

// pathKey appends a key to a path as in a.b[2].c. Keys that would be misread are
// quoted.
func pathKey(path, key string) string {
	if key == "" || strings.ContainsAny(key, `.[]"`) {
		return path + "[" + strconv.Quote(key) + "]"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

func pathIndex(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
