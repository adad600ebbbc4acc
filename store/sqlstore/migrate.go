package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"

	"github.com/heitan/heitan"
)

// VersionTable is where goose keeps which migrations were applied. The name is
// heitan's own, because others may keep theirs in the same PostgreSQL schema.
const VersionTable = "heitan_migrations"

// Migrations brings a database's tables up to date.
type Migrations struct {
	Engine goose.Dialect
	Files  fs.FS // 00001_name.sql, 00002_name.sql ...
	// Where names the database in messages.
	Where string
	// Version is the version of the tables, 0 if there are none.
	Version func(ctx context.Context, db *sql.DB) (int64, error)
	// Lock keeps other processes from migrating the same database until unlock.
	Lock func(ctx context.Context) (unlock func() error, err error)
}

// Up brings db's tables up to date, while other processes may try to do the
// same. A database that is up to date costs one query. It is Invalid if the
// tables are newer than the newest migration.
func (m Migrations) Up(ctx context.Context, db *sql.DB) error {
	done, err := m.upToDate(ctx, db)
	if err != nil || done {
		return err
	}
	unlock, err := m.Lock(ctx)
	if err != nil {
		return err
	}
	err = m.run(ctx, db)
	if unlocked := unlock(); err == nil {
		err = unlocked
	}
	return err
}

// run applies what is missing. The lock is held, but others may have been here
// before it was.
func (m Migrations) run(ctx context.Context, db *sql.DB) error {
	if done, err := m.upToDate(ctx, db); err != nil || done {
		return err
	}
	provider, err := goose.NewProvider(m.Engine, db, m.Files,
		goose.WithTableName(VersionTable), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("prepare migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate %s: %w", m.Where, err)
	}
	return nil
}

func (m Migrations) upToDate(ctx context.Context, db *sql.DB) (bool, error) {
	newest, err := m.newest()
	if err != nil {
		return false, err
	}
	version, err := m.Version(ctx, db)
	if err != nil {
		return false, err
	}
	if version > newest {
		return false, &heitan.Error{
			Kind: heitan.Invalid,
			Msg:  fmt.Sprintf("%s was made by a newer heitan: its tables have version %d, this heitan knows up to %d", m.Where, version, newest),
			Hint: "update heitan, or use another database",
		}
	}
	return version == newest, nil
}

// newest is the version of the last migration.
func (m Migrations) newest() (int64, error) {
	files, err := fs.Glob(m.Files, "*.sql")
	if err != nil {
		return 0, fmt.Errorf("list migrations: %w", err)
	}
	if len(files) == 0 {
		return 0, errors.New("there are no migrations")
	}
	number, _, _ := strings.Cut(files[len(files)-1], "_")
	version, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("number of migration %s: %w", files[len(files)-1], err)
	}
	return version, nil
}

// TableVersion is the version of the tables of a database that has them.
func TableVersion(ctx context.Context, db *sql.DB) (int64, error) {
	var version sql.NullInt64
	err := db.QueryRowContext(ctx, "SELECT MAX(version_id) FROM "+VersionTable).Scan(&version)
	return version.Int64, err
}
