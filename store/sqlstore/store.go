// Package sqlstore fulfils the store's contract over database/sql. Every query
// is written once and runs on SQLite and on PostgreSQL; the few differences are
// a [Dialect]. The packages sqlite and postgres open databases, make their
// tables and explain their errors.
//
// What the tables hold: an attempt's row never changes but for its flags and
// end; its lease is a narrow row of its own that every commit locks and checks;
// a task's row holds what the definition says, written once, and what happened
// to it, written at every change. Documents are JSON text, because the order of
// keys matters; times are microseconds since 1970, null for none.
package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/heitan/heitan/store"
)

var _ store.Store = (*Store)(nil)

// Options is what a store is made of.
type Options struct {
	Dialect Dialect
	// Write is where transactions run, Read where everything else does. They may
	// be the same. The store closes them.
	Write, Read *sql.DB
	// Owners knows which owners are gone. It may be nil: then no owner's end is
	// known before its leases expire.
	Owners Owners
	// Patience is how long a call waits for its turn at the database before it
	// is Unavailable. Zero means 30 seconds.
	Patience time.Duration
}

// Owners knows which owners of leases are running. Its methods may be called
// from any number of goroutines.
type Owners interface {
	// Hold shows everybody that owner is running, until Close or the end of the
	// process. Holding it again is no error.
	Hold(ctx context.Context, owner store.Owner) error
	// Gone reports whether owner is certainly not running any more.
	Gone(owner store.Owner) (bool, error)
	// Close lets go of all owners that are held.
	Close() error
}

// Store is a [store.Store] on a SQL database.
type Store struct {
	dialect     Dialect
	read, write *sql.DB
	owners      Owners
	patience    time.Duration

	statements statements
	buffers    sync.Pool // of *buffer
}

// defaultPatience is longer than the longest transaction that is expected: a
// submission of 100,000 tasks takes some seconds.
const defaultPatience = 30 * time.Second

// New makes a store of a database that has its tables already.
func New(o Options) *Store {
	if o.Owners == nil {
		o.Owners = unknownOwners{}
	}
	if o.Patience == 0 {
		o.Patience = defaultPatience
	}
	return &Store{
		dialect:    o.Dialect,
		read:       o.Read,
		write:      o.Write,
		owners:     o.Owners,
		patience:   o.Patience,
		statements: newStatements(o.Dialect),
		buffers:    sync.Pool{New: func() any { return new(buffer) }},
	}
}

// Close closes the database. All owners that the store held are gone afterwards,
// so nothing of theirs may run any more.
func (s *Store) Close() error {
	var err error
	if s.read != s.write {
		err = s.read.Close()
	}
	return errors.Join(err, s.write.Close(), s.owners.Close())
}

// unknownOwners are those of a database that cannot tell who is running.
type unknownOwners struct{}

func (unknownOwners) Hold(context.Context, store.Owner) error { return nil }
func (unknownOwners) Gone(store.Owner) (bool, error)          { return false, nil }
func (unknownOwners) Close() error                            { return nil }
