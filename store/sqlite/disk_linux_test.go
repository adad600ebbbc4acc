package sqlite_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/internal/testenv"
	"github.com/heitan/heitan/store/sqlite"
)

func TestAFullDiskDamagesNothingAndIsOvercome(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	testenv.Disk(t, folder, 0, "size=4m")
	ballast := filepath.Join(folder, "ballast")
	must(t, os.WriteFile(ballast, make([]byte, 1<<20), 0o644))
	path := filepath.Join(folder, "heitan.db")
	s := open(t, sqlite.Options{Path: path})
	a, fence, err := submit(t.Context(), s, "alice", "daily", 100)
	must(t, err)

	n, err := fill(t.Context(), s, a.ID, fence)
	wantKind(t, err, heitan.Unavailable)
	if !strings.Contains(err.Error(), "disk is full") {
		t.Errorf("the error is %v", err)
	}
	if got := commits(t, s, a.ID); got != 0 {
		t.Errorf("the tasks have %d commits", got)
	}
	if stored, err := s.Tasks(t.Context(), a.ID); err != nil || len(stored) != 100*(n+1) {
		t.Errorf("after %d commits there are %d tasks, %v", n, len(stored), err)
	}
	must(t, os.Remove(ballast))
	_, err = s.Commit(t.Context(), commitOf(a.ID, fence, 100, 1))
	must(t, err)
	checkIntegrity(t, path)
}
