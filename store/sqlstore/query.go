package sqlstore

import (
	"context"
	"database/sql"
)

// one reads one row outside of a transaction. Without one it is [sql.ErrNoRows].
func (s *Store) one(ctx context.Context, query string, args []any, scan func(*sql.Row) error) error {
	watch := newWatch(ctx, s.patience)
	defer watch.end()
	return watch.explain(scan(s.read.QueryRowContext(watch.ctx, query, args...)))
}

// each scans each row of a query outside of a transaction.
func (s *Store) each(ctx context.Context, act, query string, args []any, scan func(*sql.Rows) error) error {
	watch := newWatch(ctx, s.patience)
	defer watch.end()
	err := func() error {
		rows, err := s.read.QueryContext(watch.ctx, query, args...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }() // rows.Err says what went wrong
		for rows.Next() {
			if err := scan(rows); err != nil {
				return err
			}
			watch.heard()
		}
		return rows.Err()
	}()
	return s.fault(ctx, act, watch.explain(err))
}

// fault is an error of the database as callers see it.
func (s *Store) fault(ctx context.Context, act string, err error) error {
	return s.dialect.Fault(ctx, act, err)
}
