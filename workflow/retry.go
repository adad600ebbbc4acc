package workflow

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/heitan/heitan/params"
)

// Retry is a `_retry` setting. The zero Retry never tries again.
type Retry struct {
	Limit       int           // tries after the first
	Interval    time.Duration // before each of them
	MaxInterval time.Duration // bounds growing intervals; 0 is no bound
	Exponential bool          // the interval doubles with each try
}

// maxInterval is where doubling ends; Digdag's 32-bit seconds overflow there.
const maxInterval = math.MaxInt32 * time.Second

// retryOptions are the keys of a `_retry` map.
var retryOptions = []string{"limit", "interval", "max_interval", "interval_type"}

// ParseRetry reads a `_retry` value: a number of retries, or a map.
func ParseRetry(v params.Value) (Retry, error) {
	switch v := v.(type) {
	case nil:
		return Retry{}, nil
	case *params.Object:
		return parseRetryMap(v)
	}
	limit, ok := wholeNumber(v)
	if !ok {
		return Retry{}, fmt.Errorf("Invalid _retry format: %s", params.JSON(v))
	}
	return Retry{Limit: limit}, nil
}

func parseRetryMap(o *params.Object) (Retry, error) {
	var r Retry
	var ok bool
	v, exists := o.Get("limit")
	if !exists {
		return r, errors.New("Parameter 'limit' is required but not set")
	}
	if r.Limit, ok = wholeNumber(v); !ok {
		return r, fmt.Errorf("Expected integer type for key 'limit' but got %s", params.JSON(v))
	}
	var err error
	if r.Interval, err = seconds(o, "interval"); err != nil {
		return r, err
	}
	if r.MaxInterval, err = seconds(o, "max_interval"); err != nil {
		return r, err
	}
	kind, _ := o.Get("interval_type")
	switch text, _ := kind.(string); strings.ToLower(text) {
	case "", "constant":
		if kind != nil && text == "" {
			return r, fmt.Errorf("Invalid retry_interval_type: %s", params.JSON(kind))
		}
	case "exponential":
		r.Exponential = true
	default:
		return r, fmt.Errorf("Invalid retry_interval_type: %s", text)
	}
	return r, nil
}

// Wait is how long to wait before the k-th retry, k from 0. It is meaningful for
// k < Limit only.
func (r Retry) Wait(k int) time.Duration {
	if !r.Exponential {
		return r.Interval
	}
	wait := maxInterval
	if factor := math.Ldexp(1, k); float64(r.Interval)*factor < float64(maxInterval) {
		wait = time.Duration(float64(r.Interval) * factor)
	}
	if r.MaxInterval > 0 {
		wait = min(wait, r.MaxInterval)
	}
	return wait
}

func seconds(o *params.Object, key string) (time.Duration, error) {
	v, _ := o.Get(key)
	if v == nil {
		return 0, nil
	}
	n, ok := wholeNumber(v)
	if !ok || n < 0 || n > math.MaxInt32 {
		return 0, fmt.Errorf("Expected a number of seconds for key '%s' but got %s", key, params.JSON(v))
	}
	return time.Duration(n) * time.Second, nil
}

// wholeNumber reads an integer or the text of one, as evaluated templates are text.
func wholeNumber(v params.Value) (int, bool) {
	switch v := v.(type) {
	case int64:
		return int(v), true
	case string:
		n, err := strconv.Atoi(strings.TrimSpace(v))
		return n, err == nil
	}
	return 0, false
}
