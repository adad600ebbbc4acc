package calendar

import "math"

// StartOf sets the moment to the start of a unit. The wall clock is set part by
// part, so that the start of a day without midnight is its first hour. Units
// without a start change nothing.
func (m *Moment) StartOf(u Unit) {
	switch u {
	case Year:
		m.Set(Month, 0)
		m.Set(Date, 1)
		m.reset(Hour, Minute, Second, Millisecond)
	case Quarter:
		m.Set(Date, 1)
		m.reset(Hour, Minute, Second, Millisecond)
		m.Set(Month, math.Floor(m.Get(Month)/3)*3)
	case Month:
		m.Set(Date, 1)
		m.reset(Hour, Minute, Second, Millisecond)
	case Week:
		m.reset(Hour, Minute, Second, Millisecond)
		m.Set(Weekday, 0)
	case ISOWeek:
		m.reset(Hour, Minute, Second, Millisecond)
		m.Set(ISOWeekday, 1)
	case Day, Date:
		m.reset(Hour, Minute, Second, Millisecond)
	case Hour:
		m.reset(Minute, Second, Millisecond)
	case Minute:
		m.reset(Second, Millisecond)
	case Second:
		m.reset(Millisecond)
	default:
	}
}

func (m *Moment) reset(units ...Unit) {
	for _, u := range units {
		m.Set(u, 0)
	}
}

// EndOf sets the moment to the last millisecond of a unit.
func (m *Moment) EndOf(u Unit) {
	switch u {
	case NoUnit, Millisecond:
		return
	case Date:
		u = Day
	default:
	}
	m.StartOf(u)
	if u == ISOWeek {
		u = Week
	}
	m.addUnits(1, u)
	m.addMillis(-1)
}
