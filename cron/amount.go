package cron

import (
	"strconv"
	"strings"
	"time"
)

// maxDelay bounds every time span that a file may ask for. A longer one is a
// mistake, and would overflow sooner or later.
const maxDelay = 10 * 366 * 24 * time.Hour

// parseClock reads numbers joined by colons, one for each unit: "07:00:00" with
// hour, minute and second. As in Digdag no number has a range, so "26:00:00" is
// two o'clock on the next day, and each may have a sign.
func parseClock(text string, units ...time.Duration) (time.Duration, bool) {
	numbers := strings.Split(text, ":")
	if len(numbers) != len(units) {
		return 0, false
	}
	var total time.Duration
	for i, unit := range units {
		n, err := strconv.Atoi(numbers[i])
		if err != nil || n > int(maxDelay/unit) || n < -int(maxDelay/unit) {
			return 0, false
		}
		total += time.Duration(n) * unit
	}
	return total, total <= maxDelay && total >= -maxDelay
}

// parseDuration reads "1d 2h 3m 4s" in any combination and case, or a bare
// number of seconds, which may be negative.
func parseDuration(text string) (time.Duration, bool) {
	if total, ok := parseClock(strings.TrimSpace(text), time.Second); ok {
		return total, true
	}
	var total time.Duration
	rest, found := strings.ToLower(text), false
	for _, unit := range [...]struct {
		letter byte
		length time.Duration
	}{{'d', 24 * time.Hour}, {'h', time.Hour}, {'m', time.Minute}, {'s', time.Second}} {
		rest = strings.TrimSpace(rest)
		number, after := cutDigits(rest)
		if after = strings.TrimLeft(after, " \t"); number == "" || after == "" || after[0] != unit.letter {
			continue
		}
		n, ok := parseClock(number, unit.length)
		if !ok {
			return 0, false
		}
		total += n
		rest, found = after[1:], true
	}
	return total, found && strings.TrimSpace(rest) == "" && total <= maxDelay
}

// cutDigits splits text after its leading digits.
func cutDigits(text string) (digits, rest string) {
	rest = strings.TrimLeft(text, "0123456789")
	return text[:len(text)-len(rest)], rest
}
