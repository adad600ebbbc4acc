package calendar

import (
	"math"
	"strings"
)

// The formats of Moment.Format, and those of toString and similar functions.
const (
	DefaultFormat    = "YYYY-MM-DDTHH:mm:ssZ"
	DefaultFormatUTC = "YYYY-MM-DDTHH:mm:ss[Z]"
)

// Format writes the moment in a format; an empty one is the default. It returns
// ErrTooLong if the format is beyond reason.
func (m *Moment) Format(format string) (string, error) {
	if format == "" {
		if format = m.lib.DefaultFormat; m.IsUTC() {
			format = m.lib.DefaultFormatUTC
		}
	}
	text, err := m.format(format)
	if err != nil {
		return "", err
	}
	return m.locale.postformat(text), nil
}

func (m *Moment) format(format string) (string, error) {
	if !m.valid {
		return m.locale.InvalidDate, nil
	}
	tokens, err := m.lib.tokensOf(m.locale, format)
	if err != nil {
		return "", err
	}
	b := make([]byte, 0, 64)
	for _, t := range tokens {
		if t.literal {
			b = append(b, t.text...)
		} else {
			b = m.appendPart(b, t.source)
		}
	}
	return string(b), nil
}

// appendPart writes the part of a date that a token stands for.
func (m *Moment) appendPart(b []byte, token string) []byte {
	switch token {
	case "Y", "YY", "YYYY", "YYYYY", "YYYYYY", "gg", "gggg", "ggggg", "GG", "GGGG", "GGGGG":
		return m.appendYear(b, token)
	case "MMM":
		return append(b, nameAt(m.locale.MonthsShort, m.Get(Month))...)
	case "MMMM":
		return append(b, nameAt(m.locale.Months, m.Get(Month))...)
	case "dd":
		return append(b, nameAt(m.locale.WeekdaysMin, m.Get(Day))...)
	case "ddd":
		return append(b, nameAt(m.locale.WeekdaysShort, m.Get(Day))...)
	case "dddd":
		return append(b, nameAt(m.locale.Weekdays, m.Get(Day))...)
	case "Mo", "wo", "Wo", "do", "Qo", "Do", "DDDo":
		counted := strings.TrimSuffix(token, "o")
		return append(b, m.locale.Ordinal(m.count(counted), counted)...)
	case "M", "w", "W", "d", "Q", "D", "DDD":
		return appendNumber(b, m.count(token))
	case "MM", "ww", "WW", "DD":
		return appendPadded(b, m.count(token[:1]), 2, false)
	case "DDDD":
		return appendPadded(b, m.Get(DayOfYear), 3, false)
	case "e":
		return appendNumber(b, m.Get(Weekday))
	case "E":
		return appendNumber(b, m.Get(ISOWeekday))
	case "X":
		return appendNumber(b, m.Unix())
	case "x":
		return appendNumber(b, m.Millis())
	case "z":
		return append(b, m.ZoneAbbr()...)
	case "zz":
		return append(b, m.ZoneName()...)
	case "Z":
		return appendOffset(b, m.Offset(), ":")
	case "ZZ":
		return appendOffset(b, m.Offset(), "")
	}
	return m.appendClock(b, token)
}

// count is the number behind a token that has an ordinal form.
func (m *Moment) count(letter string) float64 {
	switch letter {
	case "M":
		return m.Get(Month) + 1
	case "w":
		return m.Get(Week)
	case "W":
		return m.Get(ISOWeek)
	case "d":
		return m.Get(Day)
	case "Q":
		return m.Get(Quarter)
	case "D":
		return m.Get(Date)
	}
	return m.Get(DayOfYear)
}

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

// ZoneAbbr is UTC for moments at a fixed offset, and empty for local ones.
func (m *Moment) ZoneAbbr() string {
	if m.fixed {
		return "UTC"
	}
	return ""
}

// ZoneName is the long form of ZoneAbbr.
func (m *Moment) ZoneName() string {
	if m.fixed {
		return "Coordinated Universal Time"
	}
	return ""
}
