package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	driversqlite "modernc.org/sqlite"
)

// maxStatements is how many prepared statements a connection keeps: more than
// the store has.
const maxStatements = 100

// connector opens connections that keep their prepared statements, as pgx does,
// and that wait for other processes' transactions as long as a context allows.
type connector struct {
	driver.Connector
	writes   bool
	lockWait time.Duration
}

// openDB opens a database whose connections do what a [connector] says.
func openDB(dsn string, writes bool, lockWait time.Duration) (*sql.DB, error) {
	inner, err := driversqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector{Connector: inner, writes: writes, lockWait: lockWait}), nil
}

// Connect is part of [driver.Connector].
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := opened.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the SQLite driver's connection is a %T", opened), opened.Close())
	}
	if c.writes {
		// SQLite opens a file that may not be written for reading, silently.
		readOnly, err := inner.IsReadOnly("main")
		if readOnly {
			err = errReadOnly
		}
		if err != nil {
			return nil, errors.Join(err, inner.Close())
		}
	}
	return &conn{sqliteConn: inner, lockWait: c.lockWait, statements: make(map[string]*statement)}, nil
}

// sqliteConn is what the driver's connections can do.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
	IsReadOnly(schema string) (bool, error)
}

// conn is a connection. Only one goroutine uses it at a time.
type conn struct {
	sqliteConn
	lockWait   time.Duration
	statements map[string]*statement
}

// statement is a prepared statement, and whether rows of it are being read.
type statement struct {
	preparedStatement
	reading bool
}

type preparedStatement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// BeginTx takes the lock for writing, so that a transaction never has to be run
// again. It waits until no other process writes, for up to lockWait.
func (c *conn) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	if err := patiently(ctx, c.lockWait, func() error { return c.run("BEGIN IMMEDIATE") }); err != nil {
		return nil, err
	}
	return transaction{c}, nil
}

// run runs a statement without parameters, whatever has become of any context.
func (c *conn) run(statement string) error {
	_, err := c.ExecContext(context.Background(), statement, nil)
	return err
}

// transaction is what BeginTx has begun. Its statements are prepared ones too,
// while those of the driver are parsed anew each time.
type transaction struct{ conn *conn }

// Commit leaves no transaction open, also if it fails.
func (t transaction) Commit() error {
	err := t.conn.run("COMMIT")
	if err != nil {
		_ = t.conn.run("ROLLBACK") // fails if SQLite has done it already
	}
	return err
}

// Rollback is no error if SQLite has rolled back already, as it does when the
// disk is full.
func (t transaction) Rollback() error { return t.conn.run("ROLLBACK") }

// ExecContext runs a statement that it has prepared before, or prepares now.
//
// The context is only looked at before: statements take a few milliseconds at
// most, while the driver would start a goroutine to watch each, and throw away a
// connection whose statement it has interrupted.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	if s.reading {
		return c.sqliteConn.ExecContext(context.Background(), query, args)
	}
	return s.ExecContext(context.Background(), args)
}

// QueryContext is ExecContext for statements that return rows. Between rows
// database/sql looks at the context.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	if s.reading {
		return c.sqliteConn.QueryContext(context.Background(), query, args)
	}
	rows, err := s.QueryContext(context.Background(), args)
	if err != nil {
		return nil, err
	}
	s.reading = true
	return &statementRows{Rows: rows, of: s}, nil
}

func (c *conn) prepared(ctx context.Context, query string) (*statement, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s, ok := c.statements[query]; ok {
		return s, nil
	}
	if len(c.statements) >= maxStatements {
		if err := c.forget(); err != nil {
			return nil, err
		}
	}
	made, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s := &statement{preparedStatement: made.(preparedStatement)}
	c.statements[query] = s
	return s, nil
}

// forget closes the statements that are not in use.
func (c *conn) forget() error {
	for query, s := range c.statements {
		if s.reading {
			continue
		}
		delete(c.statements, query)
		if err := s.Close(); err != nil {
			return err
		}
	}
	return nil
}

// Close closes the connection.
func (c *conn) Close() error {
	err := c.forget()
	if closed := c.sqliteConn.Close(); err == nil {
		err = closed
	}
	return err
}

// statementRows lets go of their statement when they are closed.
type statementRows struct {
	driver.Rows
	of *statement
}

func (r *statementRows) Close() error {
	r.of.reading = false
	return r.Rows.Close()
}
