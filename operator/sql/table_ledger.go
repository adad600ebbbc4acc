package sql

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/heitan/heitan/operator/sql/name"
	"github.com/heitan/heitan/operator/sql/session"
)

// tableLedger is the ledger in Redshift, which can lock no rows: a table for each
// statement, as in Digdag (RedshiftConnection.java). It is created in the
// statement's transaction, so it exists for others once that is committed; until
// then those who create it wait.
type tableLedger struct {
	prefix name.Table
	id     string
	keep   time.Duration
}

func newTableLedger(s strictness, id string) ledger {
	return tableLedger{prefix: s.table, id: id, keep: s.keep}
}

func (l tableLedger) table() string {
	return name.Table{Schema: l.prefix.Schema, Name: l.prefix.Name + "_" + l.id}.SQL()
}

func (l tableLedger) begin(ctx context.Context, s *session.Session) (bool, error) {
	err := s.Exec(ctx, "BEGIN")
	if err != nil {
		return false, failed(ctx, "Failed to begin a transaction", err)
	}
	err = s.Exec(ctx, fmt.Sprintf(
		"CREATE TABLE %s (query_id, created_at, completed_at) AS SELECT %s::text, GETDATE()::timestamptz, NULL::timestamptz",
		l.table(), literal(l.id)))
	switch {
	case exists(err):
		return true, failed(ctx, "Failed to rollback a transaction", s.Exec(ctx, "ROLLBACK"))
	case session.Is(err, session.InsufficientPrivilege):
		return false, withHint(failed(ctx, "Failed to create a status table", err),
			"`strict_transaction: false` does without the table, but then a crash may run the query twice; "+
				"or name a schema where this user may create tables by `status_table_schema`")
	}
	return false, failed(ctx, "Failed to create a status table", err)
}

func (l tableLedger) enter(ctx context.Context, s *session.Session) error {
	err := s.Exec(ctx, fmt.Sprintf("UPDATE %s SET completed_at = GETDATE() WHERE query_id = %s", l.table(), literal(l.id)))
	return failed(ctx, "Failed to update status row", err)
}

var idPattern = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// forget drops tables of statements that ended long ago. Of several problems the
// first is returned; the other tables are dropped all the same.
func (l tableLedger) forget(ctx context.Context, s *session.Session) error {
	tables, err := l.tables(ctx, s)
	for _, table := range tables {
		old, problem := single(ctx, s, fmt.Sprintf(
			"SELECT 1 FROM %s WHERE completed_at < GETDATE() - interval '%d second'", table, int64(l.keep/time.Second)))
		if problem == nil && old != nil {
			problem = s.Exec(ctx, "DROP TABLE "+table)
		}
		if err == nil && !session.Is(problem, session.UndefinedTable) { // someone else dropped it
			err = problem
		}
	}
	return err
}

// tables are all status tables that this user sees under the same prefix. Digdag
// drops whatever begins like them; here an ID must follow.
func (l tableLedger) tables(ctx context.Context, s *session.Session) ([]string, error) {
	schema := "current_schema()"
	if l.prefix.Schema != "" {
		schema = literal(l.prefix.Schema)
	}
	rows := s.Query(ctx, "SELECT tablename FROM pg_tables WHERE schemaname = "+schema)
	var tables []string
	for rows.Next() {
		table := string(rows.Values()[0])
		if id, ok := strings.CutPrefix(table, l.prefix.Name+"_"); ok && idPattern.MatchString(id) {
			tables = append(tables, name.Table{Schema: l.prefix.Schema, Name: table}.SQL())
		}
	}
	return tables, rows.Close(ctx)
}
