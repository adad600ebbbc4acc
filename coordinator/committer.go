package coordinator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/store"
)

var (
	// errLost means that another owner has the attempt.
	errLost = errors.New("another heitan has taken the attempt over")
	// errHalted means that the coordinator was stopped before the write was done.
	errHalted = errors.New("heitan stopped before the changes were saved")
)

const (
	// maxBatch is the number of changed tasks at which a transaction takes no more.
	maxBatch = 5000

	minCommitWait = 100 * time.Millisecond
	maxCommitWait = 5 * time.Second
)

// committer makes changes of all attempts durable. What gathers while one
// transaction is written goes into the next.
type committer struct {
	store Store
	log   *slog.Logger
	queue chan *commit
	ended chan struct{} // closed when nothing is written any more
}

// commit is one write and the answer to it.
type commit struct {
	write store.Write
	done  chan error
}

func newCommitter(s Store, log *slog.Logger) *committer {
	return &committer{store: s, log: log, queue: make(chan *commit, 256), ended: make(chan struct{})}
}

// commit returns once the write is durable. While the store is unavailable it
// waits; nothing but the end of the committer ends that. The error is errLost,
// errHalted or a defect.
func (c *committer) commit(w store.Write) error {
	request := &commit{write: w, done: make(chan error, 1)}
	select {
	case c.queue <- request:
	case <-c.ended:
		return errHalted
	}
	select {
	case err := <-request.done:
		return err
	case <-c.ended:
	}
	select {
	case err := <-request.done: // it was in the last transaction
		return err
	default:
		return errHalted
	}
}

// run writes until ctx ends.
func (c *committer) run(ctx context.Context) {
	defer close(c.ended)
	for {
		select {
		case <-ctx.Done():
			return
		case first := <-c.queue:
			c.flush(ctx, c.gather(first))
		}
	}
}

// gather takes what waits behind first.
func (c *committer) gather(first *commit) []*commit {
	batch := []*commit{first}
	rows := len(first.write.Tasks)
	for rows < maxBatch {
		select {
		case next := <-c.queue:
			batch = append(batch, next)
			rows += len(next.write.Tasks)
		default:
			return batch
		}
	}
	return batch
}

// flush writes a batch, however long it takes for the store to be available.
// Writing the same changes twice is harmless, so a commit whose outcome is
// unknown is simply repeated.
func (c *committer) flush(ctx context.Context, batch []*commit) {
	writes := make([]store.Write, len(batch))
	for i, request := range batch {
		writes[i] = request.write
	}
	wait := minCommitWait
	for {
		lost, err := c.store.Commit(ctx, writes)
		if err == nil {
			for _, request := range batch {
				request.done <- outcome(request, lost)
			}
			return
		}
		if heitan.KindOf(err) != heitan.Unavailable || ctx.Err() != nil {
			for _, request := range batch {
				request.done <- fmt.Errorf("save tasks: %w", err)
			}
			return
		}
		c.log.Error("the database is unavailable; tasks wait until it answers", "error", err, "next_try", wait)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		wait = min(2*wait, maxCommitWait)
	}
}

func outcome(request *commit, lost []heitan.AttemptID) error {
	if slices.Contains(lost, request.write.Attempt) {
		return errLost
	}
	return nil
}
