package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

// firstFence is the fence of the lease that comes with a submission.
const firstFence heitan.Fence = 1

// Submit is documented at [store.Attempts]. It is NotFound if there is no such
// project or revision.
func (s *Store) Submit(ctx context.Context, sub store.Submission) (store.Attempt, heitan.Fence, error) {
	if err := checkSubmission(&sub); err != nil {
		return store.Attempt{}, 0, err
	}
	if err := s.owners.Hold(ctx, sub.Owner); err != nil {
		return store.Attempt{}, 0, err
	}
	act := "submit " + sub.Workflow
	var made store.Attempt
	err := s.change(ctx, act, func(ctx context.Context, tx transaction) (err error) {
		made, err = s.submit(ctx, tx, &sub)
		return err
	})
	if s.dialect.Orphan(err) {
		err = notFound("project %d or its revision %d does not exist", sub.Project, sub.Revision)
	}
	if err != nil {
		return store.Attempt{}, 0, err
	}
	return made, firstFence, nil
}

func checkSubmission(sub *store.Submission) error {
	return errors.Join(
		checkName("workflow name", sub.Workflow),
		checkName("attempt name", sub.Name),
		checkText("attempt key", sub.Key),
		checkText("session UUID", sub.SessionUUID),
		checkText("time zone", sub.Timezone),
		checkName("owner", string(sub.Owner)),
	)
}

func (s *Store) submit(ctx context.Context, tx transaction, sub *store.Submission) (store.Attempt, error) {
	session, err := ensureSession(ctx, tx, sub)
	if err != nil {
		return store.Attempt{}, err
	}
	id, err := insertAttempt(ctx, tx, session, sub)
	if errors.Is(err, sql.ErrNoRows) {
		return existing(ctx, tx, session, sub)
	}
	if err != nil {
		return store.Attempt{}, err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO leases (attempt_id, owner, fence, until) VALUES ($1, $2, $3, $4)",
		int64(id), string(sub.Owner), int64(firstFence), sub.Until.UnixMicro()); err != nil {
		return store.Attempt{}, err
	}
	if err := s.insertTasks(ctx, tx, id, sub); err != nil {
		return store.Attempt{}, err
	}
	if err := s.insertFinished(ctx, tx, id, sub); err != nil {
		return store.Attempt{}, err
	}
	return scanAttempt(tx.QueryRowContext(ctx, attemptQuery+"WHERE a.id = $1", int64(id)))
}

// ensureSession finds or makes the session. The update that changes nothing
// locks the row, so that attempts of a session get their indexes one by one.
func ensureSession(ctx context.Context, tx transaction, sub *store.Submission) (id heitan.SessionID, err error) {
	err = tx.QueryRowContext(ctx, `
		INSERT INTO sessions (project_id, workflow, session_time, uuid) VALUES ($1, $2, $3, $4)
		ON CONFLICT (project_id, workflow, session_time) DO UPDATE SET uuid = sessions.uuid
		RETURNING id`,
		int64(sub.Project), sub.Workflow, sub.SessionTime.Unix(), sub.SessionUUID).Scan(&id)
	return id, err
}

// insertAttempt is [sql.ErrNoRows] if the session has an attempt of that name.
func insertAttempt(ctx context.Context, tx transaction, session heitan.SessionID, sub *store.Submission) (id heitan.AttemptID, err error) {
	var document any
	if sub.Params.Len() > 0 {
		document = params.JSON(sub.Params)
	}
	err = tx.QueryRowContext(ctx, `
		INSERT INTO attempts (session_id, attempt_index, name, key, revision_id, timezone, params, flags, created)
		VALUES ($1, (SELECT COALESCE(MAX(attempt_index), 0) + 1 FROM attempts WHERE session_id = $1),
			$2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (session_id, name) DO NOTHING
		RETURNING id`,
		int64(session), sub.Name, sub.Key, int64(sub.Revision), sub.Timezone, document,
		int64(sub.Flags), sub.Now.UnixMicro()).Scan(&id)
	return id, err
}

// existing is the attempt that is in the way. It is no error if this very
// submission made it: the first time, its outcome was not learnt.
func existing(ctx context.Context, tx transaction, session heitan.SessionID, sub *store.Submission) (store.Attempt, error) {
	a, err := scanAttempt(tx.QueryRowContext(ctx, attemptQuery+"WHERE a.session_id = $1 AND a.name = $2", int64(session), sub.Name))
	if err != nil {
		return a, err
	}
	if sub.Key == "" || a.Key != sub.Key || a.Created.UnixMicro() != sub.Now.UnixMicro() {
		return a, &store.Exists{Attempt: a}
	}
	var mine bool
	if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) = 1 FROM leases WHERE attempt_id = $1 AND owner = $2 AND fence = $3",
		int64(a.ID), string(sub.Owner), int64(firstFence)).Scan(&mine); err != nil {
		return a, err
	}
	if !mine {
		return a, &store.Exists{Attempt: a}
	}
	return a, nil
}

func (s *Store) insertTasks(ctx context.Context, tx transaction, id heitan.AttemptID, sub *store.Submission) error {
	w := s.writer(ctx, tx, s.statements.tasks)
	defer s.end(w)
	for i := range sub.Tasks {
		if err := w.addTask(id, &sub.Tasks[i]); err != nil {
			return fmt.Errorf("insert tasks: %w", err)
		}
	}
	return w.flush()
}

// insertFinished keeps the results in the order of the names, so that the same
// submission always writes the same rows.
func (s *Store) insertFinished(ctx context.Context, tx transaction, id heitan.AttemptID, sub *store.Submission) error {
	w := s.writer(ctx, tx, s.statements.finished)
	defer s.end(w)
	for i, name := range slices.Sorted(maps.Keys(sub.Finished)) {
		w.int(int64(id))
		w.int(int64(i + 1))
		w.text(storable(name))
		w.result(sub.Finished[name])
		if err := w.row(); err != nil {
			return fmt.Errorf("insert finished results: %w", err)
		}
	}
	return w.flush()
}
