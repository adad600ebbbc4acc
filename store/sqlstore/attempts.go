package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

// attemptQuery reads attempts with what they belong to, as scanAttempt expects it.
const attemptQuery = `
	SELECT a.id, a.attempt_index, a.name, a.key, a.timezone, a.params, a.flags, a.created, a.finished,
		s.id, s.uuid, s.workflow, s.session_time,
		p.id, p.name, p.created,
		r.id, r.name, r.created
	FROM attempts a
	JOIN sessions s ON s.id = a.session_id
	JOIN projects p ON p.id = s.project_id
	JOIN revisions r ON r.id = a.revision_id `

// Attempt is documented at [store.Attempts].
func (s *Store) Attempt(ctx context.Context, id heitan.AttemptID) (store.Attempt, error) {
	a, err := s.attempt(ctx, "WHERE a.id = $1", int64(id))
	if errors.Is(err, sql.ErrNoRows) {
		return a, notFound("attempt %d does not exist", id)
	}
	return a, s.fault(ctx, "read attempt "+id.String(), err)
}

// LatestAttempt is documented at [store.Attempts].
func (s *Store) LatestAttempt(ctx context.Context, project heitan.ProjectID, workflow string, sessionTime time.Time) (store.Attempt, error) {
	if err := checkName("workflow name", workflow); err != nil {
		return store.Attempt{}, err
	}
	a, err := s.attempt(ctx, `WHERE s.project_id = $1 AND s.workflow = $2 AND s.session_time = $3
		ORDER BY a.attempt_index DESC LIMIT 1`, int64(project), workflow, sessionTime.Unix())
	if errors.Is(err, sql.ErrNoRows) {
		return a, notFound("workflow %s has no attempt at %s", workflow, sessionTime.Format(time.RFC3339))
	}
	return a, s.fault(ctx, "read latest attempt of "+workflow, err)
}

// LatestSession is documented at [store.Attempts].
func (s *Store) LatestSession(ctx context.Context, project heitan.ProjectID, workflow string) (heitan.Session, error) {
	if err := checkName("workflow name", workflow); err != nil {
		return heitan.Session{}, err
	}
	session := heitan.Session{Project: project, Workflow: workflow}
	var seconds int64
	err := s.one(ctx, `
		SELECT id, uuid, session_time FROM sessions WHERE project_id = $1 AND workflow = $2
		ORDER BY session_time DESC LIMIT 1`, []any{int64(project), workflow},
		func(row *sql.Row) error { return row.Scan(&session.ID, &session.UUID, &seconds) })
	if errors.Is(err, sql.ErrNoRows) {
		return heitan.Session{}, notFound("workflow %s has no session", workflow)
	}
	session.Time = time.Unix(seconds, 0).UTC()
	return session, s.fault(ctx, "read latest session of "+workflow, err)
}

func (s *Store) attempt(ctx context.Context, where string, args ...any) (a store.Attempt, err error) {
	err = s.one(ctx, attemptQuery+where, args, func(row *sql.Row) error {
		a, err = scanAttempt(row)
		return err
	})
	return a, err
}

// scanAttempt reads a row of attemptQuery.
func scanAttempt(row *sql.Row) (store.Attempt, error) {
	var a store.Attempt
	var document sql.NullString
	var finished, created, projectCreated, revisionCreated microseconds
	var seconds int64
	err := row.Scan(
		&a.ID, &a.Index, &a.Name, &a.Key, &a.Timezone, &document, &a.Flags, &created, &finished,
		&a.Session.ID, &a.Session.UUID, &a.Session.Workflow, &seconds,
		&a.Project.ID, &a.Project.Name, &projectCreated,
		&a.Revision.ID, &a.Revision.Name, &revisionCreated,
	)
	if err != nil {
		return store.Attempt{}, err
	}
	a.Created, a.Finished = created.Time, finished.Time
	a.Attempt.Session, a.Attempt.Revision = a.Session.ID, a.Revision.ID
	a.Session.Project, a.Session.Time = a.Project.ID, time.Unix(seconds, 0).UTC()
	a.Project.Created = projectCreated.Time
	a.Revision.Project, a.Revision.Created = a.Project.ID, revisionCreated.Time
	a.Params, err = params.ParseObject([]byte(document.String))
	return a, err
}
