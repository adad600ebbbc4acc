package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"syscall"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
)

// callTimeout bounds one request that the engine should answer soon. Slow storage
// makes it take its time.
const callTimeout = 2 * time.Minute

// The pauses between tries, and how often a request is tried whose failure may be
// the engine's (500).
const (
	pauseFirst  = 100 * time.Millisecond
	pauseLast   = 5 * time.Second
	faultyTries = 4
)

// interrupted reports whether a request failed on its way to the engine or back.
func interrupted(err error) bool {
	return client.IsErrConnectionFailed(err) || errdefs.IsUnavailable(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.EPIPE)
}

// call makes a request that may safely be made twice. As long as the engine does
// not answer it tries again, but not if it never did: then it is probably not
// running at all.
func call[T any](ctx context.Context, e *engine, act string, request func(context.Context, *client.Client) (T, error)) (T, error) {
	return persist(ctx, newRetry(e, false), callTimeout, act, request)
}

// ask is call for requests that only read: failures of the engine itself (500) are
// tried again a few times, too.
func ask[T any](ctx context.Context, e *engine, act string, request func(context.Context, *client.Client) (T, error)) (T, error) {
	return persist(ctx, newRetry(e, true), callTimeout, act, request)
}

// callFor is call for requests that take their time.
func callFor[T any](ctx context.Context, e *engine, timeout time.Duration, act string, request func(context.Context, *client.Client) (T, error)) (T, error) {
	return persist(ctx, newRetry(e, false), timeout, act, request)
}

func persist[T any](ctx context.Context, r *retry, timeout time.Duration, act string, request func(context.Context, *client.Client) (T, error)) (T, error) {
	var zero T
	for {
		result, err := try(ctx, r.engine, timeout, request)
		if err == nil {
			return result, nil
		}
		if ctx.Err() != nil {
			return zero, fmt.Errorf("%s: %w", act, context.Cause(ctx))
		}
		if again, why := r.after(ctx, err); !again {
			return zero, fmt.Errorf("%s: %w", act, why)
		}
	}
}

func try[T any](ctx context.Context, e *engine, timeout time.Duration, request func(context.Context, *client.Client) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, fmt.Errorf("the Docker engine did not answer within %v", timeout))
	defer cancel()
	c, _, err := e.connected(ctx)
	if err != nil {
		var zero T
		return zero, err
	}
	result, err := request(ctx, c)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return result, err
}

// retry decides about trying again, over one or several requests of one purpose.
type retry struct {
	engine *engine
	faulty bool      // failures of the engine itself are tried again, too
	since  time.Time // of the first of the failures in a row; zero if there is none
	pause  time.Duration
	faults int
	known  bool // the engine answered before the first failure
}

func newRetry(e *engine, faulty bool) *retry { return &retry{engine: e, faulty: faulty} }

// succeeded forgets the failures.
func (r *retry) succeeded() { r.since, r.faults = time.Time{}, 0 }

// after waits for the next try after a failure. It returns false and the reason
// if there should be none.
func (r *retry) after(ctx context.Context, err error) (bool, error) {
	if !isUnreachable(err) {
		if r.faults++; !r.faulty || !errdefs.IsInternal(err) || r.faults == faultyTries {
			return false, err
		}
	}
	now := time.Now()
	if r.since.IsZero() {
		r.since, r.pause, r.known = now, pauseFirst, r.engine.known()
	}
	if !r.known {
		return false, err
	}
	if r.since.Equal(now) {
		r.engine.options.Log.Warn("the Docker engine does not answer; trying again", "error", err, "patience", r.engine.options.Patience)
	}
	if out := now.Sub(r.since); out > r.engine.options.Patience {
		return false, fmt.Errorf("tried again for %v: %w", out.Round(time.Second), err)
	}
	jittered := r.pause/2 + rand.N(r.pause/2)
	r.pause = min(2*r.pause, pauseLast)
	if !sleep(ctx, jittered) {
		return false, context.Cause(ctx)
	}
	return true, nil
}

// sleep waits for d, or returns false because ctx ended before.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
