package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"github.com/heitan/heitan/store/sqlstore"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// setUp makes or updates the schema and its tables, while other servers may be
// starting too.
func setUp(ctx context.Context, db *sql.DB, schema string) error {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	migrations := sqlstore.Migrations{
		Engine:  goose.DialectPostgres,
		Files:   files,
		Where:   "the store in PostgreSQL",
		Version: tableVersion,
		Lock: func(ctx context.Context) (func() error, error) {
			unlock, err := lock(ctx, db, schema)
			if err != nil || schema == "" {
				return unlock, err
			}
			if err := makeSchema(ctx, db, schema); err != nil {
				return nil, errors.Join(err, unlock())
			}
			return unlock, nil
		},
	}
	return migrations.Up(ctx, db)
}

// tableVersion is the version of the tables, 0 if there are none.
func tableVersion(ctx context.Context, db *sql.DB) (int64, error) {
	var there bool
	err := db.QueryRowContext(ctx, "SELECT to_regclass($1) IS NOT NULL", sqlstore.VersionTable).Scan(&there)
	if err != nil || !there {
		return 0, err
	}
	return sqlstore.TableVersion(ctx, db)
}

// lock keeps other servers from migrating the same schema. The lock belongs to
// a connection and ends with it. goose's own lock would not do: goose makes its
// table before it locks, and two that do so wait for a second.
func lock(ctx context.Context, db *sql.DB, schema string) (unlock func() error, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	key := "heitan migrations " + schema
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(hashtextextended($1, 0))", key); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() error {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(hashtextextended($1, 0))", key)
		return errors.Join(err, conn.Close())
	}, nil
}

// makeSchema asks first, because making one needs a right that using it does not.
func makeSchema(ctx context.Context, db *sql.DB, schema string) error {
	var there bool
	err := db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)", schema).Scan(&there)
	if err != nil || there {
		return err
	}
	_, err = db.ExecContext(ctx, "CREATE SCHEMA "+pgx.Identifier{schema}.Sanitize())
	return err
}
