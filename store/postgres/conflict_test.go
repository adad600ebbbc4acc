package postgres_test

import (
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/store/postgres"
)

func TestATransactionThatLosesIsRunAgain(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"40001", "40P01"} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			o := options(t)
			s := open(t, o)
			a, fence := submit(t, s, "daily", 3)
			failTwice(t, o.Schema, beside(t, o), state)
			_, err := s.Commit(t.Context(), commitOf(a.ID, fence, 3, 1))
			must(t, err)
			if n := commits(t, s, a.ID); n != 1 {
				t.Errorf("%d commits are stored", n)
			}
		})
	}
}

func TestATransactionThatAlwaysLosesIsUnavailable(t *testing.T) {
	t.Parallel()
	o := options(t)
	s := open(t, o)
	a, fence := submit(t, s, "daily", 3)
	fail(t, beside(t, o), "40001", "true")
	_, err := s.Commit(t.Context(), commitOf(a.ID, fence, 3, 1))
	wantKind(t, err, heitan.Unavailable)
	if n := commits(t, s, a.ID); n != 0 {
		t.Errorf("%d commits are stored", n)
	}
}

func TestAFullDiskIsUnavailable(t *testing.T) {
	t.Parallel()
	o := options(t)
	s := open(t, o)
	a, fence := submit(t, s, "daily", 3)
	fail(t, beside(t, o), "53100", "true")
	_, err := s.Commit(t.Context(), commitOf(a.ID, fence, 3, 1))
	wantKind(t, err, heitan.Unavailable)
}

// Two that lock the same rows in different orders: heitan is the victim, because
// it is the one that looks first.
func TestADeadlockIsSurvived(t *testing.T) {
	t.Parallel()
	o := options(t)
	s := open(t, o)
	first, fence := submit(t, s, "first", 3)
	second, fence2 := submit(t, s, "second", 3)
	tx, err := beside(t, o).BeginTx(t.Context(), nil)
	must(t, err)
	exec(t, tx, "SET LOCAL deadlock_timeout = '1h'")
	exec(t, tx, fmt.Sprint("SELECT FROM leases WHERE attempt_id = ", int64(second.ID), " FOR UPDATE"))
	committed := make(chan error, 1)
	go func() {
		lost, err := s.Commit(t.Context(), append(commitOf(first.ID, fence, 3, 1), commitOf(second.ID, fence2, 3, 1)...))
		if len(lost) > 0 {
			err = errors.Join(err, fmt.Errorf("lost are %v", lost))
		}
		committed <- err
	}()
	waitForLock(t, o)
	exec(t, tx, fmt.Sprint("SELECT FROM leases WHERE attempt_id = ", int64(first.ID), " FOR UPDATE")) // until the commit gives way
	must(t, tx.Commit())
	must(t, <-committed)
	if n := commits(t, s, second.ID); n != 1 {
		t.Errorf("%d commits are stored", n)
	}
}

func TestTheEndOfAnOwnerIsNotKnownBeforeItsLeaseEnds(t *testing.T) {
	t.Parallel()
	o := options(t)
	one := open(t, o)
	a, _ := submit(t, one, "daily", 3)
	other := open(t, o)
	until := start.Add(time.Hour)
	_, err := other.Acquire(t.Context(), a.ID, "bob", until.Add(-time.Second), until.Add(time.Hour))
	if _, ok := errors.AsType[*store.Held](err); !ok {
		t.Errorf("the error is %v", err)
	}
	_, err = other.Acquire(t.Context(), a.ID, "bob", until, until.Add(time.Hour))
	must(t, err)
}

// failTwice lets the next two writes of tasks fail in a way. Sequences do not
// take part in transactions.
func failTwice(t *testing.T, schema string, db *sql.DB, state string) {
	t.Helper()
	exec(t, db, "CREATE SEQUENCE failures")
	fail(t, db, state, "nextval('"+schema+".failures') <= 2")
}

// fail lets writes of tasks fail in a way while a condition holds.
func fail(t *testing.T, db *sql.DB, state, condition string) {
	t.Helper()
	exec(t, db, `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF `+condition+` THEN RAISE EXCEPTION 'as the test wants it' USING ERRCODE = '`+state+`'; END IF;
		RETURN NULL;
	END $$`)
	exec(t, db, "CREATE TRIGGER fail BEFORE UPDATE ON tasks FOR EACH STATEMENT EXECUTE FUNCTION fail()")
}

// waitForLock waits until a transaction of a schema waits for a lock.
func waitForLock(t *testing.T, o postgres.Options) {
	t.Helper()
	db := beside(t, postgres.Options{URL: o.URL})
	for waiting := false; !waiting; {
		must(t, db.QueryRow(`SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'
			AND pid IN (SELECT pid FROM pg_locks WHERE relation = to_regclass($1)))`, o.Schema+".leases").Scan(&waiting))
	}
}
