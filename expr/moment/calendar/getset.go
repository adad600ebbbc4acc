package calendar

import (
	"math"

	"github.com/heitan/heitan/expr/moment/jsdate"
)

// fields are what the moment's clock shows; ok is false if the date is invalid.
func (m *Moment) fields() (f jsdate.Fields, ok bool) {
	if !m.valid || !m.date.Valid() {
		return jsdate.Fields{}, false
	}
	return m.date.In(m.zone()), true
}

// Get is the value of a unit, NaN if the date is invalid. Months count from 0,
// days of the week from 0 for Sunday (Day), 0 for the first day of the locale's
// week (Weekday), or 1 for Monday (ISOWeekday).
func (m *Moment) Get(u Unit) float64 {
	f, ok := m.fields()
	if !ok {
		if u == ISOWeekday && m.valid {
			return 7
		}
		return math.NaN()
	}
	switch u {
	case Year:
		return float64(f.Year)
	case Quarter:
		return float64(f.Month/3 + 1)
	case Month:
		return float64(f.Month)
	case Date:
		return float64(f.Day)
	case Hour:
		return float64(f.Hour)
	case Minute:
		return float64(f.Minute)
	case Second:
		return float64(f.Second)
	case Millisecond:
		return float64(f.Millisecond)
	case Day:
		return float64(f.Weekday)
	case Weekday:
		return math.Mod(float64(f.Weekday)+7-m.locale.FirstWeekday, 7)
	case ISOWeekday:
		return float64((f.Weekday+6)%7 + 1)
	case DayOfYear:
		return m.dayOfYear(f)
	case Week:
		_, week := m.locale.weeks().weekOf(float64(f.Year), m.dayOfYear(f))
		return week
	case ISOWeek:
		_, week := isoWeeks().weekOf(float64(f.Year), m.dayOfYear(f))
		return week
	case WeekYear:
		year, _ := m.locale.weeks().weekOf(float64(f.Year), m.dayOfYear(f))
		return year
	case ISOWeekYear:
		year, _ := isoWeeks().weekOf(float64(f.Year), m.dayOfYear(f))
		return year
	default:
		return math.NaN()
	}
}

// dayOfYear counts 24 hours from midnight to midnight, so that it is one less
// after a zone has skipped a day.
func (m *Moment) dayOfYear(f jsdate.Fields) float64 {
	zone := m.zone()
	day := jsdate.New(zone, float64(f.Year), float64(f.Month), float64(f.Day), 0, 0, 0, 0)
	year := jsdate.New(zone, float64(f.Year), 0, 1, 0, 0, 0, 0)
	return Round(float64(day-year)/msPerDay) + 1
}

// Set changes a unit. Values beyond a unit's range carry over, except that a day
// of the month stays within its month when the month or year is set. It does
// nothing if the date is invalid.
func (m *Moment) Set(u Unit, value float64) {
	if !m.valid {
		return
	}
	switch u {
	case Month:
		m.setMonth(value)
	case Quarter:
		m.setMonth((value-1)*3 + math.Mod(m.Get(Month), 3))
	case Week, ISOWeek:
		m.addDays((value - m.Get(u)) * 7)
	case Day, Weekday, DayOfYear:
		m.addDays(value - m.Get(u))
	case ISOWeekday:
		if m.Get(Day) == 0 {
			value -= 7
		}
		m.Set(Day, value)
	case WeekYear:
		m.setWeekYear(m.locale.weeks(), value, m.Get(Week), m.Get(Weekday))
	case ISOWeekYear:
		m.setWeekYear(isoWeeks(), value, m.Get(ISOWeek), m.Get(ISOWeekday))
	default:
		if !math.IsNaN(value) {
			m.setField(u, value)
		}
	}
}

func (m *Moment) setField(u Unit, value float64) {
	zone := m.zone()
	switch u {
	case Year:
		m.setYear(value)
	case Date:
		m.date = m.date.SetDay(zone, value)
	case Hour:
		m.date = m.date.SetHours(zone, value)
	case Minute:
		m.date = m.date.SetMinutes(zone, value)
	case Second:
		m.date = m.date.SetSeconds(zone, value)
	case Millisecond:
		m.date = m.date.SetMilliseconds(zone, value)
	default:
	}
}

// setYear moves 29 February to the 28th where there is none.
func (m *Moment) setYear(year float64) {
	zone := m.zone()
	month, day := 0.0, 1.0
	if f, ok := m.fields(); ok {
		month, day = float64(f.Month), float64(f.Day)
		if f.Month == 1 && f.Day == 29 {
			day = daysInMonth(year, 1)
		}
	}
	m.date = m.date.SetYear(zone, year, month, day)
}

func (m *Moment) setMonth(month float64) {
	day := math.Min(m.Get(Date), daysInMonth(m.Get(Year), month)) // NaN if either is
	m.date = m.date.SetMonth(m.zone(), month, day)
}

func (m *Moment) setWeekYear(rule weekRule, weekYear, week, weekday float64) {
	if count := rule.count(weekYear); week > count {
		week = count
	}
	year, dayOfYear := rule.day(weekYear, week, weekday)
	date := newDate(m.lib.utc, year, 0, dayOfYear, 0, 0, 0, 0)
	if !date.Valid() {
		m.setMonth(math.NaN())
		return
	}
	f := date.In(m.lib.utc)
	m.Set(Year, float64(f.Year))
	m.Set(Month, float64(f.Month))
	m.Set(Date, float64(f.Day))
}

// IsLeapYear reports whether the moment's year has 29 February.
func (m *Moment) IsLeapYear() bool { return isLeapYear(m.Get(Year)) }

// DaysInMonth is the length of the moment's month.
func (m *Moment) DaysInMonth() float64 { return daysInMonth(m.Get(Year), m.Get(Month)) }

// WeeksInYear is the number of the locale's weeks of the moment's year.
func (m *Moment) WeeksInYear() float64 { return m.locale.weeks().count(m.Get(Year)) }

// ISOWeeksInYear is the number of ISO weeks of the moment's year.
func (m *Moment) ISOWeeksInYear() float64 { return isoWeeks().count(m.Get(Year)) }
