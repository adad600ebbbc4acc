package calendar

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/heitan/heitan/expr/moment/jsdate"
)

var rfc2822 = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s)?(\d{1,2})\s(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s(\d{2,4})` +
		`\s(\d\d):(\d\d)(?::(\d\d))?\s(?:(UT|GMT|[ECMP][SD]T)|([Zz])|([+-]\d{4}))$`)
})

// parseRFC2822 reads the dates of mails and of HTTP. Comments in parentheses are
// left out. The day of the week, if given, must be the right one.
func (d *draft) parseRFC2822(text string) {
	match := rfc2822().FindStringSubmatch(unfold(text))
	if match == nil {
		d.rejected = true
		return
	}
	weekday, day, month, year := match[1], match[2], match[3], match[4]
	p := [7]Part{
		yearPart:   given(fullYear(parseNumber(year))),
		monthPart:  given(float64(slices.Index(english.MonthsShort, month))),
		dayPart:    given(parseNumber(day)),
		hourPart:   given(parseNumber(match[5])),
		minutePart: given(parseNumber(match[6])),
	}
	if second := match[7]; second != "" {
		p[secondPart] = given(parseNumber(second))
	}
	if weekday != "" && !isWeekday(d.lib.local, p, slices.Index(english.WeekdaysShort, weekday)) {
		d.flags.WeekdayMismatch = true
		d.rejected = true
		return
	}
	d.parts, d.hasParts = p, true
	d.origin.parsedOffset, d.origin.hasParsedOffset = rfcOffset(match[8], match[10]), true
	d.setDate(newDate(d.lib.utc, p[0].Value, p[1].Value, p[2].Value, p[3].Value, p[4].Value, p[5].Value, 0))
	d.applyOffset()
	d.flags.RFC2822 = true
}

// isWeekday takes years below 100 for those of the twentieth century.
func isWeekday(zone *jsdate.Zone, p [7]Part, weekday int) bool {
	year := p[yearPart].Value
	if year >= 0 && year <= 99 {
		year += 1900
	}
	date := jsdate.New(zone, year, p[monthPart].Value, p[dayPart].Value, 0, 0, 0, 0)
	return date.Valid() && date.In(zone).Weekday == weekday
}

// unfold replaces comments, line breaks and runs of spaces by single spaces.
func unfold(text string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "(")
		b.WriteString(before)
		if !ok {
			break
		}
		_, after, closed := strings.Cut(rest, ")")
		if !closed {
			b.WriteString(text[len(before):])
			break
		}
		b.WriteByte(' ')
		text = after
	}
	return strings.Join(strings.FieldsFunc(b.String(), jsdate.IsSpace), " ")
}

func fullYear(year float64) float64 {
	switch {
	case year <= 49:
		return 2000 + year
	case year <= 999:
		return 1900 + year
	}
	return year
}

// rfcOffset is the minutes ahead of UTC of a named zone or of +hhmm.
func rfcOffset(name, number string) float64 {
	switch name {
	case "EDT":
		return -4 * 60
	case "EST", "CDT":
		return -5 * 60
	case "CST", "MDT":
		return -6 * 60
	case "MST", "PDT":
		return -7 * 60
	case "PST":
		return -8 * 60
	}
	if number == "" {
		return 0
	}
	return offsetMinutes(number)
}
