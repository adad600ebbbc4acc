package calendar

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

var (
	clockDuration = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(-|\+)?(?:(\d*)[. ])?(\d+):(\d+)(?::(\d+)(\.\d*)?)?$`)
	})
	isoDuration = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(-|\+)?P(?:([-+]?[0-9,.]*)Y)?(?:([-+]?[0-9,.]*)M)?(?:([-+]?[0-9,.]*)W)?(?:([-+]?[0-9,.]*)D)?` +
			`(?:T(?:([-+]?[0-9,.]*)H)?(?:([-+]?[0-9,.]*)M)?(?:([-+]?[0-9,.]*)S)?)?$`)
	})
)

// ParseDuration reads "d hh:mm:ss.sss" (with or without days, seconds and their
// fraction) or an ISO 8601 duration.
func ParseDuration(text string) (amounts []Amount, ok bool) {
	if match := clockDuration().FindStringSubmatch(text); match != nil {
		sign := signOf(match[1])
		whole := func(i int) float64 { return truncate(parseNumber(match[i]))*sign + 0 }
		fraction, _ := strconv.ParseFloat("0"+match[6], 64)
		return []Amount{
			{Unit: Day, Value: whole(2)},
			{Unit: Hour, Value: whole(3)},
			{Unit: Minute, Value: whole(4)},
			{Unit: Second, Value: whole(5)},
			{Unit: Millisecond, Value: Round(fraction*1000)*sign + 0},
		}, true
	}
	match := isoDuration().FindStringSubmatch(text)
	if match == nil {
		return nil, false
	}
	sign := signOf(match[1])
	for i, u := range []Unit{Year, Month, Week, Day, Hour, Minute, Second} {
		amounts = append(amounts, Amount{Unit: u, Value: leadingNumber(strings.Replace(match[i+2], ",", ".", 1))*sign + 0})
	}
	return amounts, true
}

func signOf(text string) float64 {
	if text == "-" {
		return -1
	}
	return 1
}

// leadingNumber reads the number with which a text begins, 0 if there is none.
func leadingNumber(text string) float64 {
	end := 0
	if text != "" && (text[0] == '-' || text[0] == '+') {
		end = 1
	}
	end += digitRun(text[end:], maxDigits)
	if end < len(text) && text[end] == '.' {
		end += 1 + digitRun(text[end+1:], maxDigits)
	}
	return parseNumber(text[:end])
}
