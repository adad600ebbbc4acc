package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

func TestAStatementThatIsBeingReadCanBeRunBeside(t *testing.T) {
	t.Parallel()
	conn := memory(t)
	const query = "WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < $1) SELECT v FROM n"
	outer, err := conn.QueryContext(t.Context(), query, 3)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = outer.Close() }()
	var pairs []string
	for outer.Next() {
		var a, b int
		if err := errors.Join(outer.Scan(&a), conn.QueryRowContext(t.Context(), query, 1).Scan(&b)); err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, fmt.Sprint(a, b))
	}
	if got := fmt.Sprint(pairs); outer.Err() != nil || got != "[1 1 2 1 3 1]" {
		t.Errorf("rows are %s, %v", got, outer.Err())
	}
}

func TestAConnectionKeepsSomeStatementsOnly(t *testing.T) {
	t.Parallel()
	c := memory(t)
	for n := range 3 * maxStatements {
		var got int
		if err := c.QueryRowContext(t.Context(), fmt.Sprint("SELECT ", n)).Scan(&got); err != nil || got != n {
			t.Fatalf("%d is %d, %v", n, got, err)
		}
	}
	err := c.Raw(func(inner any) error {
		if kept := len(inner.(*conn).statements); kept > maxStatements {
			t.Errorf("%d statements are kept", kept)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func memory(t *testing.T) *sql.Conn {
	t.Helper()
	db, err := openDB("file::memory:", true, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(c.Close(), db.Close()); err != nil {
			t.Error(err)
		}
	})
	return c
}

func TestCommitsAreDurableFromTheFirstOneOn(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "heitan.db")
	for _, when := range []string{"a file is made", "a file is opened"} {
		f := file{path: path, owners: newOwners(path+"-owners", time.Minute), lockWait: time.Minute}
		db, err := openDB(path+writerPragmas, true, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		db.SetMaxOpenConns(1)
		var journal string
		var synchronous int
		err = errors.Join(f.setUp(t.Context(), db),
			db.QueryRowContext(t.Context(), "PRAGMA journal_mode").Scan(&journal),
			db.QueryRowContext(t.Context(), "PRAGMA synchronous").Scan(&synchronous),
			db.Close())
		if full := 2; err != nil || journal != "wal" || synchronous != full {
			t.Errorf("when %s, the modes are %s and %d, %v", when, journal, synchronous, err)
		}
	}
}
