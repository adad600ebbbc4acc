package calendar

import (
	"fmt"
	"math"
	"strings"
)

// As is the whole duration in a unit, with its fraction, where a month has the
// length that months have on average. Only units with a length are known, and no
// quarters.
func (d *Duration) As(u Unit) (float64, error) {
	if !d.valid {
		return math.NaN(), nil
	}
	if u == Month || u == Year {
		months := d.months + daysToMonths(d.days+d.ms/msPerDay)
		if u == Year {
			return months / 12, nil
		}
		return months, nil
	}
	days := d.days + Round(monthsToDays(d.months))
	switch u {
	case Week:
		return days/7 + d.ms/(7*msPerDay), nil
	case Day:
		return days + d.ms/msPerDay, nil
	case Hour:
		return float64(days*24) + d.ms/msPerHour, nil
	case Minute:
		return float64(days*1440) + d.ms/msPerMinute, nil
	case Second:
		return float64(days*86400) + d.ms/msPerSecond, nil
	case Millisecond:
		return math.Floor(days*msPerDay) + d.ms, nil
	default:
		return 0, fmt.Errorf("Unknown unit %s", u) // the wording of Moment.js
	}
}

// Millis is the duration in milliseconds where a month has 30 days and a year
// 365. That is what durations are compared by.
func (d *Duration) Millis() float64 {
	if !d.valid {
		return math.NaN()
	}
	return d.ms + float64(d.days*msPerDay) + float64(math.Mod(d.months, 12)*(30*msPerDay)) + truncate(d.months/12)*(365*msPerDay)
}

// ISOString is the duration in ISO 8601. Only hours, minutes and seconds are
// carried over, and months into years; parts of the other sign have one.
func (d *Duration) ISOString() string {
	if !d.valid {
		return d.locale.InvalidDate
	}
	total, _ := d.As(Second) // the unit is known
	if isZero(total) {
		return "P0D"
	}
	months, days, seconds := math.Abs(d.months), math.Abs(d.days), math.Abs(d.ms)/1000
	minutes := floorToZero(seconds / 60)
	hours := floorToZero(minutes / 60)
	seconds, minutes = math.Mod(seconds, 60), math.Mod(minutes, 60)

	b := []byte{'P'}
	if total < 0 {
		b = []byte("-P")
	}
	part := func(signed, value float64, letter byte) {
		if isZero(value) {
			return
		}
		if sign(signed) != sign(total) {
			b = append(b, '-')
		}
		b = append(appendNumber(b, value), letter)
	}
	part(d.months, floorToZero(months/12), 'Y')
	part(d.months, math.Mod(months, 12), 'M')
	part(d.days, days, 'D')
	if isZero(hours) && isZero(minutes) && isZero(seconds) {
		return string(b)
	}
	b = append(b, 'T')
	part(d.ms, hours, 'H')
	part(d.ms, minutes, 'M')
	if !isZero(seconds) {
		if sign(d.ms) != sign(total) {
			b = append(b, '-')
		}
		b = append(append(b, secondsText(seconds)...), 'S')
	}
	return string(b)
}

func sign(f float64) float64 {
	switch {
	case f > 0:
		return 1
	case f < 0:
		return -1
	}
	return f
}

// secondsText writes up to three digits after the point, without zeros at the end.
func secondsText(seconds float64) string {
	return strings.TrimSuffix(strings.TrimRight(fixed3(seconds), "0"), ".")
}
