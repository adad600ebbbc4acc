package notify

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// retrySender sends again what could not be sent. As in Digdag, every failure
// may pass.
type retrySender struct {
	next             Sender
	retries          int64 // after the first try
	minWait, maxWait time.Duration
	log              *slog.Logger
}

func (s *retrySender) Send(ctx context.Context, n Notification) error {
	wait := s.minWait
	for retry := int64(0); ; retry++ {
		err := s.next.Send(ctx, n)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case retry == s.retries:
			return fmt.Errorf("notification was not sent after %d tries: %w", retry+1, err)
		}
		s.log.Warn("sending the notification failed, retrying",
			"error", err, "retry", retry+1, "retries", s.retries, "retry_in", wait)
		if err := pause(ctx, wait); err != nil {
			return err
		}
		wait = min(wait*2, s.maxWait)
	}
}

// pause waits for a time, or until ctx ends, and returns ctx's cause then.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
