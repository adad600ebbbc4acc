package heitan

import "errors"

// ErrorKind says what sort of problem an error is, for exit codes, HTTP
// statuses and decisions about retrying.
type ErrorKind uint8

const (
	// Internal is a defect or an unexpected failure of heitan itself.
	Internal ErrorKind = iota
	// Invalid means that what the user gave is wrong.
	Invalid
	// NotFound means that something named does not exist.
	NotFound
	// Conflict means that something exists already or changed meanwhile.
	Conflict
	// Denied means that the user may not do that.
	Denied
	// Unavailable means that something heitan needs does not answer now.
	Unavailable
)

func (k ErrorKind) String() string {
	switch k {
	case Internal:
		return "internal"
	case Invalid:
		return "invalid"
	case NotFound:
		return "not found"
	case Conflict:
		return "conflict"
	case Denied:
		return "denied"
	case Unavailable:
		return "unavailable"
	}
	return "internal"
}

// Error is an error that a user can be shown: what went wrong, of which kind,
// and what to do next.
type Error struct {
	Kind ErrorKind
	Msg  string
	Hint string // what to type or change next; may be empty
	Err  error  // the cause; may be nil
}

func (e *Error) Error() string {
	switch {
	case e.Err == nil:
		return e.Msg
	case e.Msg == "":
		return e.Err.Error()
	}
	return e.Msg + ": " + e.Err.Error()
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the first Error in err's chain, or Internal.
func KindOf(err error) ErrorKind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// HintOf is the hint of the first Error in err's chain that has one, or "".
func HintOf(err error) string {
	for {
		e, ok := errors.AsType[*Error](err)
		if !ok {
			return ""
		}
		if e.Hint != "" {
			return e.Hint
		}
		err = e.Err
	}
}
