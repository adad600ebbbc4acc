package process

import (
	"context"
	"fmt"
	"io"
	"sync"
)

// The sizes of a journal: what it starts with, what it grows to, and how much is
// read from the pipe at a time, at least if it can be helped and at most (a pipe
// holds no more).
const (
	journalMin = 4 << 10
	journalMax = 1 << 20
	readMin    = 1 << 10
	readMax    = 64 << 10
)

// journal is a command's output between the pipe and those who read it. It keeps
// the last journalMax bytes, so that a command can be adopted with its output. The
// command has to wait when a reader has not got so far (back-pressure), or, while
// nobody reads, when all that is kept is unread.
type journal struct {
	mu      sync.Mutex
	changed *sync.Cond

	ring       []byte // offset o is at ring[o%len(ring)]
	start, end int64  // offsets of what is kept
	reached    int64  // the furthest that a reader has got
	readers    map[*cursor]bool
	complete   bool // no more will come
	abandoned  bool // nobody will read any more
}

// cursor is how far a reader has got.
type cursor struct{ at int64 }

func newJournal() *journal {
	j := &journal{readers: map[*cursor]bool{}}
	j.changed = sync.NewCond(&j.mu)
	return j
}

// fill moves everything from the pipe into the journal, until its end or until
// the journal is abandoned.
func (j *journal) fill(pipe io.ReadCloser) {
	defer pipe.Close()
	defer j.finish()
	for {
		slot := j.slot()
		if slot == nil {
			return
		}
		n, err := pipe.Read(slot)
		j.wrote(n)
		if err != nil {
			return
		}
	}
}

// slot is room for the next bytes. It waits until there is some, and is nil if
// the journal was abandoned.
func (j *journal) slot() []byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	for !j.abandoned {
		size := int64(len(j.ring))
		free := size - (j.end - j.start)
		if free < readMin {
			if size < journalMax {
				j.grow()
				continue
			}
			// Older output makes room if everybody who reads has got beyond it.
			dropped := min(readMax, j.floor()-j.start)
			j.start += dropped
			free += dropped
			if free == 0 {
				j.changed.Wait()
				continue
			}
		}
		at := j.end % size
		return j.ring[at : at+min(free, size-at, readMax)]
	}
	return nil
}

// floor is the offset up to which nothing is needed any more.
func (j *journal) floor() int64 {
	if len(j.readers) == 0 {
		return max(j.reached, j.start)
	}
	lowest := j.end
	for c := range j.readers {
		lowest = min(lowest, c.at)
	}
	return lowest
}

// grow makes the ring larger. Readers may still be writing from the old one,
// which does not change any more.
func (j *journal) grow() {
	larger := make([]byte, min(max(4*len(j.ring), journalMin), journalMax))
	for at := j.start; at < j.end; {
		part := j.part(at)
		for len(part) > 0 {
			n := copy(larger[at%int64(len(larger)):], part)
			part, at = part[n:], at+int64(n)
		}
	}
	j.ring = larger
}

// part is what is kept from an offset on, as far as it lies in one piece.
func (j *journal) part(at int64) []byte {
	size := int64(len(j.ring))
	from := at % size
	return j.ring[from : from+min(j.end-at, size-from)]
}

func (j *journal) wrote(n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.end += int64(n)
	j.changed.Broadcast()
}

func (j *journal) finish() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.complete = true
	j.changed.Broadcast()
}

// abandon lets fill return although not everything was read.
func (j *journal) abandon() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.abandoned = true
	j.changed.Broadcast()
}

// copyTo writes everything from the cursor on to w and moves the cursor, until
// the output is complete, ctx ends or w fails.
func (j *journal) copyTo(ctx context.Context, w io.Writer, c *cursor) error {
	stop := context.AfterFunc(ctx, func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.changed.Broadcast()
	})
	defer stop()

	j.mu.Lock()
	defer j.mu.Unlock()
	j.readers[c] = true
	defer func() {
		delete(j.readers, c)
		j.changed.Broadcast()
	}()
	for {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case c.at < j.start:
			missing := fmt.Sprintf("[heitan: %d bytes of the output are not kept any more]\n", j.start-c.at)
			c.at = j.start
			if _, err := j.write(w, []byte(missing)); err != nil {
				return err
			}
		case c.at < j.end:
			n, err := j.write(w, j.part(c.at))
			c.at += int64(n)
			j.reached = max(j.reached, c.at)
			j.changed.Broadcast()
			if err != nil {
				return err
			}
		case j.complete:
			return nil
		default:
			j.changed.Wait()
		}
	}
}

// write writes to w without holding up the journal.
func (j *journal) write(w io.Writer, p []byte) (int, error) {
	j.mu.Unlock()
	defer j.mu.Lock()
	n, err := w.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return n, fmt.Errorf("write output: %w", err)
	}
	return n, nil
}
