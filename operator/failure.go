package operator

import (
	"errors"
	"fmt"

	"github.com/heitan/heitan/params"
)

// Causes with which the context of a running operator ends.
var (
	// ErrKilled means that the attempt was killed.
	ErrKilled = errors.New("the attempt was killed")
	// ErrTimeout means that the task ran longer than its timeout.
	ErrTimeout = errors.New("the task ran longer than its timeout")
	// ErrInterrupted means that this heitan is ending and stops what it started.
	// The task is run again when the attempt goes on.
	ErrInterrupted = errors.New("heitan is stopping")
	// ErrHandover means that this heitan is ending, but what runs outside goes
	// on; whoever takes the attempt over attaches to it.
	ErrHandover = errors.New("the attempt is handed over")
)

// Failure is the failure of a user's task. It is shown to the user and is what
// _error tasks see as ${error}.
type Failure struct {
	Message string
	// Kind is shown in parentheses behind the message, as Digdag shows the kind of
	// an exception: KindConfig, KindRuntime, or "" for a failure that was meant.
	Kind  string
	Hint  string     // what to change or type; may be empty
	Pos   params.Pos // a key in the workflow file; zero for the task itself
	Trace string     // a script's backtrace; may be empty
	Err   error      // the cause; may be nil
}

// Kinds of failures.
const (
	KindConfig  = "config"  // the task is written wrongly
	KindRuntime = "runtime" // what the task did failed
)

func (f *Failure) Error() string {
	if f.Kind == "" {
		return f.Message
	}
	return f.Message + " (" + f.Kind + ")"
}

// Unwrap is the cause.
func (f *Failure) Unwrap() error { return f.Err }

// Configf is the failure of a task that is written wrongly.
func Configf(format string, args ...any) *Failure { return newFailure(KindConfig, format, args) }

// Runtimef is the failure of what a task did.
func Runtimef(format string, args ...any) *Failure { return newFailure(KindRuntime, format, args) }

// At is the failure with the place in the workflow file that caused it.
func (f *Failure) At(pos params.Pos) *Failure {
	f.Pos = pos
	return f
}

// WithHint is the failure with a hint.
func (f *Failure) WithHint(hint string) *Failure {
	f.Hint = hint
	return f
}

func newFailure(kind, format string, args []any) *Failure {
	err := fmt.Errorf(format, args...)
	return &Failure{Message: err.Error(), Kind: kind, Err: errors.Unwrap(err)}
}

// AsFailure is err as a failure of the task, whatever it is; nil stays nil.
func AsFailure(err error) *Failure {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return &Failure{Message: err.Error(), Kind: KindRuntime, Err: err}
}
