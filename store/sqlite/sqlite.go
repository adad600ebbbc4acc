// Package sqlite keeps the store in one SQLite file, without cgo.
//
// Any number of heitan processes may have the file open at the same time: one
// writes at a time, readers never wait. A commit is on disk when it returns
// (WAL, synchronous=FULL).
//
// Beside the file `x.db` SQLite keeps `x.db-wal` and `x.db-shm`, and heitan the
// folder `x.db-owners` with a locked file for each running process that owns
// attempts. The kernel unlocks it when the process ends, however that happens,
// so the next process knows at once what was left behind.
//
// It works on Linux and macOS, on file systems of this machine.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/store/sqlstore"
)

// Options say which file to open and how.
type Options struct {
	// Path is the file, made if there is none; its folder must exist.
	Path string
	// Owner, if not "", shows from the start that it is running. Other owners do
	// so from their first lease on.
	Owner store.Owner
	// Readers is how many queries run at the same time. Zero means 4.
	Readers int
	// LockWait is how long a transaction waits for other processes' before it is
	// Unavailable. Zero means 15 seconds.
	LockWait time.Duration
}

const (
	defaultReaders  = 4
	defaultLockWait = 15 * time.Second
)

// Open opens a file, and makes or updates its tables. Errors are
// [*heitan.Error]: NotFound without the folder, Denied if it may not be written,
// Invalid for something else than heitan's database or one of a newer heitan,
// Unavailable if another process keeps it locked.
func Open(ctx context.Context, o Options) (*sqlstore.Store, error) {
	path, err := checkPath(o.Path)
	if err != nil {
		return nil, err
	}
	if o.Readers == 0 {
		o.Readers = defaultReaders
	}
	if o.LockWait == 0 {
		o.LockWait = defaultLockWait
	}
	f := file{path: path, owners: newOwners(path+"-owners", o.LockWait), lockWait: o.LockWait}
	s, err := f.open(ctx, o.Readers)
	if err != nil || o.Owner == "" {
		return s, err
	}
	if err := f.owners.Hold(ctx, o.Owner); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// checkPath finds what SQLite has no good message for. The path is that of the
// file itself, as SQLite has it too, so that all processes meet at the same
// owners, whatever links they came by.
func checkPath(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("open store: %w", err)
	}
	target, err := filepath.EvalSymlinks(path)
	if err == nil {
		path = target
	} else if _, err := os.Readlink(path); err == nil {
		return "", &heitan.Error{
			Kind: heitan.NotFound, Msg: "open store " + path + ": it is a link that leads nowhere",
			Hint: "name the file itself; it is made if there is none",
		}
	}
	folder := filepath.Dir(path)
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir():
		return "", &heitan.Error{
			Kind: heitan.NotFound, Msg: fmt.Sprintf("open store %s: there is no folder %s", path, folder),
			Hint: "make the folder first",
		}
	case err != nil:
		return "", pathError("open store "+path, err)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return "", &heitan.Error{
			Kind: heitan.Invalid, Msg: "open store " + path + ": it is a folder",
			Hint: "name a file; it is made if there is none",
		}
	}
	return path, nil
}

// file is a database in a file that is being opened.
type file struct {
	path     string
	owners   *owners
	lockWait time.Duration
}

func (f file) open(ctx context.Context, readers int) (*sqlstore.Store, error) {
	act := "open store " + f.path
	uri := (&url.URL{Scheme: "file", Path: f.path}).String()
	write, err := openDB(uri+writerPragmas, true, f.lockWait)
	if err != nil {
		return nil, dialect().Fault(ctx, act, err)
	}
	write.SetMaxOpenConns(1)
	if err := f.setUp(ctx, write); err != nil {
		return nil, errors.Join(dialect().Fault(ctx, act, err), write.Close())
	}
	read, err := openDB(uri+readerPragmas, false, f.lockWait)
	if err != nil {
		return nil, errors.Join(dialect().Fault(ctx, act, err), write.Close())
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return sqlstore.New(sqlstore.Options{Dialect: dialect(), Write: write, Read: read, Owners: f.owners, Patience: 2 * f.lockWait}), nil
}

// OpenMemory opens a database that is gone when it is closed.
func OpenMemory(ctx context.Context) (*sqlstore.Store, error) {
	const act = "open store in memory"
	db, err := openDB("file::memory:?_error_rc=1&_pragma=foreign_keys(1)", true, defaultLockWait)
	if err != nil {
		return nil, dialect().Fault(ctx, act, err)
	}
	db.SetMaxOpenConns(1) // each would be a database of its own
	alone := func(context.Context) (func() error, error) { return func() error { return nil }, nil }
	if err := migrations("the store in memory", defaultLockWait, alone).Up(ctx, db); err != nil {
		return nil, errors.Join(dialect().Fault(ctx, act, err), db.Close())
	}
	return sqlstore.New(sqlstore.Options{Dialect: dialect(), Write: db, Read: db}), nil
}

// dialect is what the queries need to know of SQLite.
func dialect() sqlstore.Dialect {
	return sqlstore.Dialect{
		Placeholder: func(int) string { return "?" },
		Explain:     explain,
		Again:       func(error) bool { return false }, // a transaction starts with the lock that it needs
		Orphan:      isOrphan,
	}
}

const (
	// SQLite waits for a lock for 100 ms without looking at any context;
	// patiently waits longer, in such steps. The cache holds the upper levels of
	// the trees of 100,000s of tasks. The log does not stay as large as the
	// largest transaction has made it.
	writerPragmas = "?_error_rc=1&_pragma=busy_timeout(100)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_pragma=cache_size(-16000)&_pragma=journal_size_limit(67108864)"
	// Readers meet a lock only while a log that a crash has left is recovered.
	readerPragmas = "?_error_rc=1&_pragma=busy_timeout(5000)&_pragma=query_only(1)&_pragma=cache_size(-4000)"
)
