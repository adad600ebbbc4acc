package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/store/sqlite"
)

// fill commits new tasks until an error, and returns how often it could.
func fill(ctx context.Context, s store.Store, id heitan.AttemptID, fence heitan.Fence) (n int, err error) {
	for ; n < 1000; n++ {
		w := store.Write{Attempt: id, Fence: fence, Tasks: tasks(100, 0)}
		for i := range w.Tasks {
			w.Tasks[i].ID += heitan.TaskID(100 * (n + 1))
		}
		if _, err := s.Commit(ctx, []store.Write{w}); err != nil {
			return n, err
		}
	}
	return n, errors.New("the disk is never full")
}

// A quota or ulimit -f fails in another way than a full disk.
func TestALimitOfFileSizesDamagesNothingAndIsOvercome(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "heitan.db")
	p := startProcess(t, "limited", path)
	p.finish(t)
	checkIntegrity(t, path)
}

// helpLimited lets files grow to a megabyte, until a commit has failed.
func helpLimited(args []string) error {
	signal.Ignore(syscall.SIGXFSZ)
	ctx := context.Background()
	s, err := sqlite.Open(ctx, sqlite.Options{Path: args[0]})
	if err != nil {
		return err
	}
	a, fence, err := submit(ctx, s, "alice", "daily", 100)
	if err != nil {
		return err
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: 1 << 20, Max: limit.Max}); err != nil {
		return err
	}
	n, err := fill(ctx, s, a.ID, fence)
	if heitan.KindOf(err) != heitan.Unavailable || heitan.HintOf(err) == "" {
		return fmt.Errorf("at the limit the error is %w", err)
	}
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	if _, err := s.Commit(ctx, commitOf(a.ID, fence, 100, 0)); err != nil {
		return fmt.Errorf("without the limit: %w", err)
	}
	stored, err := s.Tasks(ctx, a.ID)
	if err != nil || len(stored) != 100*(n+1) {
		return fmt.Errorf("after %d commits there are %d tasks: %w", n, len(stored), err)
	}
	return s.Close()
}

func TestWhatMayNotBeWrittenIsDenied(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		folder, file os.FileMode // 0: there is none
	}{
		{"a new file in a read-only folder", 0o555, 0},
		{"a file that is read-only", 0o777, 0o444},
		{"a file in a read-only folder", 0o555, 0o666},
		{"a file that may not be read", 0o777, 0o200},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			path := filepath.Join(folder, "heitan.db")
			if c.file != 0 {
				closeNow(t, openUnclosed(t, path))
				must(t, os.Chmod(path, c.file))
				must(t, os.Remove(path+"-owners"))
			}
			must(t, os.Chmod(filepath.Dir(folder), 0o755))
			must(t, os.Chmod(folder, c.folder))
			t.Cleanup(func() { must(t, os.Chmod(folder, 0o755)) })
			startProcess(t, "read-only", path).finish(t)
		})
	}
}

// helpReadOnly opens a file as somebody without rights, and checks that it is denied.
func helpReadOnly(args []string) error {
	const nobody = 65534
	if os.Getuid() == 0 {
		if err := errors.Join(syscall.Setgroups(nil), syscall.Setgid(nobody), syscall.Setuid(nobody)); err != nil {
			return err
		}
	}
	ctx := context.Background()
	s, err := sqlite.Open(ctx, sqlite.Options{Path: args[0]})
	if err == nil {
		_, _, err = submit(ctx, s, "nobody", "daily", 1)
		err = errors.Join(err, s.Close())
	}
	if heitan.KindOf(err) != heitan.Denied || heitan.HintOf(err) == "" || !strings.Contains(err.Error(), args[0]) {
		return fmt.Errorf("the error is of kind %s: %w", heitan.KindOf(err), err)
	}
	return nil
}
