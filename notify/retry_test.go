package notify

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// flaky fails a number of times and keeps when it was asked.
type flaky struct {
	failures int
	start    time.Time
	at       []time.Duration
}

func (f *flaky) Send(context.Context, Notification) error {
	f.at = append(f.at, time.Since(f.start))
	if len(f.at) <= f.failures {
		return errors.New("not now")
	}
	return nil
}

func TestSendingIsRetriedLessAndLessOften(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		next := &flaky{failures: 10, start: time.Now()}
		s := &retrySender{next: next, retries: 10, minWait: time.Second, maxWait: 30 * time.Second, log: slog.New(slog.DiscardHandler)}
		if err := s.Send(t.Context(), Notification{}); err != nil {
			t.Fatal(err)
		}
		want := []time.Duration{0, 1, 3, 7, 15, 31, 61, 91, 121, 151, 181}
		for i := range want {
			want[i] *= time.Second
		}
		if diff := cmp.Diff(want, next.at); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSendingIsGivenUpAfterTheLastRetry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		next := &flaky{failures: 100}
		s := &retrySender{next: next, retries: 3, minWait: time.Second, maxWait: time.Minute, log: slog.New(slog.DiscardHandler)}
		err := s.Send(t.Context(), Notification{})
		if err == nil || err.Error() != "notification was not sent after 4 tries: not now" || len(next.at) != 4 {
			t.Errorf("%d tries, error %v", len(next.at), err)
		}
	})
}

func TestCancelledContextEndsTheWaitBetweenTries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("heitan is stopping")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(1500*time.Millisecond, func() { cancel(cause) })
		next := &flaky{failures: 100}
		s := &retrySender{next: next, retries: 10, minWait: time.Second, maxWait: time.Minute, log: slog.New(slog.DiscardHandler)}
		if err := s.Send(ctx, Notification{}); !errors.Is(err, cause) || len(next.at) != 2 {
			t.Errorf("%d tries, error %v", len(next.at), err)
		}
	})
}

func TestHeadKeepsTheBeginning(t *testing.T) {
	t.Parallel()
	var h head
	for range 3 {
		if n, err := h.Write([]byte(strings.Repeat("x", maxCommandOutput-10))); n != maxCommandOutput-10 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
	}
	if h.text.Len() != maxCommandOutput {
		t.Errorf("length = %d", h.text.Len())
	}
}
