package sqlite

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
)

// flockPause is the time between two tries to lock a file. Nobody but a running
// owner, whose file nobody else locks, keeps one for more than milliseconds.
const flockPause = time.Millisecond

// flock locks a file with flock(2), for up to wait. The lock belongs to this
// opening of the file, also within a process, and ends with it.
func flock(ctx context.Context, wait time.Duration, f *os.File, how int) error {
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	tick := time.NewTicker(flockPause)
	defer tick.Stop()
	for {
		err := try(f, how)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		select {
		case <-tick.C:
		case <-waiting.Done():
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return errBusyFile
		}
	}
}

var errBusyFile = errors.New("another process keeps it locked")

// unlocked reports whether nobody has locked a file for itself. Any number of
// processes may ask at the same time.
func unlocked(f *os.File) (bool, error) {
	err := try(f, syscall.LOCK_SH)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

func try(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// isAt reports whether f is what stands at path now.
func isAt(f *os.File, path string) bool {
	mine, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(mine, there)
}
