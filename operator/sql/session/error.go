package session

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// Error is a problem with a database or the connection to it.
type Error struct {
	SQLState string // "" if it is not the server that says so
	Message  string
	Hint     string // of the server; may be empty
	Position int    // the character of the statement where the problem is, from 1; 0 if unknown
	// Lost means that the connection is gone, so that nobody can tell what became
	// of the statement.
	Lost bool
	Err  error // the cause, if it is not the server
}

func (e *Error) Error() string { return e.Message }

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// SQLStates that callers decide on.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const (
	ReadOnlyTransaction   = "25006"
	InsufficientPrivilege = "42501"
	UniqueViolation       = "23505"
	DuplicateTable        = "42P07"
	DuplicateObject       = "42710"
	UndefinedTable        = "42P01"
	LockNotAvailable      = "55P03"
	SyntaxError           = "42601"
)

// Is reports whether err is an error of the server with one of the given states.
func Is(err error, states ...string) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && slices.Contains(states, e.SQLState)
}

// failure describes an error of the driver. What the server said is copied, so
// that nothing hidden is reached through the chain of errors.
func (s *Session) failure(err error) *Error {
	if server, ok := errors.AsType[*pgconn.PgError](err); ok {
		return s.serverFailure(server)
	}
	if tooLong, ok := errors.AsType[*pgproto3.ExceededMaxBodyLenErr](err); ok {
		return &Error{Message: fmt.Sprintf("a row has %d bytes, more than the limit of %d",
			tooLong.ActualBodyLen, tooLong.MaxExpectedBodyLen), Err: tooLong}
	}
	if silent, ok := errors.AsType[silentError](err); ok {
		return &Error{Message: silent.Error(), Lost: true, Err: silent}
	}
	cause := err
	if connect, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		cause = connect.Unwrap() // user and database are known to who reads it
	}
	message := strings.Join(strings.FieldsFunc(cause.Error(), func(r rune) bool { return r == '\n' }), "; ")
	return &Error{Message: s.hide(message), Lost: true, Err: cause}
}

func (s *Session) serverFailure(e *pgconn.PgError) *Error {
	message := e.Severity + ": " + e.Message
	if e.Detail != "" {
		message += " " + e.Detail
	}
	return &Error{
		SQLState: e.Code,
		Message:  s.hide(message),
		Hint:     s.hide(e.Hint),
		Position: int(e.Position),
		Lost:     strings.HasPrefix(e.Code, "08") || strings.HasPrefix(e.Code, "57P"),
	}
}
