package sqlstore

import (
	"context"
	"slices"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/store"
)

// Commit is documented at [store.Attempts].
func (s *Store) Commit(ctx context.Context, writes []store.Write) ([]heitan.AttemptID, error) {
	if len(writes) == 0 {
		return nil, nil
	}
	changes := gather(writes)
	var lost []heitan.AttemptID
	err := s.change(ctx, "commit", func(ctx context.Context, tx transaction) (err error) {
		lost, err = s.commit(ctx, tx, changes)
		return err
	})
	if err != nil {
		return nil, err
	}
	return lost, nil
}

// commit writes the changes of those attempts whose lease has the change's
// fence, and returns the others.
func (s *Store) commit(ctx context.Context, tx transaction, changes []change) ([]heitan.AttemptID, error) {
	fences, err := s.lockFences(ctx, tx, changes)
	if err != nil {
		return nil, err
	}
	tasks, flags := s.writer(ctx, tx, s.statements.tasks), s.writer(ctx, tx, s.statements.flags)
	defer s.end(tasks)
	defer s.end(flags)
	var lost []heitan.AttemptID
	for i := range changes {
		c := &changes[i]
		if fence, ok := fences[c.attempt]; !ok || fence != c.fence {
			lost = append(lost, c.attempt)
			continue
		}
		for j := range c.tasks {
			if err := tasks.addTask(c.attempt, &c.tasks[j]); err != nil {
				return nil, err
			}
		}
		if err := flags.addFlags(c); err != nil {
			return nil, err
		}
	}
	if err := tasks.flush(); err != nil {
		return nil, err
	}
	return lost, flags.flush()
}

// addFlags adds a row of the statement flags, if there is something to add.
func (w *writer) addFlags(c *change) error {
	if c.flags == 0 && c.finished.IsZero() {
		return nil
	}
	w.int(int64(c.attempt))
	w.int(int64(c.flags))
	w.time(c.finished)
	return w.row()
}

// lockFences are the fences of the attempts that somebody owns. Nobody changes
// them until the end of the transaction.
func (s *Store) lockFences(ctx context.Context, tx transaction, changes []change) (map[heitan.AttemptID]heitan.Fence, error) {
	fences := make(map[heitan.AttemptID]heitan.Fence, len(changes))
	for some := range slices.Chunk(changes, sizes[0]) {
		query, n := s.statements.fences.fitting(len(some))
		args := make([]any, n)
		for i := range args {
			args[i] = int64(some[min(i, len(some)-1)].attempt)
		}
		if err := scanFences(ctx, tx, fences, query, args); err != nil {
			return nil, err
		}
	}
	return fences, nil
}

func scanFences(ctx context.Context, tx transaction, into map[heitan.AttemptID]heitan.Fence, query string, args []any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err says what went wrong
	for rows.Next() {
		var id, fence int64
		if err := rows.Scan(&id, &fence); err != nil {
			return err
		}
		into[heitan.AttemptID(id)] = heitan.Fence(fence)
	}
	return rows.Err()
}
