package sql_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/operator/sql"
	"github.com/heitan/heitan/params"
)

func TestLastResultsAreTheFirstRowOrAllRows(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	rows := "SELECT n, 'x' || n AS name FROM generate_series(1, 3) AS n"
	for _, tt := range []struct{ query, option, want string }{
		{rows, "first", `{"n":1,"name":"x1"}`},
		{rows, "true", `{"n":1,"name":"x1"}`},
		{rows + ";", "all", `[{"n":1,"name":"x1"},{"n":2,"name":"x2"},{"n":3,"name":"x3"}]`},
		{rows + " WHERE n > 5", "first", `{}`},
		{rows + " WHERE n > 5", "all", `[]`},
		{"SELECT 1 AS a, 2 AS b, 3 AS a", "first", `{"a":3,"b":2}`},
		{"SHOW datestyle", "first", `{"DateStyle":"ISO, MDY"}`},
		{"SELECT generate_series(1, 10000000) AS n", "first", `{"n":1}`},
	} {
		for _, name := range dialects {
			result := d.mustRun(t, name, params.Of("_command", inline(tt.query), "store_last_results", tt.option))
			want := `{"` + name + `":{"last_results":` + tt.want + `}}`
			if diff := cmp.Diff(want, stored(result)); diff != "" {
				t.Errorf("%s: %s: %s", tt.query, tt.option, diff)
			}
			if diff := cmp.Diff([]string{name + ".last_results"}, result.Reset); diff != "" {
				t.Error(diff)
			}
		}
	}
}

func TestValuesOfAllTypesAreStored(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	d.exec(t, "CREATE TYPE mood AS ENUM ('sad'); CREATE DOMAIN age AS int")
	query := `SELECT
		true AS bool, 1::smallint AS small, 2 AS int, 9007199254740993 AS big, 5::age AS dom,
		1.5::real AS real, 0.1::float8 AS double, 'NaN'::float8 AS nan,
		12.50 AS num, 123456789012345678901234567890.5 AS exact,
		'a"b'::text AS text, 'c'::char(3) AS padded, NULL AS nothing, ''::text AS empty,
		date '2026-04-01' AS day, timestamp '2026-04-01 12:00:00.25' AS ts,
		timestamptz '2026-04-01 12:00:00+00' AT TIME ZONE 'Asia/Tokyo' AS tokyo,
		time '12:00' AS clock, interval '1 day 2 hours' AS iv,
		'{"k": [1, 2.5, null]}'::jsonb AS doc, '[1]'::json AS list,
		ARRAY[1, NULL, 3] AS ints, ARRAY['a,b', NULL, 'NULL'] AS texts, ARRAY[[1,2],[3,4]] AS nested,
		'\xdeadbeef'::bytea AS bytes, '5ca1ab1e-0000-4000-8000-000000000002'::uuid AS id,
		'192.0.2.1'::inet AS ip, int4range(1, 5) AS range, ROW(1, 'x') AS row, 'sad'::mood AS mood, ARRAY['sad'::mood] AS moods`
	want := `{"bool":true,"small":1,"int":2,"big":9007199254740993,"dom":5,` +
		`"real":1.5,"double":0.1,"nan":"NaN",` +
		`"num":12.5,"exact":"123456789012345678901234567890.5",` +
		`"text":"a\"b","padded":"c  ","nothing":null,"empty":"",` +
		`"day":"2026-04-01","ts":"2026-04-01T12:00:00.25","tokyo":"2026-04-01T21:00:00",` +
		`"clock":"12:00:00","iv":"1 day 02:00:00",` +
		`"doc":{"k":[1,2.5,null]},"list":[1],` +
		`"ints":[1,null,3],"texts":["a,b",null,"NULL"],"nested":[[1,2],[3,4]],` +
		`"bytes":"3q2+7w==","id":"5ca1ab1e-0000-4000-8000-000000000002",` +
		`"ip":"192.0.2.1","range":"[1,5)","row":"(1,x)","mood":"sad","moods":"{sad}"}`
	result := d.mustRun(t, "pg", params.Of("_command", inline(query), "store_last_results", "first"))
	if diff := cmp.Diff(`{"pg":{"last_results":`+want+`}}`, stored(result)); diff != "" {
		t.Error(diff)
	}
}

func TestTimesWithAZoneAreInstants(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	result := d.mustRun(t, "pg", params.Of(
		"_command", inline("SELECT timestamptz '2026-04-01 12:00:00.5+05:30' AS at"), "store_last_results", "first"))
	v, _ := result.Store.Lookup("pg", "last_results", "at")
	text, _ := v.(string)
	at, err := time.Parse(time.RFC3339Nano, text)
	if want := time.Date(2026, 4, 1, 6, 30, 0, 500e6, time.UTC); err != nil || !at.Equal(want) {
		t.Errorf("%s, %v", text, err)
	}
}

func TestLastResultsHaveLimits(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	s, err := sql.SettingsFrom(config.FromMap("test", map[string]string{
		"config.jdbc.max_store_last_results_rows":       "1",
		"config.pg.max_store_last_results_rows":         "3",
		"config.pg.max_store_last_results_columns":      "2",
		"config.pg.max_store_last_results_value_size":   "4",
		"config.redshift.max_store_last_results_values": "unknown settings do not matter",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if s.Redshift != (sql.Limits{Rows: 1, Columns: 64, Value: 256}) {
		t.Errorf("redshift's limits are %+v", s.Redshift)
	}
	for _, tt := range []struct{ query, option, want string }{
		{"SELECT generate_series(1, 3)", "all", ""},
		{"SELECT generate_series(1, 4)", "all", "The number of result rows exceeded the limit: 4 > 3"},
		{"SELECT generate_series(1, 1000000000)", "all", "The number of result rows exceeded the limit: 4 > 3"},
		{"SELECT 1, 2, 3", "first", "The number of result columns exceeded the limit: 3 > 2"},
		{"SELECT 'äöüß'", "first", ""},
		{"SELECT 'äöüßx'", "first", "The size of result value exceeded the limit: 5 > 4"},
		{"SELECT '[1, 2]'::json", "all", "The size of result value exceeded the limit: 6 > 4"},
		{"SELECT repeat('x', 10000000)", "all", "The size of result value exceeded the limit: 10000000 > 4"},
	} {
		req, _ := operatortest.Request(t, params.Of("_command", inline(tt.query), "store_last_results", tt.option), d.exports())
		_, err := sql.Operators(s)["pg"].Operator.Run(t.Context(), req)
		if got := fmt.Sprint(err); tt.want == "" && err != nil || tt.want != "" && got != tt.want {
			t.Errorf("%s: %s, want %q", tt.query, got, tt.want)
		}
	}
}

func TestInvalidLimitsAreReported(t *testing.T) {
	t.Parallel()
	_, err := sql.SettingsFrom(config.FromMap("test", map[string]string{
		"config.pg.max_store_last_results_rows":       "-1",
		"config.redshift.max_store_last_results_rows": "many",
	}))
	for _, want := range []string{"config.pg.max_store_last_results_rows", "config.redshift.max_store_last_results_rows"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}

func TestReadingQueryCannotChangeAnything(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	d.exec(t, "CREATE TABLE a (n int)")
	for _, name := range dialects {
		for option, value := range map[string]string{"download_file": "out.csv", "store_last_results": "all"} {
			_, _, err := d.run(t, name, params.Of("_command", inline("INSERT INTO a VALUES (1) RETURNING n"), option, value))
			f := operator.AsFailure(err)
			if f == nil || !strings.HasPrefix(f.Message, "Query must be read-only if "+option+" is set") || f.Kind != operator.KindConfig {
				t.Errorf("%s: %v", option, err)
			}
		}
	}
	if n := d.count(t, "SELECT count(*) FROM a"); n != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestReadingTakesOneStatementWithResults(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	for query, want := range map[string]string{
		"SELECT 1; SELECT 2":        "Failed to execute given SELECT statement [ERROR: cannot insert multiple commands into a prepared statement]",
		"SET search_path TO public": "Failed to execute given SELECT statement [No results were returned by the query.]",
		"":                          "Failed to execute given SELECT statement [No results were returned by the query.]",
	} {
		_, _, err := d.run(t, "pg", params.Of("_command", inline(query), "store_last_results", "all"))
		if fmt.Sprint(err) != want {
			t.Errorf("%q: %v, want %s", query, err, want)
		}
	}
}

func TestDownloadedFileIsCSV(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	query := `SELECT 1 AS id, 'a "quoted", text' AS "the ""text""", NULL AS nothing, '' AS empty, true AS yes, false AS no,
		timestamp '2026-04-01 12:00:00.5' AS ts, ARRAY[1,2] AS list, '\x01ff'::bytea AS bytes, E'a\r\nb' AS lines
		UNION ALL SELECT 2, 'plain', 'x', 'y', NULL, true, NULL, NULL, NULL, NULL ORDER BY 1`
	want := "id,\"the \"\"text\"\"\",nothing,empty,yes,no,ts,list,bytes,lines\r\n" +
		"1,\"a \"\"quoted\"\", text\",,\"\",true,false,2026-04-01 12:00:00.5,\"{1,2}\",\\x01ff,\"a\r\nb\"\r\n" +
		"2,plain,x,y,,true,,,,\r\n"
	req, _ := operatortest.Request(t, params.Of("_command", inline(query), "download_file", "out/result.csv"), d.exports())
	result, err := operatorOf(t, "pg").Run(t.Context(), req)
	if err != nil || stored(result) != "" {
		t.Fatal(stored(result), err)
	}
	if diff := cmp.Diff(map[string]string{"result.csv": want}, files(t, filepath.Join(req.Workspace.Root, "out"))); diff != "" {
		t.Error(diff)
	}
}

// files are the files of a folder, and what is in them.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]string)
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[entry.Name()] = string(text)
	}
	return all
}

func TestResultWithoutRowsIsAFileWithAHeader(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	req, _ := operatortest.Request(t, params.Of("_command", inline("SELECT 1 AS a WHERE false"), "download_file", "r.csv"), d.exports())
	if _, err := operatorOf(t, "pg").Run(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"r.csv": "a\r\n"}, files(t, req.Workspace.Root)); diff != "" {
		t.Error(diff)
	}
}

func TestFailedDownloadLeavesTheOldFile(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	query := "SELECT 1/(100000 - n) FROM generate_series(1, 100000) AS n"
	req, _ := operatortest.Request(t, params.Of("_command", inline(query), "download_file", "r.csv"), d.exports(),
		operatortest.WithFiles(map[string]string{"r.csv": "old"}))
	_, err := operatorOf(t, "pg").Run(t.Context(), req)
	if want := "Failed to execute given SELECT statement [ERROR: division by zero]"; fmt.Sprint(err) != want {
		t.Errorf("%v, want %s", err, want)
	}
	if diff := cmp.Diff(map[string]string{"r.csv": "old"}, files(t, req.Workspace.Root)); diff != "" {
		t.Error(diff)
	}
}

func TestDownloadStaysInTheProject(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	for _, name := range []string{"../r.csv", "/tmp/r.csv"} {
		_, _, err := d.run(t, "pg", params.Of("_command", inline("SELECT 1"), "download_file", name))
		if err == nil || !strings.Contains(err.Error(), "File name must not be outside of project path: "+name) {
			t.Error(err)
		}
	}
}

func TestDownloadThatCannotBeWrittenIsAnError(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	_, _, err := d.run(t, "pg", params.Of("_command", inline("SELECT 1"), "download_file", "dir"),
		operatortest.WithFiles(map[string]string{"dir/file": ""}))
	if err == nil || !strings.Contains(err.Error(), "Put the downloaded file in its place") {
		t.Error(err)
	}
}
