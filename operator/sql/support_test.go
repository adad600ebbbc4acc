package sql_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/internal/testenv"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/operator/sql"
	"github.com/heitan/heitan/params"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// database is a schema of a test's own, and a connection to it beside the
// operators'.
type database struct {
	*pgx.Conn
	schema string
}

// newDatabase makes a schema. There is a function getdate() in it, which Redshift
// has and PostgreSQL has not.
func newDatabase(t testing.TB) *database {
	t.Helper()
	d := connect(t, testenv.Need(t, testenv.Postgres))
	d.schema = "heitan_test_" + strings.ToLower(rand.Text())
	d.exec(t, "CREATE SCHEMA "+d.schema)
	t.Cleanup(func() { d.exec(t, "DROP SCHEMA "+d.schema+" CASCADE") })
	d.exec(t, "SET search_path TO "+d.schema)
	d.exec(t, "CREATE FUNCTION getdate() RETURNS timestamp LANGUAGE sql AS 'SELECT clock_timestamp()::timestamp'")
	return d
}

func connect(t testing.TB, url string) *database {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return &database{Conn: conn}
}

// exec runs statements, also while a test cleans up.
func (d *database) exec(t testing.TB, statements string) {
	t.Helper()
	if _, err := d.Exec(context.WithoutCancel(t.Context()), statements, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
}

// count is the number that a statement returns.
func (d *database) count(t testing.TB, statement string) int {
	t.Helper()
	var n int
	if err := d.QueryRow(t.Context(), statement).Scan(&n); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return n
}

// where is the map with which a task finds the database.
func (d *database) where() *params.Object {
	c := d.Config()
	return params.Of("host", c.Host, "port", int64(c.Port), "user", c.User, "database", c.Database, "schema", d.schema)
}

// exports are the params that say to every operator where the database is.
func (d *database) exports() operatortest.Option {
	return operatortest.WithParams(params.Of("pg", d.where(), "redshift", d.where()))
}

// inline is a query in the workflow file.
func inline(query string) *params.Object { return params.Of("data", query) }

// dialects are the operators that must behave alike.
var dialects = [...]string{"pg", "redshift"}

func settings(t testing.TB) sql.Settings {
	t.Helper()
	s, err := sql.SettingsFrom(config.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// operatorOf is the operator of a name.
func operatorOf(t testing.TB, name string) operator.Operator {
	t.Helper()
	entry, ok := sql.Operators(settings(t))[name]
	if !ok || !entry.SelfRetry || entry.OwnTimeout {
		t.Fatalf("%s: %+v", name, entry)
	}
	return entry.Operator
}

// run runs a task by the operator of a name.
func (d *database) run(t testing.TB, name string, own *params.Object, options ...operatortest.Option) (operator.Result, *operatortest.Record, error) {
	t.Helper()
	req, record := operatortest.Request(t, own, append([]operatortest.Option{d.exports()}, options...)...)
	result, err := operatorOf(t, name).Run(t.Context(), req)
	return result, record, err
}

// mustRun is run for a task that is done at once.
func (d *database) mustRun(t testing.TB, name string, own *params.Object, options ...operatortest.Option) operator.Result {
	t.Helper()
	result, record, err := d.run(t, name, own, options...)
	if err != nil || result.Poll != nil {
		t.Fatalf("result %+v, error %v, log:\n%s", result, err, record.Log())
	}
	return result
}

// stored is what a task stores, as JSON.
func stored(r operator.Result) string {
	if r.Store == nil {
		return ""
	}
	return params.JSON(r.Store)
}
