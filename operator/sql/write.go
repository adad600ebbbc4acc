package sql

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/sql/session"
	"github.com/heitan/heitan/params"
)

// Keys of the checkpoint.
const (
	queryIDKey      = "queryId"
	pollIntervalKey = "pollInterval" // seconds until the next look at a lock
	doubtsKey       = "commitsInDoubt"
)

const (
	firstPoll = time.Second
	mostPoll  = 30 * time.Second
	// mostDoubts is how often a task asks what became of a commit before it gives up.
	mostDoubts = 8
)

// errInDoubt means that the connection was lost while a transaction was being
// committed.
var errInDoubt = errors.New("the connection was lost while the transaction was being committed")

// id is the ID of a task's statement, with the checkpoint that holds it.
type id struct {
	text       string
	checkpoint *params.Object
}

// queryID is the ID of the task's statement. A new one is durable before it is
// returned, if it is needed. known says that the statement may have run before.
func queryID(ctx context.Context, req *operator.Request, needed bool) (i id, known bool, err error) {
	v, _ := req.Checkpoint.Get(queryIDKey)
	if text, ok := v.(string); ok {
		return id{text, req.Checkpoint}, true, nil
	}
	i.text = uuid.NewString()
	i.checkpoint = req.Checkpoint.With(queryIDKey, i.text)
	if !needed {
		return i, false, nil
	}
	return i, false, req.SaveCheckpoint(ctx, i.checkpoint)
}

// write is a statement that changes something, and its ledger.
type write struct {
	req        *operator.Request
	target     session.Target
	listener   session.Listener
	ledger     ledger
	checkpoint *params.Object
	// run runs the statement, in the ledger's transaction if it has one.
	run func(ctx context.Context, s *session.Session) error
}

// once runs the statement unless it ran before.
func (w *write) once(ctx context.Context) (operator.Result, error) {
	err := w.try(ctx)
	switch {
	case err == nil:
		return operator.Result{}, nil
	case ctx.Err() != nil:
		return operator.Result{}, context.Cause(ctx)
	case errors.Is(err, errHeld):
		w.req.Log.Info("the statement is running in another transaction, waiting for its end")
		return w.later(w.checkpoint), nil
	}
	doubts, _ := operator.AsInt(w.value(doubtsKey))
	lost, ok := errors.AsType[*session.Error](err)
	inDoubt := errors.Is(err, errInDoubt) || doubts > 0 && ok && lost.Lost
	if inDoubt && doubts < mostDoubts {
		w.req.Log.Warn("what became of the transaction is not known, asking the database later", "error", err)
		return w.later(w.checkpoint.With(doubtsKey, doubts+1)), nil
	}
	return operator.Result{}, err
}

// later is the answer "not done yet". The time until the next look doubles.
func (w *write) later(checkpoint *params.Object) operator.Result {
	after := firstPoll
	if seconds, ok := operator.AsInt(w.value(pollIntervalKey)); ok {
		after = min(max(firstPoll, time.Duration(seconds)*time.Second), mostPoll)
	}
	next := min(2*after, mostPoll)
	return operator.PollAfter(after, checkpoint.With(pollIntervalKey, int64(next/time.Second)))
}

func (w *write) value(key string) params.Value {
	v, _ := w.checkpoint.Get(key)
	return v
}

func (w *write) try(ctx context.Context) error {
	s, err := session.Open(ctx, w.target, w.listener)
	if err != nil {
		return failed(ctx, "Failed to connect to the database", err)
	}
	defer s.Close(ctx)
	ran, err := w.ledger.begin(ctx, s)
	switch {
	case err != nil:
		return err
	case ran:
		w.req.Log.Info("the statement was completed by an earlier try and is not run again")
	default:
		if err := w.transact(ctx, s); err != nil {
			return err
		}
	}
	if err := w.tidy(ctx, s); err != nil && ctx.Err() == nil {
		w.req.Log.Warn("clean up the status table", "error", err)
	}
	return nil
}

// transact runs the statement and commits.
func (w *write) transact(ctx context.Context, s *session.Session) error {
	strict := s.InTransaction()
	if err := s.Attend(func() error { return w.run(ctx, s) }); err != nil {
		return err
	}
	switch {
	case strict && !s.InTransaction():
		w.req.Log.Warn("the query ended the transaction itself, so a crash may make it run twice; `strict_transaction: false` says that this is meant")
	case !strict && s.InTransaction():
		w.req.Log.Warn("the query began a transaction and did not commit it, so nothing is changed")
	}
	if err := w.ledger.enter(ctx, s); err != nil || !strict || !s.InTransaction() {
		return err
	}
	err := s.Exec(ctx, "COMMIT")
	if lost, ok := errors.AsType[*session.Error](err); ok && lost.Lost {
		return failed(ctx, "Failed to commit updated status row", fmt.Errorf("%w: %w", errInDoubt, err))
	}
	return failed(ctx, "Failed to commit updated status row", err)
}

// tidy ends what is left of a transaction, and makes the ledger forget.
func (w *write) tidy(ctx context.Context, s *session.Session) error {
	if s.InTransaction() {
		if err := s.Exec(ctx, "ROLLBACK"); err != nil {
			return err
		}
	}
	return w.ledger.forget(ctx, s)
}
