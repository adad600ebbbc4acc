package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/heitan/heitan/store"
)

// sweep is how many outlived params a SetParam removes at most, so that none
// pays for all.
const sweep = 100

// Param is documented at [store.ParamServer].
func (s *Store) Param(ctx context.Context, key string, now time.Time) (string, bool, error) {
	if err := checkName("param key", key); err != nil {
		return "", false, err
	}
	var value string
	err := s.one(ctx, "SELECT value FROM params WHERE key = $1 AND set_at > $2",
		[]any{key, now.Add(-store.ParamLife).UnixMicro()},
		func(row *sql.Row) error { return row.Scan(&value) })
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, s.fault(ctx, "read param", err)
	}
	return value, true, nil
}

// SetParam is documented at [store.ParamServer].
func (s *Store) SetParam(ctx context.Context, key, value string, now time.Time) error {
	if err := errors.Join(checkName("param key", key), checkText("value of param", value)); err != nil {
		return err
	}
	return s.change(ctx, "set param", func(ctx context.Context, tx transaction) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO params (key, value, set_at) VALUES ($1, $2, $3)
			ON CONFLICT (key) DO UPDATE SET value = excluded.value, set_at = excluded.set_at`,
			key, value, now.UnixMicro())
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			DELETE FROM params WHERE key IN (SELECT key FROM params WHERE set_at <= $1 ORDER BY set_at LIMIT $2)`,
			now.Add(-store.ParamLife).UnixMicro(), int64(sweep))
		return err
	})
}
