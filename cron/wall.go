package cron

import "time"

// wall is what a clock on the wall shows: seconds since it showed
// 1970-01-01 00:00:00. It is a moment only together with a time zone.
type wall int64

const (
	minute wall = 60
	hour        = 60 * minute
	day         = 24 * hour
)

// wallAt is what the clocks of t's location show at t.
func wallAt(t time.Time) wall {
	_, offset := t.Zone()
	return wall(t.Unix() + int64(offset))
}

// date is the date, and the minute of the day.
func (w wall) date() (year, month, dayOfMonth, minuteOfDay int) {
	t := time.Unix(int64(w), 0).UTC()
	y, m, d := t.Date()
	return y, int(m), d, t.Hour()*60 + t.Minute()
}

// past is the number of seconds since the last full minute, hour or day.
func (w wall) past(unit wall) wall { return (w%unit + unit) % unit }

// ceil is w if it is a full minute, hour or day, else the next one.
func (w wall) ceil(unit wall) wall { return w + (-w).past(unit) }

// later is the moment at which clocks show w. A time that they show twice, when
// they are set back, is the second one; a time that they skip is counted on from
// before the change, so 02:30 becomes 03:30. So does java.util.GregorianCalendar.
func (w wall) later(zone *time.Location) time.Time {
	// Clocks differ from UTC by less than a day, so the search for the last
	// change before w starts a day later.
	for t := time.Unix(int64(w+day), 0).In(zone); ; {
		_, offset := t.Zone()
		start, _ := t.ZoneBounds()
		if start.IsZero() || w >= wallAt(start) {
			return time.Unix(int64(w)-int64(offset), 0).In(zone)
		}
		t = start.Add(-1)
	}
}

// earlier is like later, but a time that is shown twice is the first one. So
// does java.time.ZonedDateTime.
func (w wall) earlier(zone *time.Location) time.Time {
	later := w.later(zone)
	start, _ := later.ZoneBounds()
	if start.IsZero() {
		return later
	}
	_, offset := start.Add(-1).Zone()
	if t := time.Unix(int64(w)-int64(offset), 0).In(zone); t.Before(start) {
		return t
	}
	return later
}

// weekday is the day of the week, 0 for Sunday.
func (w wall) weekday() int {
	const thursday = 4 // 1970-01-01
	return int(((w-w.past(day))/day + thursday).past(7))
}

// daysOf is the length of a month.
func daysOf(year, month int) int {
	if month == 2 {
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 30 + (month+month/8)%2
}
