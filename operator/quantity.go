package operator

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/heitan/heitan/params"
)

var durationPattern = regexp.MustCompile(`^(?i)\s*(?:(\d+)\s*d)?\s*(?:(\d+)\s*h)?\s*(?:(\d+)\s*m)?\s*(?:(\d+)\s*s)?\s*$`)

// ParseDuration reads a duration as Digdag writes them: "1d 2h 3m 4s" in any
// combination and case, or a bare number of seconds.
func ParseDuration(text string) (time.Duration, bool) {
	if seconds, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64); err == nil {
		return scaled(seconds, time.Second)
	}
	parts := durationPattern.FindStringSubmatch(text)
	if parts == nil || strings.TrimSpace(text) == "" {
		return 0, false
	}
	var total time.Duration
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second} {
		if parts[i+1] == "" {
			continue
		}
		n, err := strconv.ParseInt(parts[i+1], 10, 64)
		if err != nil {
			return 0, false
		}
		d, ok := scaled(n, unit)
		if !ok || total > math.MaxInt64-d {
			return 0, false
		}
		total += d
	}
	return total, true
}

func scaled(n int64, unit time.Duration) (time.Duration, bool) {
	if n < 0 || n > math.MaxInt64/int64(unit) {
		return 0, false
	}
	return time.Duration(n) * unit, true
}

// AsDuration reads a duration; numbers count seconds.
func AsDuration(v params.Value) (time.Duration, bool) {
	switch v := v.(type) {
	case int64:
		return scaled(v, time.Second)
	case float64:
		ok := v >= 0 && v < math.MaxInt64/float64(time.Second)
		return time.Duration(v * float64(time.Second)), ok
	case string:
		return ParseDuration(v)
	}
	return 0, false
}

var bytesPattern = regexp.MustCompile(`^(?i)\s*(\d+(?:\.\d+)?)\s*(?:(k|m|g|t)i?)?b?\s*$`)

// AsBytes reads an amount of memory: a number of bytes, or text such as "512
// MB", "2g", "1.5 GiB". As in Docker, units are powers of 1,024, with or without "i".
func AsBytes(v params.Value) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, v >= 0
	case string:
		parts := bytesPattern.FindStringSubmatch(v)
		if parts == nil {
			return 0, false
		}
		n, err := strconv.ParseFloat(parts[1], 64)
		if err != nil {
			return 0, false
		}
		n *= math.Pow(1024, float64(strings.Index(" kmgt", strings.ToLower(parts[2] + " ")[:1])))
		return int64(n), n < math.MaxInt64
	}
	return 0, false
}
