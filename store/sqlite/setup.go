package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/store/sqlstore"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// setUp makes or updates the tables of a file. Other processes may be doing the
// same at this moment.
func (f file) setUp(ctx context.Context, db *sql.DB) error {
	lock := func(ctx context.Context) (func() error, error) {
		unlock, err := f.owners.lock(ctx)
		if err != nil {
			return nil, err
		}
		if err := f.beginSetUp(ctx, db); err != nil {
			return nil, errors.Join(err, unlock())
		}
		return func() error { return errors.Join(endSetUp(ctx, db), unlock()) }, nil
	}
	if err := migrations(f.path, f.lockWait, lock).Up(ctx, db); err != nil {
		return err
	}
	return f.useWAL(ctx, db) // a copy made by VACUUM INTO is in another mode
}

// beginSetUp makes commits cheap. A power failure may undo the last ones, but
// not in part, and the next process makes the tables again.
func (f file) beginSetUp(ctx context.Context, db *sql.DB) error {
	if err := f.useWAL(ctx, db); err != nil {
		return err
	}
	_, err := db.ExecContext(ctx, "PRAGMA synchronous = NORMAL")
	return err
}

// endSetUp makes commits durable.
func endSetUp(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(context.WithoutCancel(ctx), "PRAGMA synchronous = FULL")
	return err
}

// useWAL lets readers and the writer not wait for each other. The file stays in
// that mode. It fails while anybody reads.
func (f file) useWAL(ctx context.Context, db *sql.DB) error {
	return patiently(ctx, f.lockWait, func() error {
		var mode string
		if err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil || mode == "wal" {
			return err
		}
		_, err := db.ExecContext(ctx, "PRAGMA journal_mode = WAL")
		return err
	})
}

func migrations(where string, lockWait time.Duration, lock func(context.Context) (func() error, error)) sqlstore.Migrations {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		panic(err) // the name is a constant
	}
	return sqlstore.Migrations{
		Engine: goose.DialectSQLite3,
		Files:  files,
		Where:  where,
		Version: func(ctx context.Context, db *sql.DB) (version int64, err error) {
			err = patiently(ctx, lockWait, func() error {
				version, err = tableVersion(ctx, db, where)
				return err
			})
			return version, err
		},
		Lock: lock,
	}
}

// tableVersion is the version of the tables, 0 of an empty file. A database of
// something else is Invalid: it must not be touched.
func tableVersion(ctx context.Context, db *sql.DB, where string) (int64, error) {
	var tables, ours int
	err := db.QueryRowContext(ctx, "SELECT COUNT(*), COUNT(*) FILTER (WHERE name = $1) FROM sqlite_schema",
		sqlstore.VersionTable).Scan(&tables, &ours)
	switch {
	case err != nil || tables == 0:
		return 0, err
	case ours == 0:
		return 0, &heitan.Error{
			Kind: heitan.Invalid, Msg: where + " is the database of another program",
			Hint: "name another file; it is made if there is none",
		}
	}
	return sqlstore.TableVersion(ctx, db)
}

// patiently calls do until it does not fail because of another process's lock,
// or until wait has passed: then the error is that of the last try.
func patiently(ctx context.Context, wait time.Duration, do func() error) error {
	err := do()
	if !isBusy(err) {
		return err // nearly always
	}
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for isBusy(err) && waiting.Err() == nil {
		err = do() // paced by SQLite's own busy timeout
	}
	return err
}
