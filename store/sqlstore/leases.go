package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/store"
)

// Acquire is documented at [store.Leases]. It is NotFound if there is no such
// attempt.
func (s *Store) Acquire(ctx context.Context, id heitan.AttemptID, owner store.Owner, now, until time.Time) (heitan.Fence, error) {
	if err := checkName("owner", string(owner)); err != nil {
		return 0, err
	}
	if err := s.owners.Hold(ctx, owner); err != nil {
		return 0, err
	}
	var fence heitan.Fence
	err := s.change(ctx, "acquire attempt "+id.String(), func(ctx context.Context, tx transaction) (err error) {
		if err := s.free(ctx, tx, id, owner, now); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx,
			"UPDATE leases SET owner = $2, until = $3, fence = fence + 1 WHERE attempt_id = $1 RETURNING fence",
			int64(id), string(owner), until.UnixMicro()).Scan(&fence)
	})
	if err != nil {
		return 0, err
	}
	return fence, nil
}

// free reports who else still owns an attempt as a *[store.Held].
func (s *Store) free(ctx context.Context, tx transaction, id heitan.AttemptID, owner store.Owner, now time.Time) error {
	var held sql.NullString
	var until microseconds
	err := tx.QueryRowContext(ctx, "SELECT owner, until FROM leases WHERE attempt_id = $1"+s.dialect.LockRows, int64(id)).
		Scan(&held, &until)
	if errors.Is(err, sql.ErrNoRows) {
		return notFound("attempt %d does not exist", id)
	}
	other := store.Owner(held.String)
	if err != nil || !held.Valid || other == owner || !now.Before(until.Time) {
		return err
	}
	gone, err := s.owners.Gone(other)
	if err != nil || gone {
		return err
	}
	return &store.Held{Attempt: id, Owner: other, Until: until.Time}
}

// Renew is documented at [store.Leases]. A lease that lasts longer is left as it
// is. The rows are locked in the order in which commits lock them.
func (s *Store) Renew(ctx context.Context, owner store.Owner, until time.Time) error {
	return s.change(ctx, "renew leases", func(ctx context.Context, tx transaction) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE leases SET until = $2 WHERE attempt_id IN (
				SELECT attempt_id FROM leases WHERE owner = $1 AND until < $2 ORDER BY attempt_id`+s.dialect.LockRows+")",
			string(owner), until.UnixMicro())
		return err
	})
}

// Release is documented at [store.Leases]. The fence stays, so that the next
// one is higher, but nobody can write with it any more.
func (s *Store) Release(ctx context.Context, id heitan.AttemptID, fence heitan.Fence) error {
	return s.change(ctx, "release attempt "+id.String(), func(ctx context.Context, tx transaction) error {
		_, err := tx.ExecContext(ctx, "UPDATE leases SET owner = NULL, until = NULL WHERE attempt_id = $1 AND fence = $2",
			int64(id), int64(fence))
		return err
	})
}
