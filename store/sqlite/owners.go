package sqlite

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/store"
)

// owners shows which owners run: each has a file of its name in a folder, which
// its process keeps locked. A file that is not locked, or not there, belongs to
// an owner that is gone.
type owners struct {
	folder string
	wait   time.Duration

	mu   sync.Mutex
	held map[store.Owner]*os.File
}

func newOwners(folder string, wait time.Duration) *owners {
	return &owners{folder: folder, wait: wait, held: make(map[store.Owner]*os.File)}
}

// Hold makes and locks the owner's file.
func (o *owners) Hold(ctx context.Context, owner store.Owner) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.held[owner] != nil {
		return nil
	}
	if err := o.makeFolder(); err != nil {
		return err
	}
	f, err := o.lockNew(ctx, o.path(owner))
	if errors.Is(err, errBusyFile) {
		return &heitan.Error{
			Kind: heitan.Conflict, Msg: fmt.Sprintf("owner %s is running already", owner), Err: err,
			Hint: "every store that is open at the same time needs an owner of its own",
		}
	}
	if err != nil {
		return pathError(o.path(owner), err)
	}
	if len(o.held) == 0 {
		o.sweep()
	}
	o.held[owner] = f
	return nil
}

// lockNew locks a file that is still there once it is locked: whoever sweeps
// may take a file for a stale one before it is locked, and remove it.
func (o *owners) lockNew(ctx context.Context, path string) (*os.File, error) {
	for {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
		if err != nil {
			return nil, err
		}
		if err := flock(ctx, holdWait, f, syscall.LOCK_EX); err != nil {
			f.Close()
			return nil, err
		}
		if isAt(f, path) {
			return f, nil
		}
		f.Close()
	}
}

// Gone looks whether nobody locks the owner's file. If the owner was killed
// just while it started another process, it seems to run until that has begun.
func (o *owners) Gone(owner store.Owner) (bool, error) {
	path := o.path(owner)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, pathError(path, err)
	}
	defer f.Close()
	return unlocked(f)
}

// Close removes and unlocks the files of all owners that are held, in this
// order: what is not locked any more may be somebody else's next.
func (o *owners) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	var errs []error
	for owner, f := range o.held {
		if err := os.Remove(f.Name()); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
		errs = append(errs, f.Close())
		delete(o.held, owner)
	}
	return errors.Join(errs...)
}

// sweep removes the files of owners that are gone. It is a courtesy: what it
// cannot do now, another process does later. Only one sweeps at a time, so that
// nobody removes a file that was made after it had looked.
func (o *owners) sweep() {
	folder, err := os.Open(o.folder)
	if err != nil {
		return
	}
	defer folder.Close()
	if try(folder, syscall.LOCK_EX) != nil {
		return
	}
	names, _ := folder.Readdirnames(sweepLimit)
	for _, name := range names {
		if path := filepath.Join(o.folder, name); strings.HasSuffix(name, lockSuffix) {
			removeStale(path)
		}
	}
}

func removeStale(path string) {
	f, err := os.Open(path)
	if err != nil {
		return
	}
	defer f.Close()
	if stale, err := unlocked(f); err == nil && stale && isAt(f, path) {
		_ = os.Remove(path) // see sweep
	}
}

// lock keeps other processes from setting up the database, until unlock.
func (o *owners) lock(ctx context.Context) (unlock func() error, err error) {
	if err := o.makeFolder(); err != nil {
		return nil, err
	}
	folder, err := os.Open(o.folder)
	if err != nil {
		return nil, pathError(o.folder, err)
	}
	if err := flock(ctx, o.wait, folder, syscall.LOCK_EX); err != nil {
		folder.Close()
		return nil, pathError(o.folder, err)
	}
	return folder.Close, nil
}

func (o *owners) makeFolder() error {
	if err := os.Mkdir(o.folder, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return pathError(o.folder, err)
	}
	return nil
}

const (
	lockSuffix = ".lock"
	// holdWait is how long a new owner waits for those who look at its file, which
	// takes them microseconds. Who keeps it locked for longer has the same name.
	holdWait = 2 * time.Second
	// sweepLimit is how many files are looked at, so that no folder, however full,
	// makes a start slow.
	sweepLimit = 1000
)

// path is the file of an owner.
func (o *owners) path(owner store.Owner) string {
	name := url.QueryEscape(string(owner))
	if len(name) > 200 { // names of files have up to 255 bytes
		sum := sha256.Sum256([]byte(owner))
		name = hex.EncodeToString(sum[:])
	}
	return filepath.Join(o.folder, name+lockSuffix)
}
