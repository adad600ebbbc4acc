package postgres_test

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"go.uber.org/goleak"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/internal/testenv"
	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/store/postgres"
	"github.com/heitan/heitan/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestPostgresFulfilsTheContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, options(t)) })
}

// options are those of a new schema, which is dropped when the test ends.
func options(t testing.TB) postgres.Options {
	t.Helper()
	o := postgres.Options{
		URL:      testenv.Need(t, testenv.Postgres),
		Schema:   "heitan_test_" + strings.ToLower(rand.Text()),
		MaxConns: 4,
	}
	db := beside(t, postgres.Options{URL: o.URL})
	t.Cleanup(func() { exec(t, db, "DROP SCHEMA IF EXISTS "+o.Schema+" CASCADE") })
	return o
}

func open(t testing.TB, o postgres.Options) store.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), o)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// beside is a connection to the store's schema beside the store's own. It is
// one connection, so that it can begin and end transactions.
func beside(t testing.TB, o postgres.Options) *sql.DB {
	t.Helper()
	config, err := pgx.ParseConfig(o.URL)
	must(t, err)
	if o.Schema != "" {
		config.RuntimeParams["search_path"] = o.Schema
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

// exec runs a statement, also while a test cleans up.
func exec(t testing.TB, db interface {
	Exec(statement string, args ...any) (sql.Result, error)
}, statement string,
) {
	t.Helper()
	if _, err := db.Exec(statement); err != nil {
		t.Errorf("%s: %v", statement, err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantKind checks an error's kind, and that it says what to do.
func wantKind(t testing.TB, err error, want heitan.ErrorKind) {
	t.Helper()
	if err == nil || heitan.KindOf(err) != want {
		t.Fatalf("the error is %v, want one of kind %q", err, want)
	}
	if heitan.HintOf(err) == "" {
		t.Errorf("the error %v has no hint", err)
	}
}

var start = time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)

// submit submits an attempt of some tasks.
func submit(t testing.TB, s store.Store, workflow string, size int) (store.Attempt, heitan.Fence) {
	t.Helper()
	p, err := s.EnsureProject(t.Context(), "billing", start)
	r, err2 := s.EnsureRevision(t.Context(), p.ID, "1", start)
	must(t, errors.Join(err, err2))
	a, fence, err := s.Submit(t.Context(), store.Submission{
		Project: p.ID, Revision: r.ID, Workflow: workflow, SessionTime: start,
		Tasks: tasks(size, 0), Owner: "alice", Now: start, Until: start.Add(time.Hour),
	})
	must(t, err)
	return a, fence
}

// tasks are an attempt's tasks after a number of commits.
func tasks(size, commits int) []engine.Task {
	made := make([]engine.Task, size)
	for i := range made {
		made[i] = engine.Task{ID: heitan.TaskID(i + 1), Parent: heitan.TaskID(min(i, 1)), FullName: "+billing", Retries: commits}
	}
	return made
}

// commitOf is the n-th commit of an attempt.
func commitOf(id heitan.AttemptID, fence heitan.Fence, size, n int) []store.Write {
	return []store.Write{{Attempt: id, Fence: fence, Tasks: tasks(size, n)}}
}

// commits is how many commits an attempt has; it checks that none was written in part.
func commits(t testing.TB, s store.Store, id heitan.AttemptID) int {
	t.Helper()
	stored, err := s.Tasks(t.Context(), id)
	must(t, err)
	for _, task := range stored {
		if task.Retries != stored[0].Retries {
			t.Fatalf("task %d has %d commits, the first %d", task.ID, task.Retries, stored[0].Retries)
		}
	}
	return stored[0].Retries
}
