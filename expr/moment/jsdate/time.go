package jsdate

import (
	"fmt"
	"math"
)

// Time is the value of a JavaScript Date: whole milliseconds since
// 1970-01-01T00:00:00Z without leap seconds, or NaN for an invalid date.
type Time float64

const (
	// maxTime is the distance from the epoch that a Date can express.
	maxTime = 8.64e15
	// maxWall is how far a wall clock may be away: maxTime and, as in V8, a month.
	maxWall = maxTime + 30*msPerDay

	msPerSecond = 1000
	msPerMinute = 60 * msPerSecond
	msPerHour   = 60 * msPerMinute
	msPerDay    = 24 * msPerHour
)

// Invalid is the time of an invalid date.
func Invalid() Time { return Time(math.NaN()) }

// Valid reports whether the time is not NaN.
func (t Time) Valid() bool { return !math.IsNaN(float64(t)) }

// Clip makes a time of any number, cutting off fractions; it is invalid when it
// is farther from the epoch than a Date can express (TimeClip of ECMA-262).
func Clip(ms float64) Time {
	if math.IsNaN(ms) || math.Abs(ms) > maxTime {
		return Invalid()
	}
	return Time(math.Trunc(ms) + 0) // the sum turns -0 into 0
}

// Fields are what a calendar and a clock on the wall show.
type Fields struct {
	Year        int // astronomical: 0 is 1 BC
	Month       int // 0 is January
	Day         int // 1 to 31
	Hour        int
	Minute      int
	Second      int
	Millisecond int
	Weekday     int // 0 is Sunday
}

// In is what a clock in the zone shows at a valid time.
func (t Time) In(zone *Zone) Fields {
	ms := int64(t)
	return fieldsOf(ms + zone.offsetAt(ms))
}

func fieldsOf(wall int64) Fields {
	days := floorDiv(wall, msPerDay)
	rest := int(wall - days*msPerDay)
	year, month, day := civil(days)
	return Fields{
		Year:        year,
		Month:       month,
		Day:         day,
		Hour:        rest / msPerHour,
		Minute:      rest / msPerMinute % 60,
		Second:      rest / msPerSecond % 60,
		Millisecond: rest % msPerSecond,
		Weekday:     int(floorMod(days+4, 7)), // the epoch was a Thursday
	}
}

// OffsetMinutes is how far the zone's wall time is behind UTC at a valid time,
// in minutes without their fraction (getTimezoneOffset: negative in the east).
func (t Time) OffsetMinutes(zone *Zone) int {
	return int(-zone.offsetAt(int64(t)) / msPerMinute)
}

// ISOString is a valid time as Date.prototype.toISOString writes it; years
// outside 0 to 9999 have a sign and six digits.
func (t Time) ISOString() string {
	f := fieldsOf(int64(t))
	year := fmt.Sprintf("%04d", f.Year)
	if f.Year < 0 || f.Year > 9999 {
		year = fmt.Sprintf("%+07d", f.Year)
	}
	return fmt.Sprintf("%s-%02d-%02dT%02d:%02d:%02d.%03dZ",
		year, f.Month+1, f.Day, f.Hour, f.Minute, f.Second, f.Millisecond)
}
