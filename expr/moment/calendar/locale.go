package calendar

import "strings"

// Locale is how a language writes dates. A locale does not change once it is in
// use; to change one is to make another.
type Locale struct {
	Name string

	Months, MonthsShort                  []string // January first
	Weekdays, WeekdaysShort, WeekdaysMin []string // Sunday first

	// FirstWeekday is the first day of the week, 0 for Sunday. FirstWeek decides
	// which week is the first of a year: the one with the January day
	// 7 + FirstWeekday - FirstWeek.
	FirstWeekday, FirstWeek float64

	LongDates   map[string]string       // formats by LT, LTS, L, LL, LLL and LLLL
	Calendar    map[string]CalendarText // formats by sameDay, nextDay and so on
	Relative    map[string]RelativeText // wording by s, ss, m, mm and so on
	Past        SuffixText
	Future      SuffixText
	InvalidDate string

	// Ordinal makes "1st" of 1; the token (M, w, W, d, Q, D or DDD) says what is counted.
	Ordinal func(number float64, token string) string
	// OrdinalSuffixes are what may follow the day of the month when it is parsed.
	OrdinalSuffixes []string

	Meridiem func(hour, minute float64, lower bool) string
	IsPM     func(text string) bool

	// Preparse changes texts before they are parsed, and Postformat after they
	// are formatted. Both may be nil.
	Preparse, Postformat func(text string) string
}

// CalendarText is a format for Moment.Calendar, or a function that returns one.
type CalendarText struct {
	Text string
	Func func(m, now *Moment) string
}

// RelativeText is the wording of a duration, with %d for the number, or a
// function that returns it.
type RelativeText struct {
	Text string
	Func func(number float64, withoutSuffix bool, key string, future bool) string
}

// SuffixText places a wording in time, with %s for the wording, or a function
// that does it.
type SuffixText struct {
	Text string
	Func func(wording string) string
}

// LongDate is the format behind a short name such as LT or ll: the lower-case
// form is the upper-case one with months, days and weekdays shortened.
func (l *Locale) LongDate(key string) (format string, ok bool) {
	if format = l.LongDates[key]; format != "" {
		return format, true
	}
	format = l.LongDates[strings.ToUpper(key)]
	if format == "" {
		return "", false
	}
	return shortened.Replace(format), true
}

var shortened = strings.NewReplacer("MMMM", "MMM", "MM", "M", "DD", "D", "dddd", "ddd")

// Wording puts a number into the text for a key such as mm. The key must be known.
func (l *Locale) Wording(number float64, withoutSuffix bool, key string, future bool) string {
	text := l.Relative[key]
	if text.Func != nil {
		return text.Func(number, withoutSuffix, key, future)
	}
	return replaceFirstFold(text.Text, "%d", formatNumber(number))
}

// InTime makes "in 2 days" or "2 days ago" of "2 days".
func (l *Locale) InTime(distance float64, wording string) string {
	text := l.Past
	if distance > 0 {
		text = l.Future
	}
	if text.Func != nil {
		return text.Func(wording)
	}
	return replaceFirstFold(text.Text, "%s", wording)
}

// replaceFirstFold replaces a place holder once, whatever the case of its letter.
func replaceFirstFold(text, placeholder, with string) string {
	i := strings.Index(strings.ToLower(text), placeholder)
	if i < 0 {
		return text
	}
	return text[:i] + with + text[i+len(placeholder):]
}

// CalendarFormat is the format for a key such as sameDay, or that for sameElse.
func (l *Locale) CalendarFormat(key string, m, now *Moment) string {
	text, ok := l.Calendar[key]
	if !ok || text.Text == "" && text.Func == nil {
		text = l.Calendar["sameElse"]
	}
	if text.Func != nil {
		return text.Func(m, now)
	}
	return text.Text
}

func (l *Locale) preparse(text string) string {
	if l.Preparse == nil {
		return text
	}
	return l.Preparse(text)
}

func (l *Locale) postformat(text string) string {
	if l.Postformat == nil {
		return text
	}
	return l.Postformat(text)
}
