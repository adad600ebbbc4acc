package calendar

import (
	"math"
	"strings"
)

func (m *Moment) appendYear(b []byte, token string) []byte {
	switch token {
	case "Y":
		year := m.Get(Year)
		if !(year <= 9999) {
			b = append(b, '+')
		}
		return appendNumber(b, year)
	case "YY":
		return appendPadded(b, math.Mod(m.Get(Year), 100), 2, false)
	case "YYYY":
		return appendPadded(b, m.Get(Year), 4, false)
	case "YYYYY":
		return appendPadded(b, m.Get(Year), 5, false)
	case "YYYYYY":
		return appendPadded(b, m.Get(Year), 6, true)
	case "gg":
		return appendPadded(b, math.Mod(m.Get(WeekYear), 100), 2, false)
	case "gggg":
		return appendPadded(b, m.Get(WeekYear), 4, false)
	case "ggggg":
		return appendPadded(b, m.Get(WeekYear), 5, false)
	case "GG":
		return appendPadded(b, math.Mod(m.Get(ISOWeekYear), 100), 2, false)
	case "GGGG":
		return appendPadded(b, m.Get(ISOWeekYear), 4, false)
	}
	return appendPadded(b, m.Get(ISOWeekYear), 5, false)
}

func (m *Moment) appendClock(b []byte, token string) []byte {
	hour := m.Get(Hour)
	hour12, hour24 := math.Mod(hour, 12), hour
	if isZero(hour12) {
		hour12 = 12
	}
	if isZero(hour24) {
		hour24 = 24
	}
	switch token {
	case "H":
		return appendNumber(b, hour)
	case "HH":
		return appendPadded(b, hour, 2, false)
	case "h":
		return appendNumber(b, hour12)
	case "hh":
		return appendPadded(b, hour12, 2, false)
	case "k":
		return appendNumber(b, hour24)
	case "kk":
		return appendPadded(b, hour24, 2, false)
	case "hmm", "Hmm", "hmmss", "Hmmss":
		if strings.HasPrefix(token, "h") {
			hour = hour12
		}
		b = appendPadded(appendNumber(b, hour), m.Get(Minute), 2, false)
		if token == "hmmss" || token == "Hmmss" {
			b = appendPadded(b, m.Get(Second), 2, false)
		}
		return b
	case "a":
		return append(b, m.locale.Meridiem(hour, m.Get(Minute), true)...)
	case "A":
		return append(b, m.locale.Meridiem(hour, m.Get(Minute), false)...)
	case "m":
		return appendNumber(b, m.Get(Minute))
	case "mm":
		return appendPadded(b, m.Get(Minute), 2, false)
	case "s":
		return appendNumber(b, m.Get(Second))
	case "ss":
		return appendPadded(b, m.Get(Second), 2, false)
	}
	return m.appendFraction(b, len(token))
}

// appendFraction writes the fraction of a second.
func (m *Moment) appendFraction(b []byte, digits int) []byte {
	ms := m.Get(Millisecond)
	switch digits {
	case 1:
		return appendNumber(b, truncate(ms/100))
	case 2:
		return appendPadded(b, truncate(ms/10), 2, false)
	}
	return appendPadded(b, ms*math.Pow10(digits-3), digits, false)
}

func appendOffset(b []byte, minutes float64, separator string) []byte {
	sign := byte('+')
	if minutes < 0 {
		minutes = -minutes
		sign = '-'
	}
	b = append(b, sign)
	b = appendPadded(b, toInt32(minutes/60), 2, false)
	b = append(b, separator...)
	return appendPadded(b, math.Mod(toInt32(minutes), 60), 2, false)
}

// nameAt is what JavaScript appends for a list's element.
func nameAt(names []string, index float64) string {
	if !(index >= 0 && index < float64(len(names))) {
		return "undefined"
	}
	return names[int(index)]
}
