package calendar

import "strings"

// English is the locale en, the only one that Moment.js has built in.
func English() *Locale { return english }

var english = &Locale{
	Name: "en",
	Months: []string{
		"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December",
	},
	MonthsShort:   []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	Weekdays:      []string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	WeekdaysShort: []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
	WeekdaysMin:   []string{"Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"},
	FirstWeekday:  0,
	FirstWeek:     6,
	LongDates: map[string]string{
		"LTS":  "h:mm:ss A",
		"LT":   "h:mm A",
		"L":    "MM/DD/YYYY",
		"LL":   "MMMM D, YYYY",
		"LLL":  "MMMM D, YYYY h:mm A",
		"LLLL": "dddd, MMMM D, YYYY h:mm A",
	},
	Calendar: map[string]CalendarText{
		"sameDay":  {Text: "[Today at] LT"},
		"nextDay":  {Text: "[Tomorrow at] LT"},
		"nextWeek": {Text: "dddd [at] LT"},
		"lastDay":  {Text: "[Yesterday at] LT"},
		"lastWeek": {Text: "[Last] dddd [at] LT"},
		"sameElse": {Text: "L"},
	},
	Relative: map[string]RelativeText{
		"s":  {Text: "a few seconds"},
		"ss": {Text: "%d seconds"},
		"m":  {Text: "a minute"},
		"mm": {Text: "%d minutes"},
		"h":  {Text: "an hour"},
		"hh": {Text: "%d hours"},
		"d":  {Text: "a day"},
		"dd": {Text: "%d days"},
		"M":  {Text: "a month"},
		"MM": {Text: "%d months"},
		"y":  {Text: "a year"},
		"yy": {Text: "%d years"},
	},
	Past:            SuffixText{Text: "%s ago"},
	Future:          SuffixText{Text: "in %s"},
	InvalidDate:     "Invalid date",
	Ordinal:         englishOrdinal,
	OrdinalSuffixes: []string{"th", "st", "nd", "rd"},
	Meridiem:        englishMeridiem,
	IsPM:            englishIsPM,
}

func englishOrdinal(number float64, _ string) string {
	suffix := "th"
	if n := int64(truncate(number)); float64(n) == number && n%100/10 != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return formatNumber(number) + suffix
}

func englishMeridiem(hour, _ float64, lower bool) string {
	switch {
	case hour > 11 && lower:
		return "pm"
	case hour > 11:
		return "PM"
	case lower:
		return "am"
	}
	return "AM"
}

func englishIsPM(text string) bool {
	return strings.HasPrefix(text, "p") || strings.HasPrefix(text, "P")
}
