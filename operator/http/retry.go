package http

import (
	nethttp "net/http"
	"strconv"
	"time"

	"github.com/heitan/heitan/operator"
)

const (
	// minRetryWait and maxRetryWait bound the time between tries; it doubles.
	minRetryWait = time.Second
	maxRetryWait = 30 * time.Second
	// maxRetryAfter bounds how long a server may ask to be left alone.
	maxRetryAfter = 10 * time.Minute

	// checkpointRetries is the key of the number of tries that failed.
	checkpointRetries = "retry"
)

// retryLater is the answer "not done yet" after a try that failed. There is no
// limit: how long a task may take is the attempt's affair.
func retryLater(req *operator.Request, failure *operator.Failure, a answer) *operator.Poll {
	v, _ := req.Checkpoint.Get(checkpointRetries)
	retries, _ := operator.AsInt(v)
	after := max(retryWait(retries), retryAfter(a.header, req.Now()))
	req.Log.Warn("HTTP request failed, retrying", "error", failure.Message, "retry_in", after)
	return &operator.Poll{After: after, Checkpoint: req.Checkpoint.With(checkpointRetries, retries+1)}
}

// retryWait is the time to wait after the n-th failed try, from 0.
func retryWait(n int64) time.Duration {
	if n < 0 || n >= 5 {
		return maxRetryWait
	}
	return min(minRetryWait<<n, maxRetryWait)
}

// retryAfter is how long a server asks to wait, or 0.
func retryAfter(header nethttp.Header, now time.Time) time.Duration {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), int64(maxRetryAfter/time.Second))) * time.Second
	}
	if at, err := nethttp.ParseTime(text); err == nil {
		return min(max(at.Sub(now), 0), maxRetryAfter)
	}
	return 0
}
