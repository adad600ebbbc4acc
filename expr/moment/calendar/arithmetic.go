package calendar

import (
	"math"

	"github.com/heitan/heitan/expr/moment/jsdate"
)

const (
	msPerSecond = 1000
	msPerMinute = 60 * msPerSecond
	msPerHour   = 60 * msPerMinute
	msPerDay    = 24 * msPerHour
)

// Add moves the moment by a duration. Months and days keep the wall time, and a
// day of the month that the new month does not have becomes its last; smaller
// units count absolute time.
func (m *Moment) Add(d *Duration) { m.move(d.months, d.days, d.ms) }

// Subtract moves the moment back by a duration.
func (m *Moment) Subtract(d *Duration) { m.move(-d.months, -d.days, -d.ms) }

func (m *Moment) move(months, days, ms float64) {
	if !m.valid {
		return
	}
	if months = roundFromZero(months); !isZero(months) {
		m.setMonth(m.Get(Month) + months)
	}
	if days = roundFromZero(days); !isZero(days) {
		m.date = m.date.SetDay(m.zone(), m.Get(Date)+days)
	}
	if !isZero(ms) {
		m.date = jsdate.Clip(float64(m.date) + ms)
	}
}

func (m *Moment) addMonths(n float64) { m.move(n, 0, 0) }
func (m *Moment) addDays(n float64)   { m.move(0, n, 0) }
func (m *Moment) addMillis(n float64) { m.move(0, 0, n) }

// addUnits moves the moment by a number of units; units that durations do not
// have move nothing.
func (m *Moment) addUnits(n float64, u Unit) {
	switch u {
	case Year:
		m.addMonths(n * 12)
	case Quarter:
		m.addMonths(n * 3)
	case Month:
		m.addMonths(n)
	case Week:
		m.addDays(n * 7)
	case Day:
		m.addDays(n)
	case Hour:
		m.addMillis(n * msPerHour)
	case Minute:
		m.addMillis(n * msPerMinute)
	case Second:
		m.addMillis(n * msPerSecond)
	case Millisecond:
		m.addMillis(n)
	default:
	}
}

// Diff is the time from another moment to this one, in a unit (milliseconds for
// units that have no length) and with its fraction. Months are counted by the
// calendar, days and weeks by the wall time. It is NaN if either is invalid.
func (m *Moment) Diff(other *Moment, u Unit) float64 {
	if !m.valid {
		return math.NaN()
	}
	that := m.alike(other)
	if !that.valid {
		return math.NaN()
	}
	ms := m.Millis() - that.Millis()
	shift := (that.Offset() - m.Offset()) * msPerMinute
	switch u {
	case Year:
		return monthsBetween(m, that) / 12
	case Quarter:
		return monthsBetween(m, that) / 3
	case Month:
		return monthsBetween(m, that)
	case Week:
		return (ms - shift) / (7 * msPerDay)
	case Day:
		return (ms - shift) / msPerDay
	case Hour:
		return ms / msPerHour
	case Minute:
		return ms / msPerMinute
	case Second:
		return ms / msPerSecond
	default:
		return ms
	}
}

// WholeDiff is Diff without its fraction.
func (m *Moment) WholeDiff(other *Moment, u Unit) float64 {
	return floorToZero(m.Diff(other, u))
}

// monthsBetween is negative where a is before b. The fraction is the share of
// the month that the rest would be in.
func monthsBetween(a, b *Moment) float64 {
	whole := (b.Get(Year)-a.Get(Year))*12 + b.Get(Month) - a.Get(Month)
	anchor := a.Clone()
	anchor.addMonths(whole)
	rest := b.Millis() - anchor.Millis()
	next := a.Clone()
	var length float64
	if rest < 0 {
		next.addMonths(whole - 1)
		length = anchor.Millis() - next.Millis()
	} else {
		next.addMonths(whole + 1)
		length = next.Millis() - anchor.Millis()
	}
	months := -(whole + rest/length)
	if isZero(months) {
		return 0
	}
	return months
}

// alike is another moment's point in time, looked at as m is.
func (m *Moment) alike(other *Moment) *Moment {
	if !m.fixed {
		that := other.Clone()
		that.ToLocal(false)
		return that
	}
	that := m.Clone()
	that.date = jsdate.Clip(float64(that.date) + other.Millis() - that.Millis())
	return that
}
