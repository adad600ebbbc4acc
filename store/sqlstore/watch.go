package sqlstore

import (
	"context"
	"errors"
	"time"
)

// errSilent is why a call ends that the database keeps waiting for too long.
var errSilent = errors.New("the database does not answer")

// watch ends a context when nothing was heard of the database for a time,
// however long a large transaction takes as a whole.
type watch struct {
	ctx      context.Context
	cancel   context.CancelCauseFunc
	timer    *time.Timer
	patience time.Duration
}

func newWatch(ctx context.Context, patience time.Duration) *watch {
	ctx, cancel := context.WithCancelCause(ctx)
	return &watch{
		ctx: ctx, cancel: cancel, patience: patience,
		timer: time.AfterFunc(patience, func() { cancel(errSilent) }),
	}
}

// heard starts the time again.
func (w *watch) heard() { w.timer.Reset(w.patience) }

func (w *watch) end() {
	w.timer.Stop()
	w.cancel(nil)
}

// explain makes errSilent of an error that the end of the watch has caused.
func (w *watch) explain(err error) error {
	if err != nil && errors.Is(context.Cause(w.ctx), errSilent) {
		return errSilent
	}
	return err
}
