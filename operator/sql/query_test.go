package sql_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

func TestQueryIsAFileOrTextOrAKey(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	d.exec(t, "CREATE TABLE seen (what text)")
	file := operatortest.WithFiles(map[string]string{"sql/q.sql": "INSERT INTO seen\nVALUES ('${what}')"})
	for what, own := range map[string]*params.Object{
		"file": params.Of("_command", "sql/q.sql", "what", "file"),
		"text": params.Of("_command", inline("INSERT INTO seen VALUES ('text')")),
		"key":  params.Of("query", "INSERT INTO seen VALUES ('key')"),
	} {
		if result := d.mustRun(t, "pg", own, file); stored(result) != "" {
			t.Errorf("%s stores %s", what, stored(result))
		}
		if n := d.count(t, "SELECT count(*) FROM seen WHERE what = '"+what+"'"); n != 1 {
			t.Errorf("%s: %d rows", what, n)
		}
	}
}

func TestSeveralStatementsAreOneTransaction(t *testing.T) {
	t.Parallel()
	for _, strict := range []bool{true, false} {
		d := newDatabase(t)
		own := func(query string) *params.Object {
			return params.Of("_command", inline(query), "strict_transaction", strict)
		}
		d.mustRun(t, "pg", own("CREATE TABLE a (n int); INSERT INTO a VALUES (1); SELECT * FROM a; INSERT INTO a SELECT n + 1 FROM a;"))
		if n := d.count(t, "SELECT sum(n) FROM a"); n != 3 {
			t.Errorf("strict %v: sum %d", strict, n)
		}
		if _, _, err := d.run(t, "pg", own("INSERT INTO a VALUES (10); SELECT 1/0")); err == nil {
			t.Errorf("strict %v: no error", strict)
		}
		if n := d.count(t, "SELECT sum(n) FROM a"); n != 3 {
			t.Errorf("strict %v: sum %d after a failure", strict, n)
		}
	}
}

func TestCreateTableReplacesTheTable(t *testing.T) {
	t.Parallel()
	for _, name := range dialects {
		for _, strict := range []bool{true, false} {
			d := newDatabase(t)
			for _, n := range []string{"1", "2"} {
				d.mustRun(t, name, params.Of("_command", inline("SELECT "+n+" AS n -- comment"), "create_table", "dest", "strict_transaction", strict))
			}
			if n := d.count(t, "SELECT sum(n) FROM dest"); n != 2 {
				t.Errorf("%s, strict %v: sum %d", name, strict, n)
			}
			_, _, err := d.run(t, name, params.Of("_command", inline("SELECT 1/0 AS n"), "create_table", "dest", "strict_transaction", strict))
			if err == nil || d.count(t, "SELECT sum(n) FROM dest") != 2 {
				t.Errorf("%s, strict %v: the table was lost by a failure: %v", name, strict, err)
			}
		}
	}
}

func TestInsertIntoAppends(t *testing.T) {
	t.Parallel()
	for _, name := range dialects {
		d := newDatabase(t)
		d.exec(t, `CREATE TABLE "Dest" (n int)`)
		d.mustRun(t, name, params.Of("_command", inline("SELECT 1"), "insert_into", "Dest"))
		d.mustRun(t, name, params.Of("_command", inline("VALUES (2), (3);"), "insert_into", d.schema+".Dest"))
		if n := d.count(t, `SELECT sum(n) FROM "Dest"`); n != 6 {
			t.Errorf("%s: sum %d", name, n)
		}
	}
}

func TestOptionsThatExcludeEachOtherAreRefused(t *testing.T) {
	t.Parallel()
	for want, own := range map[string]*params.Object{
		"Can't use both of insert_into and create_table":                 params.Of("insert_into", "a", "create_table", "b"),
		"Can't use download_file with insert_into or create_table":       params.Of("insert_into", "a", "download_file", "b"),
		"Can't use store_last_results with insert_into or create_table":  params.Of("create_table", "a", "store_last_results", "true"),
		"Can't use both download_file and store_last_results at once":    params.Of("download_file", "a", "store_last_results", "first"),
		`store_last_results must be either of "first" or "all": some`:    params.Of("store_last_results", "some"),
		"Parameter 'host' is required but not set":                       params.Empty(),
		"Expected a port number for key 'port'":                          params.Of("host", "h", "user", "u", "database", "d", "port", int64(0)),
		"Expected boolean type for key 'ssl' but got \"maybe\" (string)": params.Of("host", "h", "user", "u", "database", "d", "ssl", "maybe"),
	} {
		req, _ := operatortest.Request(t, own.Merge(params.Of("_command", inline("SELECT 1"))))
		_, err := operatorOf(t, "pg").Run(t.Context(), req)
		if f := operator.AsFailure(err); f == nil || !strings.Contains(f.Message, want) || f.Kind != operator.KindConfig {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestMissingQueryIsAnError(t *testing.T) {
	t.Parallel()
	for want, own := range map[string]*params.Object{
		"Parameter 'query' is required but not set": params.Of("_command", nil),
		"File not found: none.sql":                  params.Of("_command", "none.sql"),
		"must not be outside of project path":       params.Of("_command", "../secret.sql"),
	} {
		req, _ := operatortest.Request(t, own)
		if _, err := operatorOf(t, "redshift").Run(t.Context(), req); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestSecretsComeBeforeParams(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	d.exec(t, "CREATE TABLE a (n int)")
	for name, scope := range map[string]string{"pg": "pg.", "redshift": "aws.redshift."} {
		secrets := make(map[string]string)
		for key, value := range d.where().All() {
			secrets[scope+key], _ = operator.AsString(value)
		}
		secrets[scope+"connect_timeout"], secrets[scope+"ssl"] = "10s", "False"
		wrong := params.Of("host", "wrong.invalid", "port", int64(1), "user", "x", "database", "x", "schema", "x", "ssl", true)
		req, _ := operatortest.Request(t,
			params.Of("_command", inline("INSERT INTO a VALUES (1)")),
			operatortest.WithParams(params.Of(name, wrong)), operatortest.WithSecrets(secrets))
		if _, err := operatorOf(t, name).Run(t.Context(), req); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := d.count(t, "SELECT count(*) FROM a"); n != 2 {
		t.Errorf("%d rows", n)
	}
}

func TestPasswordOverrideNamesASecretThatMustExist(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	own := params.Of("_command", inline("SELECT 1"), "password_override", "other")
	_, _, err := d.run(t, "pg", own, operatortest.WithSecrets(map[string]string{"pg.password": "p"}))
	if want := "Secret not found for key: 'pg.other' (config)"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	_, record, err := d.run(t, "pg", own, operatortest.WithSecrets(map[string]string{"pg.other": "p2"}))
	if err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"p2"}, record.Revealed()); diff != "" {
		t.Error(diff)
	}
}

func TestServersNoticesAreInTheLog(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	query := `DO $$ BEGIN RAISE NOTICE 'halfway there'; RAISE WARNING 'careful'; END $$`
	_, record, err := d.run(t, "pg", params.Of("_command", inline(query), "show_query", true))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`level=INFO msg="message of the database" severity=NOTICE message="halfway there"`, `level=WARN msg="message of the database" message=careful`, "running query"} {
		if !strings.Contains(record.Log(), want) {
			t.Errorf("no %s in\n%s", want, record.Log())
		}
	}
	if strings.Contains(record.Log(), "does not exist") {
		t.Errorf("heitan's own statements are in the log:\n%s", record.Log())
	}
}

func TestProblemsNameTheirPlaceInTheQuery(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	d.exec(t, "CREATE TABLE a (name text); CREATE TABLE other (x text, y text)")
	query := "SELECT 'ü',\n  nam FROM a"
	for option, want := range map[string]string{
		"create_table":       `Failed to execute an update statement [ERROR: column "nam" does not exist at line 2, column 3 of the query]`,
		"insert_into":        `Failed to execute an update statement [ERROR: column "nam" does not exist at line 2, column 3 of the query]`,
		"download_file":      `Failed to execute given SELECT statement [ERROR: column "nam" does not exist at line 2, column 3 of the query]`,
		"status_table":       `Failed to execute given SQL script [ERROR: column "nam" does not exist at line 2, column 3 of the query]`,
		"store_last_results": `Failed to execute given SELECT statement [ERROR: column "nam" does not exist at line 2, column 3 of the query]`,
	} {
		value := "other"
		if option == "store_last_results" {
			value = "all"
		}
		_, _, err := d.run(t, "pg", params.Of("_command", inline(query), option, value, "strict_transaction", false))
		f := operator.AsFailure(err)
		if f == nil || f.Error() != want {
			t.Errorf("%s: %v", option, err)
			continue
		}
		if !strings.Contains(f.Hint, "a.name") {
			t.Errorf("%s: hint %q", option, f.Hint)
		}
	}
}

func TestCopyFromStandardInputIsRefused(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	d.exec(t, "CREATE TABLE a (n int)")
	for _, strict := range []bool{true, false} {
		_, _, err := d.run(t, "pg", params.Of("_command", inline("COPY a FROM STDIN"), "strict_transaction", strict))
		if err == nil || !strings.Contains(err.Error(), "COPY ... FROM STDIN has no data here") {
			t.Error(err)
		}
	}
	d.mustRun(t, "pg", params.Of("_command", inline("COPY (SELECT generate_series(1, 10000)) TO STDOUT")))
	_, _, err := d.run(t, "pg", params.Of("_command", inline("COPY a TO STDOUT"), "store_last_results", "all"))
	if err == nil || !strings.Contains(err.Error(), "No results were returned by the query.") {
		t.Error(err)
	}
}
