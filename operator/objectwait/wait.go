// Package objectwait is what s3_wait> and gcs_wait> have in common: looking for
// an object again and again, less and less often, until it is there or the time
// is over. Between two looks nothing of a wait is in memory.
package objectwait

import (
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// Keys of the checkpoint.
const (
	startedKey = "started_millis" // since 1970
	looksKey   = "looks"          // how many there were
)

// Wait is a wait for an object.
type Wait struct {
	Object      string        // as messages name it
	First, Most time.Duration // between two looks: at first, doubling each time, and at most
	Timeout     time.Duration // counted from the first look; 0 is for ever

	started time.Time
	looks   int64
}

// Resume is the wait that checkpoint holds, or else one that begins now.
func (w Wait) Resume(checkpoint *params.Object, now time.Time) Wait {
	w.started = now
	if v, ok := checkpoint.Get(startedKey); ok {
		if millis, ok := operator.AsInt(v); ok {
			w.started = time.UnixMilli(millis)
		}
	}
	if v, ok := checkpoint.Get(looksKey); ok {
		w.looks, _ = operator.AsInt(v)
	}
	return w
}

// Over reports whether the time is over.
func (w Wait) Over(now time.Time) bool {
	return w.Timeout > 0 && now.Sub(w.started) >= w.Timeout
}

// Again is the answer after a look that did not find the object. The last look is
// when the time is over.
func (w Wait) Again(now time.Time) operator.Result {
	after := w.First
	for range w.looks {
		if after *= 2; after >= w.Most {
			after = w.Most
			break
		}
	}
	if w.Timeout > 0 {
		after = max(0, min(after, w.started.Add(w.Timeout).Sub(now)))
	}
	return operator.PollAfter(after, params.Of(startedKey, w.started.UnixMilli(), looksKey, w.looks+1))
}

// TimedOut is the failure of a wait whose time is over.
func (w Wait) TimedOut() *operator.Failure {
	return operator.Runtimef("Object '%s' did not appear within %s", w.Object, w.Timeout)
}
