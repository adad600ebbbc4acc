package control

import (
	"context"
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// wakeUpKey is the key of wait>'s checkpoint: when the waiting ends, in
// milliseconds since 1970.
const wakeUpKey = "wake_up_millis"

// minPollInterval keeps a wait> with `poll_interval: 0s` from turning idly.
const minPollInterval = time.Second

// wait lets a time pass. It is counted from the first invocation on, across
// restarts of heitan.
//
// As in Digdag, a poll_interval is not cut short: the waiting ends with the first
// poll after the time has passed.
func wait(ctx context.Context, req *operator.Request) (operator.Result, error) {
	if ctx.Err() != nil { // the timeout passed between two polls
		return operator.Result{}, context.Cause(ctx)
	}
	w := readWaiting(req.Params)
	if err := req.Params.Err(); err != nil {
		return operator.Result{}, err
	}
	now := req.Now()
	wakeUp, resumed := wakeUpTime(req.Checkpoint)
	if !resumed {
		wakeUp = now.Add(w.duration)
	}
	remaining := wakeUp.Sub(now)
	checkpoint := params.Of(wakeUpKey, wakeUp.UnixMilli())
	switch {
	case remaining <= 0:
		return operator.Result{}, nil
	case !w.blocking:
		return operator.PollAfter(w.pollAfter(remaining), checkpoint), nil
	case !resumed:
		if err := req.SaveCheckpoint(ctx, checkpoint); err != nil {
			return operator.Result{}, err
		}
	}
	return operator.Result{}, sleep(ctx, remaining)
}

// waiting is what a wait> task says.
type waiting struct {
	duration     time.Duration
	blocking     bool
	pollInterval time.Duration // 0 if not set
}

// readWaiting reads a wait>'s keys. Problems are left in p.
func readWaiting(p *operator.Params) waiting {
	needed(p, "_command")
	w := waiting{duration: p.DurationOr("_command", 0), blocking: p.BoolOr("blocking", false)}
	if _, ok := p.Get("poll_interval"); ok {
		w.pollInterval = max(minPollInterval, p.DurationOr("poll_interval", 0))
		if w.blocking {
			p.Fail("poll_interval", "poll_interval can't be specified with blocking:true")
		}
	}
	return w
}

func (w waiting) pollAfter(remaining time.Duration) time.Duration {
	if w.pollInterval > 0 {
		return w.pollInterval
	}
	return remaining
}

func wakeUpTime(checkpoint *params.Object) (time.Time, bool) {
	v, _ := checkpoint.Get(wakeUpKey)
	millis, ok := operator.AsInt(v)
	return time.UnixMilli(millis), ok
}

// sleep blocks for d, or until ctx ends, which is the error then.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
