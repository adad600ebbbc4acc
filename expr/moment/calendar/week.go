package calendar

import (
	"math"

	"github.com/heitan/heitan/expr/moment/jsdate"
)

// weekRule says how weeks are counted: by their first day, and by which one is
// the first of a year (see Locale).
type weekRule struct{ firstWeekday, firstWeek float64 }

// isoWeeks begin on Monday; the first has 4 January.
func isoWeeks() weekRule { return weekRule{firstWeekday: 1, firstWeek: 4} }

func (l *Locale) weeks() weekRule {
	return weekRule{firstWeekday: l.FirstWeekday, firstWeek: l.FirstWeek}
}

// start is how many days after 1 January the first week of a year begins; the
// number is negative where it begins before.
func (r weekRule) start(year float64) float64 {
	sure := 7 + r.firstWeekday - r.firstWeek // this day of January is in the first week
	return sure - 1 - math.Mod(7+weekdayOf(year, sure)-r.firstWeekday, 7)
}

func weekdayOf(year, day float64) float64 {
	utc := jsdate.UTC()
	t := newDate(utc, year, 0, day, 0, 0, 0, 0)
	if !t.Valid() {
		return math.NaN()
	}
	return float64(t.In(utc).Weekday)
}

// count is the number of weeks of a year.
func (r weekRule) count(year float64) float64 {
	return (daysInYear(year) - r.start(year) + r.start(year+1)) / 7
}

// weekOf is the week of a day of a year (1 to 366), and the year the week belongs to.
func (r weekRule) weekOf(year, dayOfYear float64) (weekYear, week float64) {
	week = math.Floor((dayOfYear-r.start(year)-1)/7) + 1
	if week < 1 {
		return year - 1, week + r.count(year-1)
	}
	if count := r.count(year); week > count {
		return year + 1, week - count
	}
	return year, week
}

// day is the day of a year that is a weekday (0 is Sunday) of a week.
func (r weekRule) day(weekYear, week, weekday float64) (year, dayOfYear float64) {
	dayOfYear = 1 + 7*(week-1) + math.Mod(7+weekday-r.firstWeekday, 7) + r.start(weekYear)
	switch {
	case dayOfYear <= 0:
		return weekYear - 1, daysInYear(weekYear-1) + dayOfYear
	case dayOfYear > daysInYear(weekYear):
		return weekYear + 1, dayOfYear - daysInYear(weekYear)
	}
	return weekYear, dayOfYear
}

func isLeapYear(year float64) bool {
	return math.Mod(year, 4) == 0 && math.Mod(year, 100) != 0 || math.Mod(year, 400) == 0
}

func daysInYear(year float64) float64 {
	if isLeapYear(year) {
		return 366
	}
	return 365
}

// daysInMonth is the length of a month counted from January (0) of a year. A
// fraction of a month gives some fraction of days, as in the original.
func daysInMonth(year, month float64) float64 {
	if math.IsNaN(year) || math.IsNaN(month) {
		return math.NaN()
	}
	rest := modulo(month, 12)
	year += (month - rest) / 12
	switch {
	case rest == 1 && isLeapYear(year):
		return 29
	case rest == 1:
		return 28
	}
	return 31 - math.Mod(math.Mod(rest, 7), 2)
}

// newDate is the time of a wall date; unlike jsdate.New, and like the original,
// it takes years below 100 for what they are, though only after the date was
// computed for the twentieth century.
func newDate(zone *jsdate.Zone, year, month, day, hour, minute, second, ms float64) jsdate.Time {
	computed := year
	if whole := math.Trunc(year); whole >= 0 && whole <= 99 {
		computed = 1900 + whole
	}
	t := jsdate.New(zone, computed, month, day, hour, minute, second, ms)
	if year >= 0 && year < 100 && t.Valid() {
		f := t.In(zone)
		t = t.SetYear(zone, year, float64(f.Month), float64(f.Day))
	}
	return t
}
