package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/store"
)

func TestAnOwnerIsThereFromHoldToClose(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "owners")
	for _, owner := range []store.Owner{
		"alice", "", ".", "..", "../../etc/passwd", "a/b", "a%2Fb", "12@host-1a2b", "兵站", "nul\x00", store.Owner(strings.Repeat("long", 250)),
	} {
		one, other := newOwners(folder, time.Minute), newOwners(folder, time.Minute)
		wantGone(t, other, owner, true)
		for range 2 {
			if err := one.Hold(t.Context(), owner); err != nil {
				t.Fatalf("%q: %v", owner, err)
			}
		}
		wantGone(t, other, owner, false)
		wantGone(t, one, owner, false)
		if err := one.Close(); err != nil {
			t.Errorf("%q: %v", owner, err)
		}
		wantGone(t, other, owner, true)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}

func TestTwoStoresCannotHaveTheSameOwner(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	one, other := newOwners(folder, time.Minute), newOwners(folder, time.Minute)
	t.Cleanup(func() { _ = one.Close() })
	if err := one.Hold(t.Context(), "alice"); err != nil {
		t.Fatal(err)
	}
	if err := other.Hold(t.Context(), "alice"); heitan.KindOf(err) != heitan.Conflict || heitan.HintOf(err) == "" {
		t.Errorf("the error is %v", err)
	}
}

func wantGone(t *testing.T, o *owners, owner store.Owner, want bool) {
	t.Helper()
	if gone, err := o.Gone(owner); err != nil || gone != want {
		t.Errorf("%q is gone: %v, %v", owner, gone, err)
	}
}

func TestStaleLocksAreRemovedAndOthersKept(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	running := newOwners(folder, time.Minute)
	if err := running.Hold(t.Context(), "running"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = running.Close() })
	for _, name := range []string{"stale1.lock", "stale2.lock", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	starting := newOwners(folder, time.Minute)
	if err := starting.Hold(t.Context(), "starting"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = starting.Close() })
	var left []string
	entries, err := os.ReadDir(folder)
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if want := "[notes.txt running.lock starting.lock]"; err != nil || fmt.Sprint(left) != want {
		t.Errorf("left are %v, want %s, %v", left, want, err)
	}
}

// Owners start, look at each other and sweep at the same time. None may seem
// gone while it is held. It does not run beside tests that start processes: a
// process that is just starting still has its parent's locks.
func TestNobodyTakesARunningOwnerForGone(t *testing.T) {
	folder := t.TempDir()
	var group errgroup.Group
	for i := range 8 {
		owner := store.Owner(fmt.Sprint("owner", i))
		group.Go(func() error {
			for range 100 {
				if err := liveAndDie(t.Context(), folder, owner); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
}

// liveAndDie holds an owner, and leaves its file behind as a killed process does.
func liveAndDie(ctx context.Context, folder string, owner store.Owner) error {
	o := newOwners(folder, time.Minute)
	if err := o.Hold(ctx, owner); err != nil {
		return err
	}
	other := newOwners(folder, time.Minute)
	defer func() { _ = other.Close() }()
	if err := other.Hold(ctx, owner+"'s neighbour"); err != nil { // sweeps
		return err
	}
	if gone, err := other.Gone(owner); gone || err != nil {
		return fmt.Errorf("%s is gone while it runs: %w", owner, err)
	}
	if err := o.held[owner].Close(); err != nil {
		return err
	}
	if gone, err := other.Gone(owner); !gone || err != nil {
		return fmt.Errorf("%s is not gone after its end: %w", owner, err)
	}
	return nil
}

func TestWaitingForALockIsBounded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.lock")
	held, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	if err := try(held, syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := flock(t.Context(), 20*time.Millisecond, f, syscall.LOCK_EX); !errors.Is(err, errBusyFile) {
		t.Errorf("the error is %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := flock(ctx, time.Hour, f, syscall.LOCK_EX); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

func TestAStoreThatAnotherProcessSetsUpIsWaitedForAsLongAsSaid(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "heitan.db")
	other := newOwners(path+"-owners", time.Minute)
	unlock, err := other.lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), Options{Path: path, LockWait: 50 * time.Millisecond})
	if heitan.KindOf(err) != heitan.Unavailable || heitan.HintOf(err) == "" {
		t.Errorf("while it is locked, the error is %v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
