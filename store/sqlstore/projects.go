package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/heitan/heitan"
)

// EnsureProject is documented at [store.Projects].
func (s *Store) EnsureProject(ctx context.Context, name string, now time.Time) (heitan.Project, error) {
	if err := checkName("project name", name); err != nil {
		return heitan.Project{}, err
	}
	id, created, err := s.ensure(ctx, "ensure project "+name, now,
		"SELECT id, created FROM projects WHERE name = $1",
		"INSERT INTO projects (name, created) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
		name)
	if err != nil {
		return heitan.Project{}, err
	}
	return heitan.Project{ID: heitan.ProjectID(id), Name: name, Created: created}, nil
}

// EnsureRevision is documented at [store.Projects]. It is NotFound if there is
// no such project.
func (s *Store) EnsureRevision(ctx context.Context, project heitan.ProjectID, name string, now time.Time) (heitan.Revision, error) {
	if err := checkName("revision name", name); err != nil {
		return heitan.Revision{}, err
	}
	id, created, err := s.ensure(ctx, "ensure revision "+name, now,
		"SELECT id, created FROM revisions WHERE project_id = $1 AND name = $2",
		"INSERT INTO revisions (project_id, name, created) VALUES ($1, $2, $3) ON CONFLICT (project_id, name) DO NOTHING",
		int64(project), name)
	if s.dialect.Orphan(err) {
		return heitan.Revision{}, notFound("project %d does not exist", project)
	}
	if err != nil {
		return heitan.Revision{}, err
	}
	return heitan.Revision{ID: heitan.RevisionID(id), Project: project, Name: name, Created: created}, nil
}

// ensure looks for the row of a key, and inserts it, with the time last, if
// there is none.
func (s *Store) ensure(ctx context.Context, act string, now time.Time, look, insert string, key ...any) (id int64, created time.Time, err error) {
	scan := func(row *sql.Row) error {
		var at microseconds
		err := row.Scan(&id, &at)
		created = at.Time
		return err
	}
	if err := s.one(ctx, look, key, scan); !errors.Is(err, sql.ErrNoRows) {
		return id, created, s.fault(ctx, act, err)
	}
	err = s.change(ctx, act, func(ctx context.Context, tx transaction) error {
		if _, err := tx.ExecContext(ctx, insert, append(key, now.UnixMicro())...); err != nil {
			return err
		}
		return scan(tx.QueryRowContext(ctx, look, key...)) // another process may have been faster
	})
	return id, created, err
}

func notFound(format string, args ...any) error {
	return &heitan.Error{Kind: heitan.NotFound, Msg: fmt.Sprintf(format, args...)}
}
