package sqlite_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/store/sqlite"
)

func TestWhatWasStoredIsThereAfterReopening(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"heitan.db", "with space.db", "a?b#c%20d&e.db", "兵站.db"} {
		o := sqlite.Options{Path: filepath.Join(t.TempDir(), name)}
		s, err := sqlite.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		a, _, err := submit(t.Context(), s, "alice", "daily", 3)
		if err != nil {
			t.Fatal(err)
		}
		closeNow(t, s)
		if _, err := os.Stat(o.Path); err != nil {
			t.Error(err)
		}
		again, err := open(t, o).Attempt(t.Context(), a.ID)
		if err != nil || again.Session.Workflow != "daily" {
			t.Errorf("%s: the attempt is %v, %v", name, again, err)
		}
	}
}

func TestOpeningWhatCannotBeOpenedSaysWhy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		make func(t *testing.T, path string)
		kind heitan.ErrorKind
		text string
	}{
		{"a folder that is missing", func(t *testing.T, path string) {
			must(t, os.Remove(filepath.Dir(path)))
		}, heitan.NotFound, "there is no folder"},
		{"a folder", func(t *testing.T, path string) {
			must(t, os.Mkdir(path, 0o755))
		}, heitan.Invalid, "it is a folder"},
		{"a folder that is a file", func(t *testing.T, path string) {
			must(t, os.Remove(filepath.Dir(path)))
			must(t, os.WriteFile(filepath.Dir(path), nil, 0o644))
		}, heitan.NotFound, "there is no folder"},
		{"a link that leads nowhere", func(t *testing.T, path string) {
			must(t, os.Symlink(filepath.Join(filepath.Dir(path), "nowhere.db"), path))
		}, heitan.NotFound, "leads nowhere"},
		{"garbage", func(t *testing.T, path string) {
			garbage := make([]byte, 100_000)
			_, _ = rand.Read(garbage)
			must(t, os.WriteFile(path, garbage, 0o644))
		}, heitan.Invalid, "not a database"},
		{"another program's database", func(t *testing.T, path string) {
			run(t, path, "CREATE TABLE songs (title TEXT)")
		}, heitan.Invalid, "another program"},
		{"a newer heitan's database", func(t *testing.T, path string) {
			closeNow(t, openUnclosed(t, path))
			run(t, path, "INSERT INTO heitan_migrations (version_id, is_applied) VALUES (4711, 1)")
		}, heitan.Invalid, "made by a newer heitan: its tables have version 4711"},
		{"a file that ends in its middle", func(t *testing.T, path string) {
			closeNow(t, openUnclosed(t, path))
			must(t, os.Truncate(path, 3*4096))
		}, heitan.Internal, "damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "x", "heitan.db")
			must(t, os.Mkdir(filepath.Dir(path), 0o755))
			c.make(t, path)
			s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
			if err == nil {
				closeNow(t, s)
			}
			wantKind(t, err, c.kind)
			for _, part := range []string{c.text, filepath.Dir(path)} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
		})
	}
}

func TestAnotherProgramsDatabaseIsNotTouched(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "songs.db")
	run(t, path, "CREATE TABLE songs (title TEXT)")
	before, err := os.ReadFile(path)
	must(t, err)
	_, err = sqlite.Open(t.Context(), sqlite.Options{Path: path})
	wantKind(t, err, heitan.Invalid)
	after, err := os.ReadFile(path)
	must(t, err)
	if string(before) != string(after) {
		t.Error("the file has changed")
	}
}

func TestALinkToAFileIsTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "heitan.db")
	link := filepath.Join(t.TempDir(), "link.db")
	a, _, err := submit(t.Context(), open(t, sqlite.Options{Path: path}), "alice", "daily", 1)
	must(t, errors.Join(err, os.Symlink(path, link)))
	_, err = open(t, sqlite.Options{Path: link}).Acquire(t.Context(), a.ID, "bob", start, until)
	if _, ok := errors.AsType[*store.Held](err); !ok {
		t.Errorf("the error is %v", err)
	}
}

func TestASetUpThatWasInterruptedIsFinished(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "heitan.db")
	run(t, path, `CREATE TABLE heitan_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now')));
		INSERT INTO heitan_migrations (version_id, is_applied) VALUES (0, 1)`)
	s := open(t, sqlite.Options{Path: path})
	if _, _, err := submit(t.Context(), s, "alice", "daily", 1); err != nil {
		t.Error(err)
	}
}

func TestACopyThatSQLiteMadeIsUsedLikeTheOriginal(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "heitan.db")
	closeNow(t, openUnclosed(t, path))
	run(t, path, fmt.Sprintf("VACUUM INTO '%s'", path+".copy"))
	open(t, sqlite.Options{Path: path + ".copy"})
	var mode string
	must(t, raw(t, path+".copy").QueryRowContext(t.Context(), "PRAGMA journal_mode").Scan(&mode))
	if mode != "wal" {
		t.Errorf("the copy's journal mode is %s", mode)
	}
}

func TestManyMayMakeAFileAtTheSameTime(t *testing.T) {
	t.Parallel()
	for range 5 {
		path := filepath.Join(t.TempDir(), "heitan.db")
		var group errgroup.Group
		for i := range 8 {
			group.Go(func() error {
				s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
				if err != nil {
					return err
				}
				_, _, err = submit(t.Context(), s, "alice", fmt.Sprint("daily", i), 1)
				return errors.Join(err, s.Close())
			})
		}
		must(t, group.Wait())
	}
}

func TestAFileThatIsDamagedIsReported(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "heitan.db")
	s := openUnclosed(t, path)
	a, fence, err := submit(t.Context(), s, "alice", "daily", 2000)
	must(t, err)
	closeNow(t, s)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	info, err := f.Stat()
	must(t, err)
	noise := make([]byte, info.Size()-40*4096)
	_, _ = rand.Read(noise)
	_, err = f.WriteAt(noise, 40*4096)
	must(t, errors.Join(err, f.Close()))

	s = open(t, sqlite.Options{Path: path})
	_, err = s.Tasks(t.Context(), a.ID)
	wantKind(t, err, heitan.Internal)
	_, err = s.Commit(t.Context(), commitOf(a.ID, fence, 2000, 1))
	wantKind(t, err, heitan.Internal)
}

func TestATransactionOfAnotherProcessIsWaitedForAsLongAsSaid(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "heitan.db")
	s := open(t, sqlite.Options{Path: path, LockWait: 300 * time.Millisecond})
	a, fence, err := submit(t.Context(), s, "alice", "daily", 3)
	must(t, err)
	other := raw(t, path)
	tx, err := other.Conn(t.Context())
	must(t, err)
	defer func() { must(t, tx.Close()) }()
	_, err = tx.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	must(t, err)

	_, err = s.Commit(t.Context(), commitOf(a.ID, fence, 3, 1))
	wantKind(t, err, heitan.Unavailable)
	if n := commits(t, s, a.ID); n != 0 {
		t.Errorf("a reader sees %d commits", n)
	}

	_, err = tx.ExecContext(t.Context(), "ROLLBACK")
	must(t, err)
	_, err = s.Commit(t.Context(), commitOf(a.ID, fence, 3, 1))
	must(t, err)
	if n := commits(t, s, a.ID); n != 1 {
		t.Errorf("there are %d commits", n)
	}
}

func TestWaitingForAnotherProcessEndsWithTheContext(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "heitan.db")
	s := open(t, sqlite.Options{Path: path, LockWait: time.Hour})
	a, fence, err := submit(t.Context(), s, "alice", "daily", 3)
	must(t, err)
	other := raw(t, path)
	tx, err := other.Conn(t.Context())
	must(t, err)
	defer func() { must(t, tx.Close()) }()
	_, err = tx.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	must(t, err)

	cause := errors.New("enough")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, cause)
	defer cancel()
	begin := time.Now()
	_, err = s.Commit(ctx, commitOf(a.ID, fence, 3, 1))
	if took := time.Since(begin); !errors.Is(err, cause) || took > 10*time.Second {
		t.Errorf("after %s the error is %v", took, err)
	}
	_, err = tx.ExecContext(t.Context(), "ROLLBACK")
	must(t, err)
}

// raw is a connection to the file beside the store's.
func raw(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

// run runs statements beside the store.
func run(t testing.TB, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	_, err = db.ExecContext(t.Context(), statements)
	must(t, errors.Join(err, db.Close()))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
