package calendar

import "strings"

// Unit is a unit of time or a part of a date.
type Unit uint8

// The units that Moment.js has names for.
const (
	NoUnit Unit = iota
	Year
	WeekYear
	ISOWeekYear
	DayOfYear
	Week
	ISOWeek
	Quarter
	Month
	Date // day of the month
	Day  // day, or day of the week
	Weekday
	ISOWeekday
	Hour
	Minute
	Second
	Millisecond
)

func (u Unit) String() string {
	switch u {
	case Year:
		return "year"
	case WeekYear:
		return "weekYear"
	case ISOWeekYear:
		return "isoWeekYear"
	case DayOfYear:
		return "dayOfYear"
	case Week:
		return "week"
	case ISOWeek:
		return "isoWeek"
	case Quarter:
		return "quarter"
	case Month:
		return "month"
	case Date:
		return "date"
	case Day:
		return "day"
	case Weekday:
		return "weekday"
	case ISOWeekday:
		return "isoWeekday"
	case Hour:
		return "hour"
	case Minute:
		return "minute"
	case Second:
		return "second"
	case Millisecond:
		return "millisecond"
	default:
		return "undefined"
	}
}

// ParseUnit finds a unit by its abbreviation (which may be in another case where
// that is not the abbreviation of another unit), or by its singular or plural in
// any case. It is NoUnit for other names.
func ParseUnit(name string) Unit {
	if u := abbreviated(name); u != NoUnit {
		return u
	}
	lower := strings.ToLower(name)
	if u := abbreviated(lower); u != NoUnit {
		return u
	}
	switch strings.TrimSuffix(lower, "s") {
	case "year":
		return Year
	case "weekyear":
		return WeekYear
	case "isoweekyear":
		return ISOWeekYear
	case "dayofyear":
		return DayOfYear
	case "week":
		return Week
	case "isoweek":
		return ISOWeek
	case "quarter":
		return Quarter
	case "month":
		return Month
	case "date":
		return Date
	case "day":
		return Day
	case "weekday":
		return Weekday
	case "isoweekday":
		return ISOWeekday
	case "hour":
		return Hour
	case "minute":
		return Minute
	case "second":
		return Second
	case "millisecond":
		return Millisecond
	}
	return NoUnit
}

func abbreviated(name string) Unit {
	switch name {
	case "y":
		return Year
	case "gg":
		return WeekYear
	case "GG":
		return ISOWeekYear
	case "DDD":
		return DayOfYear
	case "w":
		return Week
	case "W":
		return ISOWeek
	case "Q":
		return Quarter
	case "M":
		return Month
	case "D":
		return Date
	case "d":
		return Day
	case "e":
		return Weekday
	case "E":
		return ISOWeekday
	case "h":
		return Hour
	case "m":
		return Minute
	case "s":
		return Second
	case "ms":
		return Millisecond
	}
	return NoUnit
}

// SettingOrder says which of two units is set first when several are set at
// once; units of equal order are set as they are written.
func SettingOrder(u Unit) int {
	switch u {
	case Year, WeekYear, ISOWeekYear:
		return 1
	case DayOfYear:
		return 4
	case Week, ISOWeek:
		return 5
	case Quarter:
		return 7
	case Month:
		return 8
	case Date:
		return 9
	case Day, Weekday, ISOWeekday:
		return 11
	case Hour:
		return 13
	case Minute:
		return 14
	case Second:
		return 15
	case Millisecond:
		return 16
	default:
		return 0
	}
}
