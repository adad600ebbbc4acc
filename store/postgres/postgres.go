// Package postgres keeps the store in PostgreSQL, where several servers share it.
//
// Tables lie in a schema; what else the database holds is not touched. A server
// whose connection is lost may still be running, so its attempts are free only
// once its leases have expired.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/store/sqlstore"
)

// Options say which database to use and how.
type Options struct {
	// URL is as libpq understands it: postgres://user@host:5432/database?sslmode=...
	// Connections must reach PostgreSQL itself or a pooler in session mode.
	URL string
	// Schema is where the tables are, made if there is none. "" is what the
	// connection's search path says, "public" if nobody changed it.
	Schema string
	// MaxConns is how many connections are open at most. Zero means 10.
	MaxConns int
	// Patience is how long the database may keep a call waiting. Zero means 30
	// seconds.
	Patience time.Duration
}

const (
	defaultMaxConns = 10
	connectTimeout  = 10 * time.Second
	// Idle connections are closed, and all are renewed, so that load and addresses
	// may change behind a name.
	maxIdle     = 5 * time.Minute
	maxLifetime = time.Hour
	// A server that stops in the middle of a transaction must not keep the rows it
	// has locked from those who take over.
	idleInTransaction = "60s"
)

// Open connects to a database, and makes or updates its tables. Errors are
// [*heitan.Error]: Invalid for a URL that cannot be parsed or the tables of a
// newer heitan, NotFound without the database, Denied if the user may not use
// it, Unavailable if it does not answer.
func Open(ctx context.Context, o Options) (*sqlstore.Store, error) {
	config, err := configure(o)
	if err != nil {
		return nil, err
	}
	act := fmt.Sprintf("open store in PostgreSQL database %s at %s",
		config.Database, net.JoinHostPort(config.Host, fmt.Sprint(config.Port)))
	db := sql.OpenDB(stdlib.GetConnector(*config))
	conns := o.MaxConns
	if conns == 0 {
		conns = defaultMaxConns
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	db.SetConnMaxIdleTime(maxIdle)
	db.SetConnMaxLifetime(maxLifetime)
	if err := setUp(ctx, db, o.Schema); err != nil {
		return nil, errors.Join(dialect().Fault(ctx, act, err), db.Close())
	}
	return sqlstore.New(sqlstore.Options{Dialect: dialect(), Write: db, Read: db, Patience: o.Patience}), nil
}

// configure reads the URL. What is wrong with it is not told, as it may hold a
// password at any place.
func configure(o Options) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(o.URL)
	if err != nil {
		return nil, &heitan.Error{
			Kind: heitan.Invalid, Msg: "open store in PostgreSQL: the URL cannot be parsed",
			Hint: "it looks like postgres://user:password@host:5432/database?sslmode=verify-full; characters such as @ in a password are written as %40",
		}
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	set := func(name, value string) {
		if _, ok := config.RuntimeParams[name]; !ok {
			config.RuntimeParams[name] = value
		}
	}
	set("application_name", "heitan")
	set("idle_in_transaction_session_timeout", idleInTransaction)
	if o.Schema != "" {
		config.RuntimeParams["search_path"] = pgx.Identifier{o.Schema}.Sanitize()
	}
	return config, nil
}

// dialect is what the queries need to know of PostgreSQL.
func dialect() sqlstore.Dialect {
	return sqlstore.Dialect{
		Placeholder: func(n int) string { return fmt.Sprintf("$%d", n) },
		LockRows:    " FOR UPDATE",
		Explain:     explain,
		Again:       isDefeat,
		Orphan:      isOrphan,
	}
}
