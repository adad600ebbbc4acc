package calendar

import "strings"

// The formats of Moment.Format, and those of toString and similar functions.
const (
	DefaultFormat    = "YYYY-MM-DDTHH:mm:ssZ"
	DefaultFormatUTC = "YYYY-MM-DDTHH:mm:ss[Z]"
)

// maxText is the length in bytes that a formatted text may have. Only the names
// of a locale that a script made could exceed it.
const maxText = 16 << 20

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
		if len(b) > maxText {
			return "", ErrTooLong
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
