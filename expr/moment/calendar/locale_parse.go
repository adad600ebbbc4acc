package calendar

import "strings"

// ParseMonth finds the month (0 to 11) with whose name, long or short, a text
// begins. If it is strict the text must be the whole name, the long or the short
// one as the format token says.
func (l *Locale) ParseMonth(text, token string, strict bool) (month int, ok bool) {
	for i := range l.Months {
		long, short := l.Months[i], l.MonthsShort[i]
		switch {
		case strict && token == "MMMM":
			ok = equalName(text, long)
		case strict && token == "MMM":
			ok = equalName(text, short)
		case !strict:
			ok = beginsWithName(text, long) || beginsWithName(text, short)
		}
		if ok {
			return i, true
		}
	}
	return 0, false
}

// ParseWeekday finds the day of the week (0 is Sunday) as ParseMonth does a month.
func (l *Locale) ParseWeekday(text, token string, strict bool) (weekday int, ok bool) {
	for i := range l.Weekdays {
		long, short, shortest := l.Weekdays[i], l.WeekdaysShort[i], l.WeekdaysMin[i]
		switch {
		case strict && token == "dddd":
			ok = equalName(text, long)
		case strict && token == "ddd":
			ok = equalName(text, short)
		case strict && token == "dd":
			ok = equalName(text, shortest)
		case !strict:
			ok = beginsWithName(text, long) || beginsWithName(text, short) || beginsWithName(text, shortest)
		}
		if ok {
			return i, true
		}
	}
	return 0, false
}

// An abbreviation may be written without its point.
func bareName(name string) string { return strings.Replace(name, ".", "", 1) }

func equalName(text, name string) bool { return strings.EqualFold(text, bareName(name)) }

func beginsWithName(text, name string) bool {
	name = bareName(name)
	return len(text) >= len(name) && strings.EqualFold(text[:len(name)], name)
}
