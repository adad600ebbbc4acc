package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/heitan/heitan"
)

// Dialect is what the queries need to know of an engine.
type Dialect struct {
	// Placeholder is the n-th parameter, from 1, of a statement of many rows.
	Placeholder func(n int) string
	// LockRows ends a SELECT whose rows nobody else may change until the end of
	// the transaction; "" where a transaction has the database for itself.
	LockRows string
	// Explain is what an error of the driver means to a user, nil if it is
	// nothing that the engine knows.
	Explain func(error) *heitan.Error
	// Again reports whether a transaction that failed so left nothing behind and
	// may succeed if it is simply run again.
	Again func(error) bool
	// Orphan reports whether an error says that a row refers to one that is not there.
	Orphan func(error) bool
}

// Fault is an error of the database as callers see it: act, and what the error
// means. What somebody has explained already stays as it is; the end of ctx is
// its cause.
func (d Dialect) Fault(ctx context.Context, act string, err error) error {
	if err == nil {
		return nil
	}
	if _, explained := errors.AsType[*heitan.Error](err); explained {
		return err
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", act, context.Cause(ctx))
	}
	if errors.Is(err, errSilent) {
		return &heitan.Error{
			Kind: heitan.Unavailable, Msg: act, Err: err,
			Hint: "it is overloaded, out of reach or stopped; try again later",
		}
	}
	if e := d.Explain(err); e != nil {
		return &heitan.Error{Kind: e.Kind, Msg: act, Hint: e.Hint, Err: e}
	}
	return fmt.Errorf("%s: %w", act, err)
}
