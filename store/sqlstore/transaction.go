package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"
)

const (
	// maxTries is how often a transaction is run that loses against others. A
	// deadlock takes two, and each round has a winner.
	maxTries = 6
	// firstPause is waited before the second try, twice as long before each further one.
	firstPause = 5 * time.Millisecond
)

// transaction is a transaction that is watched.
type transaction struct {
	*sql.Tx
	watch *watch
}

func (t transaction) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	defer t.watch.heard()
	return t.Tx.ExecContext(ctx, query, args...)
}

func (t transaction) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	defer t.watch.heard()
	return t.Tx.QueryContext(ctx, query, args...) //nolint:sqlclosecheck // the caller closes them
}

func (t transaction) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	defer t.watch.heard()
	return t.Tx.QueryRowContext(ctx, query, args...)
}

// change runs do in a transaction. do must only write through it, and is run
// again from the start if the transaction lost against another one.
func (s *Store) change(ctx context.Context, act string, do func(context.Context, transaction) error) error {
	for n := 0; ; n++ {
		err := s.transact(ctx, do)
		if err == nil {
			return nil
		}
		if n+1 == maxTries || ctx.Err() != nil || !s.dialect.Again(err) || pause(ctx, firstPause<<n) != nil {
			return s.fault(ctx, act, err)
		}
	}
}

// transact runs do in one transaction.
func (s *Store) transact(ctx context.Context, do func(context.Context, transaction) error) error {
	conn, err := s.turn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // back to the pool
	watch := newWatch(ctx, s.patience)
	defer watch.end()
	return watch.explain(func() error {
		tx, err := conn.BeginTx(watch.ctx, nil)
		if err != nil {
			return err
		}
		watch.heard()
		if err := do(watch.ctx, transaction{tx, watch}); err != nil {
			_ = tx.Rollback() // do's error says more, and a broken connection is thrown away
			return err
		}
		return tx.Commit()
	}())
}

// turn waits for a connection.
func (s *Store) turn(ctx context.Context) (*sql.Conn, error) {
	waiting, cancel := context.WithTimeoutCause(ctx, s.patience, errSilent)
	defer cancel()
	conn, err := s.write.Conn(waiting)
	if err != nil && errors.Is(context.Cause(waiting), errSilent) {
		return nil, errSilent
	}
	return conn, err
}

// pause waits for up to d, at least half of it.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d/2 + rand.N(d/2))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
