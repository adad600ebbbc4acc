package script

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// Why an evaluation was ended from outside. What a script did wrong itself is an
// [*Exception]. The error of a cancelled context is returned as it is.
var (
	ErrTimeout  = errors.New("the evaluation took too long")
	ErrMemory   = errors.New("the evaluation took too much memory")
	ErrTooLarge = errors.New("the result is too large")
	ErrInternal = errors.New("the evaluation broke the engine")
)

// Exception is what a script threw and did not catch. Message is the text of the
// value, for errors as in `TypeError: Cannot read property "a" from undefined`.
type Exception struct{ Message string }

func (e *Exception) Error() string { return e.Message }

// SyntaxError says that a text is not one JavaScript expression, or one that may
// not be evaluated.
type SyntaxError struct {
	Offset  int // in bytes from the beginning of the expression
	Message string
}

func (e *SyntaxError) Error() string { return "SyntaxError: " + e.Message }

// maxMessage is how many bytes of a thrown value's text are kept.
const maxMessage = 2000

// nashornText turns the engine's wording of the common errors into that of
// Nashorn and of GraalJS in its Nashorn mode, which users of Digdag know and
// search for.
func nashornText(text string) string {
	if len(text) > maxMessage {
		cut := maxMessage
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + "…"
	}
	kind, message, ok := strings.Cut(text, ": ")
	if !ok {
		return text
	}
	switch kind {
	case "ReferenceError":
		if name, ok := strings.CutSuffix(message, " is not defined"); ok {
			return kind + `: "` + name + `" is not defined`
		}
	case "TypeError":
		if rest, ok := strings.CutPrefix(message, "Cannot read property '"); ok {
			rest = strings.TrimSuffix(rest, " or null")
			if name, ok := strings.CutSuffix(rest, "' of undefined"); ok {
				return kind + `: Cannot read property "` + name + `" from undefined`
			}
		}
		if rest, ok := strings.CutPrefix(message, "Object has no member '"); ok {
			return kind + ": " + strings.TrimSuffix(rest, "'") + " is not a function"
		}
		if value, ok := strings.CutPrefix(message, "Value is not an object: "); ok {
			return kind + ": " + value + " is not a function or an object"
		}
	}
	return text
}
