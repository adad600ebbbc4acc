package sql

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/sql/session"
)

// failed is a problem with a database as Digdag words it, `act [cause]`. nil
// stays nil, and if ctx has ended, that is the error.
func failed(ctx context.Context, act string, err error) error {
	return failedIn(ctx, act, err, "", "")
}

// failedIn is failed for a statement that is the user's query behind a prefix. The
// place of the problem is told in the query.
func failedIn(ctx context.Context, act string, err error, prefix, query string) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	f := &operator.Failure{Err: err}
	place := ""
	if e, ok := errors.AsType[*session.Error](err); ok {
		f.Hint = e.Hint
		place = placeIn(query, e.Position-utf8.RuneCountInString(prefix))
	}
	f.Message = fmt.Sprintf("%s [%s%s]", act, err, place)
	return f
}

func withHint(err error, hint string) error {
	if f, ok := errors.AsType[*operator.Failure](err); ok {
		f.Hint = hint
	}
	return err
}

// placeIn says where the n-th character of a query is, counted from 1, or nothing
// if it is not in the query.
func placeIn(query string, n int) string {
	if n <= 0 || n > utf8.RuneCountInString(query) {
		return ""
	}
	before := string([]rune(query)[:n-1])
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Sprintf(" at line %d, column %d of the query", line, column)
}
