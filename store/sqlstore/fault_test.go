package sqlstore

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/store"
)

func TestAFaultSaysWhatAnErrorMeans(t *testing.T) {
	t.Parallel()
	full, odd := errors.New("no space"), errors.New("odd")
	d := Dialect{Explain: func(err error) *heitan.Error {
		if errors.Is(err, full) {
			return &heitan.Error{Kind: heitan.Unavailable, Msg: "the disk is full", Hint: "free some", Err: err}
		}
		return nil
	}}
	stopped := errors.New("stopped")
	ended, cancel := context.WithCancelCause(t.Context())
	cancel(stopped)
	exists := &store.Exists{}
	for _, c := range []struct {
		name string
		ctx  context.Context
		err  error
		kind heitan.ErrorKind
		hint string
		text string
		is   error
	}{
		{"known to the engine", t.Context(), full, heitan.Unavailable, "free some", "commit: the disk is full: no space", full},
		{"unknown", t.Context(), odd, heitan.Internal, "", "commit: odd", odd},
		{"explained already", t.Context(), exists, heitan.Conflict, "", exists.Error(), exists},
		{"after the end of the context", ended, full, heitan.Internal, "", "commit: stopped", stopped},
		{
			"silence", t.Context(), errSilent, heitan.Unavailable, "it is overloaded, out of reach or stopped; try again later",
			"commit: the database does not answer", errSilent,
		},
	} {
		err := d.Fault(c.ctx, "commit", c.err)
		if heitan.KindOf(err) != c.kind || heitan.HintOf(err) != c.hint || err.Error() != c.text || !errors.Is(err, c.is) {
			t.Errorf("%s: %v of kind %s with hint %q", c.name, err, heitan.KindOf(err), heitan.HintOf(err))
		}
	}
	if err := d.Fault(t.Context(), "commit", nil); err != nil {
		t.Error(err)
	}
}

func TestADatabaseMayTakeLongButNotBeSilentForLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWatch(t.Context(), time.Minute)
		defer w.end()
		for range 10 {
			time.Sleep(59 * time.Second)
			w.heard()
		}
		if err := w.ctx.Err(); err != nil {
			t.Fatalf("after signs of life: %v", err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if err := w.explain(w.ctx.Err()); !errors.Is(err, errSilent) {
			t.Errorf("after silence: %v", err)
		}
	})
}

func TestTheEndOfAWatchIsNotSilence(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	w := newWatch(ctx, time.Hour)
	cancel()
	if err := w.explain(w.ctx.Err()); !errors.Is(err, context.Canceled) || errors.Is(err, errSilent) {
		t.Errorf("the error is %v", err)
	}
	w.end()
}
