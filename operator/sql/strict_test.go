package sql_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

// inserting is a task that adds a row to table a.
func inserting(keysAndValues ...any) *params.Object {
	return params.Of("_command", inline("INSERT INTO a VALUES (1)")).Merge(params.Of(keysAndValues...))
}

// lastCheckpoint is the checkpoint that was saved last.
func lastCheckpoint(t testing.TB, record *operatortest.Record) *params.Object {
	t.Helper()
	all := record.Checkpoints()
	if len(all) == 0 {
		t.Fatal("nothing was saved")
	}
	return all[len(all)-1]
}

func TestQueryIDIsDurableBeforeTheStatementRuns(t *testing.T) {
	t.Parallel()
	for _, name := range dialects {
		d := newDatabase(t)
		d.exec(t, "CREATE TABLE a (n int)")
		req, _ := operatortest.Request(t, inserting(), d.exports())
		failure := errors.New("the store is gone")
		req.SaveCheckpoint = func(_ context.Context, checkpoint *params.Object) error {
			if id, _ := checkpoint.Get("queryId"); id == nil {
				t.Errorf("checkpoint %s", params.JSON(checkpoint))
			}
			return failure
		}
		if _, err := operatorOf(t, name).Run(t.Context(), req); !errors.Is(err, failure) {
			t.Error(err)
		}
		if n := d.count(t, "SELECT count(*) FROM a"); n != 0 {
			t.Errorf("%s: the statement ran although its ID is not durable", name)
		}
	}
}

func TestStatementIsNotRunAgainAfterACrash(t *testing.T) {
	t.Parallel()
	for _, name := range dialects {
		d := newDatabase(t)
		d.exec(t, "CREATE TABLE a (n int)")
		req, record := operatortest.Request(t, inserting(), d.exports())
		if _, err := operatorOf(t, name).Run(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		// heitan is killed before the answer is durable, and starts again.
		req, record2 := operatortest.Request(t, inserting(), d.exports())
		req.Checkpoint, req.Recovering = lastCheckpoint(t, record), true
		if result, err := operatorOf(t, name).Run(t.Context(), req); err != nil || result.Poll != nil {
			t.Fatal(result, err)
		}
		if n := d.count(t, "SELECT count(*) FROM a"); n != 1 {
			t.Errorf("%s: the statement ran %d times", name, n)
		}
		if len(record2.Checkpoints()) != 0 || !strings.Contains(record2.Log(), "not run again") {
			t.Errorf("checkpoints %v, log %s", record2.Checkpoints(), record2.Log())
		}
	}
}

func TestFailedStatementIsRunAgainByARetry(t *testing.T) {
	t.Parallel()
	for _, name := range dialects {
		d := newDatabase(t)
		req, record := operatortest.Request(t, inserting(), d.exports())
		if _, err := operatorOf(t, name).Run(t.Context(), req); err == nil {
			t.Fatal("there is no table, but no error")
		}
		d.exec(t, "CREATE TABLE a (n int)")
		req, _ = operatortest.Request(t, inserting(), d.exports())
		req.Checkpoint = lastCheckpoint(t, record)
		if _, err := operatorOf(t, name).Run(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		if n := d.count(t, "SELECT count(*) FROM a"); n != 1 {
			t.Errorf("%s: the statement ran %d times", name, n)
		}
	}
}

func TestWithoutStrictTransactionNothingIsKept(t *testing.T) {
	t.Parallel()
	for _, name := range dialects {
		d := newDatabase(t)
		d.exec(t, "CREATE TABLE a (n int)")
		req, record := operatortest.Request(t, inserting("strict_transaction", "false"), d.exports())
		for range 2 {
			if _, err := operatorOf(t, name).Run(t.Context(), req); err != nil {
				t.Fatal(err)
			}
		}
		if n := d.count(t, "SELECT count(*) FROM a"); n != 2 || len(record.Checkpoints()) != 0 {
			t.Errorf("%s: %d rows, checkpoints %v", name, n, record.Checkpoints())
		}
		if tables := d.statusTables(t); len(tables) != 0 {
			t.Errorf("%s: %v", name, tables)
		}
	}
}

// statusTables are all tables of the schema but a.
func (d *database) statusTables(t testing.TB) []string {
	t.Helper()
	rows, err := d.Query(t.Context(), "SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename <> 'a' ORDER BY 1", d.schema)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, table)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return tables
}

func TestStatusTableHasDigdagsNameAndColumns(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	d.exec(t, "CREATE TABLE a (n int)")
	req, record := operatortest.Request(t, inserting(), d.exports())
	if _, err := operatorOf(t, "pg").Run(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	want, _ := lastCheckpoint(t, record).Get("queryId")
	var id string
	var created, completed time.Time
	if err := d.QueryRow(t.Context(), "SELECT query_id, created_at, completed_at FROM __digdag_status").Scan(&id, &created, &completed); err != nil {
		t.Fatal(err)
	}
	if id != want || completed.Before(created) {
		t.Errorf("%s (want %v), %s, %s", id, want, created, completed)
	}
}

func TestRedshiftHasAStatusTableForEachStatement(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	d.exec(t, "CREATE TABLE a (n int)")
	req, record := operatortest.Request(t, inserting(), d.exports())
	if _, err := operatorOf(t, "redshift").Run(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	v, _ := lastCheckpoint(t, record).Get("queryId")
	id, _ := v.(string)
	if diff := cmp.Diff([]string{"__digdag_status_" + id}, d.statusTables(t)); diff != "" {
		t.Fatal(diff)
	}
	if n := d.count(t, `SELECT count(*) FROM "__digdag_status_`+id+`" WHERE query_id = '`+id+`' AND completed_at IS NOT NULL`); n != 1 {
		t.Errorf("%d rows", n)
	}
}

func TestStatusTableCanBeElsewhere(t *testing.T) {
	t.Parallel()
	for _, name := range dialects {
		d, other := newDatabase(t), newDatabase(t)
		d.exec(t, "CREATE TABLE a (n int)")
		d.mustRun(t, name, inserting("status_table", `odd "name"`, "status_table_schema", other.schema))
		if tables := d.statusTables(t); len(tables) != 0 {
			t.Errorf("%s: %v", name, tables)
		}
		if tables := other.statusTables(t); len(tables) != 1 || !strings.HasPrefix(tables[0], `odd "name"`) {
			t.Errorf("%s: %v", name, tables)
		}
	}
}

func TestOldEntriesAreForgotten(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	d.exec(t, "CREATE TABLE a (n int)")
	d.mustRun(t, "pg", inserting())
	d.exec(t, `INSERT INTO __digdag_status VALUES
		('old', now() - interval '2 days', now() - interval '25 hours'), ('new', now() - interval '2 days', now() - interval '23 hours'),
		('failed', now() - interval '25 hours', NULL), ('running', now() - interval '25 hours', NULL)`)
	busy := connect(t, d.Config().ConnString())
	busy.exec(t, "SET search_path TO "+d.schema+"; BEGIN; SELECT 1 FROM __digdag_status WHERE query_id = 'running' FOR UPDATE")
	d.mustRun(t, "pg", inserting())
	var left []string
	if err := d.QueryRow(t.Context(), "SELECT array_agg(query_id ORDER BY query_id) FROM __digdag_status WHERE length(query_id) < 20").Scan(&left); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"new", "running"}, left); diff != "" {
		t.Error(diff)
	}
	d.mustRun(t, "pg", inserting("status_table_cleanup", "0s"))
	if n := d.count(t, "SELECT count(*) FROM __digdag_status WHERE query_id IN ('new', 'old')"); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

func TestOldTablesAreDropped(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	const prefix, id = "__digdag_status_", "5ca1ab1e-0000-4000-8000-00000000000"
	d.exec(t, "CREATE TABLE a (n int)")
	for name, completed := range map[string]string{
		id + "1": "now() - interval '25 hours'", id + "2": "now() - interval '23 hours'", id + "3": "NULL::timestamptz",
		"of_somebody_else": "now() - interval '99 days'",
	} {
		d.exec(t, `CREATE TABLE "`+prefix+name+`" AS SELECT 'x' AS query_id, now() AS created_at, `+completed+` AS completed_at`)
	}
	d.mustRun(t, "redshift", inserting())
	var left []string
	for _, table := range d.statusTables(t) {
		if name, ok := strings.CutPrefix(table, prefix); ok && (strings.HasPrefix(name, "5ca1ab1e") || strings.HasPrefix(name, "of")) {
			left = append(left, name)
		}
	}
	if diff := cmp.Diff([]string{id + "2", id + "3", "of_somebody_else"}, left); diff != "" {
		t.Error(diff)
	}
}

func TestStatementThatStillRunsIsWaitedForByPolling(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	d.exec(t, "CREATE TABLE a (n int)")
	req, record := operatortest.Request(t, inserting(), d.exports())
	if _, err := operatorOf(t, "pg").Run(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	busy := connect(t, d.Config().ConnString())
	busy.exec(t, "SET search_path TO "+d.schema+"; BEGIN; SELECT 1 FROM __digdag_status FOR UPDATE")
	checkpoint := lastCheckpoint(t, record)
	var waits []time.Duration
	for range 7 {
		req, _ := operatortest.Request(t, inserting(), d.exports())
		req.Checkpoint = checkpoint
		result, err := operatorOf(t, "pg").Run(t.Context(), req)
		if err != nil || result.Poll == nil {
			t.Fatal(result, err)
		}
		waits, checkpoint = append(waits, result.Poll.After), result.Poll.Checkpoint
	}
	want := []time.Duration{1e9, 2e9, 4e9, 8e9, 16e9, 30e9, 30e9}
	if diff := cmp.Diff(want, waits); diff != "" {
		t.Error(diff)
	}
	busy.exec(t, "ROLLBACK")
	req, _ = operatortest.Request(t, inserting(), d.exports())
	req.Checkpoint = checkpoint
	if result, err := operatorOf(t, "pg").Run(t.Context(), req); err != nil || result.Poll != nil {
		t.Fatal(result, err)
	}
	if n := d.count(t, "SELECT count(*) FROM a"); n != 1 {
		t.Errorf("the statement ran %d times", n)
	}
}

func TestManyTasksMayBeTheFirstInADatabase(t *testing.T) {
	t.Parallel()
	for _, name := range dialects {
		d := newDatabase(t)
		d.exec(t, "CREATE TABLE a (n int)")
		const tasks = 12
		var all sync.WaitGroup
		for range tasks {
			req, record := operatortest.Request(t, inserting(), d.exports())
			op := operatorOf(t, name)
			all.Go(func() {
				if result, err := op.Run(t.Context(), req); err != nil || result.Poll != nil {
					t.Errorf("%s: %+v, %v, %s", name, result, err, record.Log())
				}
			})
		}
		all.Wait()
		if n := d.count(t, "SELECT count(*) FROM a"); n != tasks {
			t.Errorf("%s: %d rows", name, n)
		}
	}
}

func TestSecondTryOfTheSameStatementRunsItOnce(t *testing.T) {
	t.Parallel()
	for _, name := range dialects {
		d := newDatabase(t)
		d.exec(t, "CREATE TABLE a (n int)")
		own := params.Of("_command", inline("INSERT INTO a SELECT 1 FROM pg_sleep(0.3)"))
		checkpoint := params.Of("queryId", "5ca1ab1e-0000-4000-8000-000000000002")
		var all sync.WaitGroup
		for range 4 {
			req, _ := operatortest.Request(t, own, d.exports())
			req.Checkpoint = checkpoint
			op := operatorOf(t, name)
			all.Go(func() {
				if result, err := op.Run(t.Context(), req); err != nil {
					t.Errorf("%s: %+v, %v", name, result, err)
				}
			})
		}
		all.Wait()
		if n := d.count(t, "SELECT count(*) FROM a"); n != 1 {
			t.Errorf("%s: the statement ran %d times", name, n)
		}
	}
}

func TestQueryThatEndsTheTransactionIsWarnedAbout(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	d.exec(t, "CREATE TABLE a (n int)")
	_, record, err := d.run(t, "pg", params.Of("_command", inline("INSERT INTO a VALUES (1); COMMIT")))
	if err != nil || !strings.Contains(record.Log(), "ended the transaction itself") {
		t.Errorf("%v, log: %s", err, record.Log())
	}
	if n := d.count(t, "SELECT count(*) FROM __digdag_status WHERE completed_at IS NOT NULL"); n != 1 {
		t.Errorf("%d rows", n)
	}
	_, record, err = d.run(t, "pg", params.Of("_command", inline("BEGIN; INSERT INTO a VALUES (1)"), "strict_transaction", false))
	if err != nil || !strings.Contains(record.Log(), "did not commit it") || d.count(t, "SELECT count(*) FROM a") != 1 {
		t.Errorf("%v, log: %s", err, record.Log())
	}
}

func TestDeferredProblemsOfACommitFailTheTask(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	d.exec(t, "CREATE TABLE a (n int UNIQUE DEFERRABLE INITIALLY DEFERRED); INSERT INTO a VALUES (1)")
	_, _, err := d.run(t, "pg", inserting())
	if err == nil || !strings.Contains(err.Error(), "Failed to commit updated status row [ERROR: duplicate key value") {
		t.Error(err)
	}
	if n := d.count(t, "SELECT count(*) FROM __digdag_status WHERE completed_at IS NOT NULL"); n != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestUserWhoMayNotCreateTablesIsToldWhatToDo(t *testing.T) {
	t.Parallel()
	for _, name := range dialects {
		d := newDatabase(t)
		user := strings.Replace(d.schema, "heitan_test", "heitan_user", 1)
		d.exec(t, "CREATE TABLE a (n int); CREATE ROLE "+user+" LOGIN; GRANT USAGE ON SCHEMA "+d.schema+" TO "+user+"; GRANT INSERT ON a TO "+user)
		t.Cleanup(func() { d.exec(t, "DROP OWNED BY "+user+"; DROP ROLE "+user) })
		_, _, err := d.run(t, name, inserting("user", user))
		f := operator.AsFailure(err)
		if f == nil || !strings.HasPrefix(f.Message, "Failed to create a status table") || !strings.Contains(f.Hint, "strict_transaction: false") {
			t.Errorf("%s: %+v", name, f)
		}
		d.mustRun(t, name, inserting("user", user, "strict_transaction", false))
		if name == "redshift" {
			continue
		}
		d.exec(t, "CREATE TABLE __digdag_status (query_id text NOT NULL UNIQUE, created_at timestamptz NOT NULL, completed_at timestamptz); "+
			"GRANT SELECT, INSERT, UPDATE, DELETE ON __digdag_status TO "+user)
		d.mustRun(t, name, inserting("user", user))
	}
}
