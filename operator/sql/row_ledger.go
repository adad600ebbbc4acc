package sql

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/sql/name"
	"github.com/heitan/heitan/operator/sql/session"
)

// rowLedger is the ledger in PostgreSQL: a row for each statement, in Digdag's
// table (PgConnection.java). The row is committed before the statement runs, so
// that others can find it locked.
type rowLedger struct {
	table name.Table
	id    string // as a literal
	keep  time.Duration
}

func newRowLedger(s strictness, id string) ledger {
	return rowLedger{table: s.table, id: literal(id), keep: s.keep}
}

func (l rowLedger) begin(ctx context.Context, s *session.Session) (bool, error) {
	if err := l.create(ctx, s); err != nil {
		return false, err
	}
	err := s.Exec(ctx, fmt.Sprintf(
		"BEGIN; INSERT INTO %s (query_id, created_at) VALUES (%s, CURRENT_TIMESTAMP) ON CONFLICT (query_id) DO NOTHING; COMMIT; BEGIN",
		l.table.SQL(), l.id))
	if err != nil {
		return false, failed(ctx, "Failed to insert a status row", err)
	}
	locked, err := single(ctx, s, fmt.Sprintf(
		"SELECT completed_at IS NOT NULL FROM %s WHERE query_id = %s FOR UPDATE NOWAIT", l.table.SQL(), l.id))
	switch {
	case session.Is(err, session.LockNotAvailable):
		return false, errHeld
	case err != nil:
		return false, failed(ctx, "Failed to lock a status row", err)
	case locked == nil:
		return false, operator.Runtimef("Failed to lock a status row [row %s is gone from %s]", l.id, l.table.SQL())
	}
	return string(locked) == "t", nil
}

// create makes the table unless it exists. Tasks that start at the same time in a
// new database all try.
func (l rowLedger) create(ctx context.Context, s *session.Session) error {
	found, err := single(ctx, s, "SELECT 1 WHERE to_regclass("+literal(l.table.SQL())+") IS NOT NULL")
	if err != nil {
		return failed(ctx, "Failed to look for a status table", err)
	}
	if found != nil {
		return nil
	}
	statement := fmt.Sprintf("CREATE TABLE %s (query_id text NOT NULL UNIQUE, created_at timestamptz NOT NULL, completed_at timestamptz)",
		l.table.SQL())
	err = s.Exec(ctx, statement)
	switch {
	case err == nil || exists(err):
		return nil
	case session.Is(err, session.InsufficientPrivilege):
		return withHint(failed(ctx, "Failed to create a status table "+l.table.SQL(), err),
			"`strict_transaction: false` does without the table, but then a crash may run the query twice; "+
				"or let an administrator create it by `"+statement+"` and grant SELECT, INSERT, UPDATE and DELETE on it; "+
				"or name a schema where this user may create tables by `status_table_schema`")
	}
	return failed(ctx, "Failed to create a status table "+l.table.SQL(), err)
}

func (l rowLedger) enter(ctx context.Context, s *session.Session) error {
	err := s.Exec(ctx, fmt.Sprintf("UPDATE %s SET completed_at = CURRENT_TIMESTAMP WHERE query_id = %s", l.table.SQL(), l.id))
	return failed(ctx, "Failed to update status row", err)
}

// forget removes rows of statements that ended, or never did, long ago. Those of
// running statements are locked, and passed over.
func (l rowLedger) forget(ctx context.Context, s *session.Session) error {
	return s.Exec(ctx, fmt.Sprintf(
		"DELETE FROM %[1]s WHERE query_id = ANY(ARRAY(SELECT query_id FROM %[1]s"+
			" WHERE coalesce(completed_at, created_at) < now() - interval '%[2]d second' LIMIT 10000 FOR UPDATE SKIP LOCKED))",
		l.table.SQL(), int64(l.keep/time.Second)))
}

// literal is text as a literal of PostgreSQL.
func literal(text string) string {
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// single is the first value of the first row of a statement's result, or nil if
// there is no row.
func single(ctx context.Context, s *session.Session, statement string) ([]byte, error) {
	rows := s.Query(ctx, statement)
	var value []byte
	if rows.Next() {
		value = append([]byte{}, rows.Values()[0]...)
	}
	return value, rows.Close(ctx)
}
