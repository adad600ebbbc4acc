package sql_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

// start runs a task aside and returns what gives its error.
func start(ctx context.Context, t testing.TB, name string, own *params.Object, options ...operatortest.Option) func() error {
	t.Helper()
	req, _ := operatortest.Request(t, own, options...)
	op := operatorOf(t, name)
	ended := make(chan error, 1)
	go func() {
		_, err := op.Run(ctx, req)
		ended <- err
	}()
	return func() error { return <-ended }
}

// eventually waits until a statement returns true on the server.
func (d *database) eventually(t testing.TB, statement string, args ...any) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	for ok := false; !ok; {
		if err := d.QueryRow(ctx, statement, args...).Scan(&ok); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// running says whether a backend is running a statement that holds a text.
const running = "SELECT count(*) > 0 FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%' || $1 || '%'"

const notRunning = "SELECT count(*) = 0 FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%' || $1 || '%'"

func TestUnreachableDatabaseFailsTheTask(t *testing.T) {
	t.Parallel()
	for want, where := range map[string]*params.Object{
		"connection refused": params.Of("host", "127.0.0.1", "port", int64(freePort(t)), "user", "u", "database", "d"),
		"no such host":       params.Of("host", "db.invalid", "user", "u", "database", "d"),
	} {
		_, err := operatorOf(t, "pg").Run(t.Context(), request(t, inserting().Merge(where)))
		f := operator.AsFailure(err)
		if f == nil || !strings.HasPrefix(f.Message, "Failed to connect to the database [") || !strings.Contains(f.Message, want) || f.Kind != "" {
			t.Errorf("%v, want %s", err, want)
		}
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("%q has more than one line", err)
		}
	}
}

func request(t testing.TB, own *params.Object, options ...operatortest.Option) *operator.Request {
	t.Helper()
	req, _ := operatortest.Request(t, own, options...)
	return req
}

func TestServerThatDoesNotAnswerIsGivenUp(t *testing.T) {
	t.Parallel()
	silent, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	own := inserting("host", "127.0.0.1", "port", int64(silent.Addr().(*net.TCPAddr).Port), "user", "u", "database", "d")
	for want, over := range map[string]*params.Object{
		"Failed to connect to the database [no connection within 1s (connect_timeout)]": params.Of("connect_timeout", "1s"),
		"socket_timeout": params.Of("socket_timeout", "1s"),
	} {
		_, err = operatorOf(t, "pg").Run(t.Context(), request(t, own.Merge(over)))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestServerOfItsOwn(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	t.Run("wrong password is told", func(t *testing.T) {
		for name, secret := range map[string]string{"pg": "pg.password", "redshift": "aws.redshift.password"} {
			own := params.Of("_command", inline("SELECT 1"), "store_last_results", "all").Merge(s.where("locked"))
			_, err := operatorOf(t, name).Run(t.Context(), request(t, own, operatortest.WithSecrets(map[string]string{secret: "hunter2"})))
			if err == nil || !strings.Contains(err.Error(), `password authentication failed for user "locked"`) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%s: %v", name, err)
			}
			_, err = operatorOf(t, name).Run(t.Context(), request(t, own, operatortest.WithSecrets(map[string]string{secret: "secret"})))
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
	t.Run("ssl encrypts and trusts every certificate", func(t *testing.T) {
		own := params.Of("_command", inline("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"), "store_last_results", "first").Merge(s.where("test"))
		for _, ssl := range []bool{true, false} {
			result, err := operatorOf(t, "pg").Run(t.Context(), request(t, own.With("ssl", ssl)))
			if want := fmt.Sprintf(`{"pg":{"last_results":{"ssl":%v}}}`, ssl); err != nil || stored(result) != want {
				t.Errorf("%s, %v", stored(result), err)
			}
		}
	})
	t.Run("encrypted statement is cancelled too", func(t *testing.T) {
		d := connect(t, s.url())
		ctx, stop := context.WithCancelCause(t.Context())
		ended := start(ctx, t, "pg", params.Of("_command", inline("SELECT pg_sleep(60) AS tls_cancel"), "ssl", true).Merge(s.where("test")))
		d.eventually(t, running, "tls_cancel")
		stop(operator.ErrKilled)
		if err := ended(); !errors.Is(err, operator.ErrKilled) {
			t.Error(err)
		}
		d.eventually(t, notRunning, "tls_cancel")
	})
	t.Run("server that is killed in a statement fails the task", func(t *testing.T) {
		d := connect(t, s.url())
		ended := start(t.Context(), t, "pg", params.Of("_command", inline("SELECT pg_sleep(60) AS in_a_statement")).Merge(s.where("test")))
		download := start(t.Context(), t, "pg", params.Of(
			"_command", inline("SELECT pg_sleep(0.001), repeat('x', 1000) AS in_a_download FROM generate_series(1, 1000000)"), "download_file", "r.csv").Merge(s.where("test")))
		d.eventually(t, running, "in_a_statement")
		d.eventually(t, running, "in_a_download")
		s.kill(t)
		if err := ended(); err == nil || !strings.HasPrefix(err.Error(), "Failed to execute given SQL script [") {
			t.Error(err)
		}
		if err := download(); err == nil || !strings.HasPrefix(err.Error(), "Failed to execute given SELECT statement [") {
			t.Error(err)
		}
	})
}

func TestTerminatedBackendFailsTheTask(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	ended := start(t.Context(), t, "pg", params.Of("_command", inline("SELECT pg_sleep(60) AS "+d.schema)), d.exports())
	d.eventually(t, running, d.schema)
	d.exec(t, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60) AS "+d.schema+"%' AND pid <> pg_backend_pid()")
	if err := ended(); err == nil || !strings.Contains(err.Error(), "FATAL: terminating connection due to administrator command") {
		t.Error(err)
	}
}

func TestEndOfTheContextCancelsTheStatementOnTheServer(t *testing.T) {
	t.Parallel()
	for name, over := range map[string]*params.Object{
		"statement": params.Empty(),
		"plain":     params.Of("strict_transaction", false),
		"download":  params.Of("download_file", "r.csv"),
		"results":   params.Of("store_last_results", "all"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t)
			ctx, stop := context.WithCancelCause(t.Context())
			ended := start(ctx, t, "pg", params.Of("_command", inline("SELECT pg_sleep(60) AS "+d.schema)).Merge(over), d.exports())
			d.eventually(t, running, d.schema)
			stop(operator.ErrKilled)
			if err := ended(); !errors.Is(err, operator.ErrKilled) {
				t.Error(err)
			}
			d.eventually(t, notRunning, d.schema)
		})
	}
}

func TestSilenceOfTheServerEndsTheStatement(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	_, _, err := d.run(t, "pg", params.Of("_command", inline("SELECT pg_sleep(60) AS "+d.schema), "socket_timeout", "1s"))
	if want := "Failed to execute given SQL script [no answer within 1s (socket_timeout)]"; fmt.Sprint(err) != want {
		t.Errorf("%v, want %s", err, want)
	}
	d.eventually(t, notRunning, d.schema)
}

func TestSlowResultIsNotSilence(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	// A row has 8 kB, so that the server sends each at once.
	query := "SELECT repeat('x', 10000), pg_sleep(0.3) FROM generate_series(1, 6)"
	d.mustRun(t, "pg", params.Of("_command", inline(query), "socket_timeout", "1s", "download_file", "r.csv"))
}

func TestHugeResultIsDownloadedWithLittleMemory(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	query := "SELECT n, repeat('x', 1000) AS text FROM generate_series(1, 200000) AS n"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	d.mustRun(t, "pg", params.Of("_command", inline(query), "download_file", "r.csv"))
	runtime.ReadMemStats(&after)
	// 200 MB pass through; other tests allocate at the same time.
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 100<<20 {
		t.Errorf("%d MB allocated", allocated>>20)
	}
}

func TestRowThatDoesNotFitIntoMemoryIsRefused(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	_, _, err := d.run(t, "pg", params.Of("_command", inline("SELECT repeat('x', 300000000)"), "download_file", "r.csv"))
	if err == nil || !strings.Contains(err.Error(), "more than the limit of 268435456") {
		t.Error(err)
	}
}

func TestEnvironmentOfHeitanTakesNoPart(t *testing.T) {
	d := newDatabase(t)
	for key, value := range map[string]string{
		"PGHOST": "elsewhere.invalid", "PGUSER": "nobody", "PGPASSWORD": "x", "PGDATABASE": "none", "PGOPTIONS": "-c bad=1",
		"PGTZ": "Asia/Tokyo", "PGAPPNAME": "theirs", "PGCONNECT_TIMEOUT": "x", "PGTARGETSESSIONATTRS": "standby",
		"PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/nowhere", "PGREQUIREAUTH": "oauth", "PGSSLCERTMODE": "require",
	} {
		t.Setenv(key, value)
	}
	query := "SELECT current_setting('application_name') AS application, current_setting('timezone') = 'Asia/Tokyo' AS tokyo"
	result := d.mustRun(t, "pg", params.Of("_command", inline(query), "store_last_results", "first"))
	if want := `{"pg":{"last_results":{"application":"heitan","tokyo":false}}}`; stored(result) != want {
		t.Error(stored(result))
	}
}
