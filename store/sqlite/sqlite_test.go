package sqlite_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/store/sqlite"
	"github.com/heitan/heitan/store/storetest"
)

func TestFileFulfilsTheContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store {
		return open(t, sqlite.Options{Path: filepath.Join(t.TempDir(), "heitan.db")})
	})
}

func TestMemoryFulfilsTheContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store {
		s, err := sqlite.OpenMemory(t.Context())
		return closedLater(t, s, err)
	})
}

func open(t testing.TB, o sqlite.Options) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), o)
	return closedLater(t, s, err)
}

func closedLater(t testing.TB, s store.Store, err error) store.Store {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func closeNow(t testing.TB, s store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
}

// openUnclosed is open for a store that the test closes itself.
func openUnclosed(t testing.TB, path string) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	must(t, err)
	return s
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

var (
	start = time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)
	until = start.Add(24 * time.Hour)
)

// submit submits an attempt of a number of tasks.
func submit(ctx context.Context, s store.Store, owner store.Owner, workflow string, size int) (store.Attempt, heitan.Fence, error) {
	p, err := s.EnsureProject(ctx, "billing", start)
	r, err2 := s.EnsureRevision(ctx, p.ID, "1", start)
	if err := errors.Join(err, err2); err != nil {
		return store.Attempt{}, 0, err
	}
	return s.Submit(ctx, store.Submission{
		Project: p.ID, Revision: r.ID, Workflow: workflow, SessionTime: start, SessionUUID: "uuid", Key: string(owner),
		Tasks: tasks(size, 0), Owner: owner, Now: start, Until: until,
	})
}

// tasks are an attempt's tasks after a number of commits, of some hundred bytes each.
func tasks(size, commits int) []engine.Task {
	made := make([]engine.Task, size)
	for i := range made {
		id := heitan.TaskID(i + 1)
		made[i] = engine.Task{
			ID: id, Parent: min(1, id-1), FullName: "+billing+load+step_" + id.String(),
			Config:  params.Of("sh>", "bin/load.sh --table orders --day ${session_date}", "_export", params.Of("n", int64(id))),
			Pos:     params.Pos{File: "billing.dig", Line: int32(id), Column: 3},
			Retries: commits, Updated: start.Add(time.Duration(commits) * time.Second),
			Started: start, State: heitan.TaskSuccess, Flags: heitan.InitialTask,
			Result: engine.Result{Store: params.Of("rows", int64(commits), "table", "orders")},
		}
	}
	return made
}

// commits is how many commits an attempt has; it checks that none was written in part.
func commits(t testing.TB, s store.Store, id heitan.AttemptID) int {
	t.Helper()
	stored, err := s.Tasks(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range stored {
		if task.Retries != stored[0].Retries {
			t.Fatalf("task %d has %d commits, the first %d", task.ID, task.Retries, stored[0].Retries)
		}
	}
	return stored[0].Retries
}

// commitOf is the n-th commit of an attempt.
func commitOf(id heitan.AttemptID, fence heitan.Fence, size, n int) []store.Write {
	return []store.Write{{Attempt: id, Fence: fence, Tasks: tasks(size, n)}}
}
