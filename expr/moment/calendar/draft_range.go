package calendar

import "math"

// checkRange notes the first part that is out of its range.
func (d *draft) checkRange() {
	f := d.flags
	if f.Overflow != OverflowUnchecked {
		return
	}
	p := func(i int) float64 { // comparisons with NaN are false
		return d.parts[i].or(math.NaN())
	}
	outside := func(i int, low, high float64) bool { return p(i) < low || p(i) > high }
	switch {
	case outside(monthPart, 0, 11):
		f.Overflow = MonthOverflow
	case outside(dayPart, 1, daysInMonth(p(yearPart), p(monthPart))):
		f.Overflow = DateOverflow
	case outside(hourPart, 0, 24),
		p(hourPart) == 24 && !(p(minutePart) == 0 && p(secondPart) == 0 && p(milliPart) == 0):
		f.Overflow = HourOverflow
	case outside(minutePart, 0, 59):
		f.Overflow = MinuteOverflow
	case outside(secondPart, 0, 59):
		f.Overflow = SecondOverflow
	case outside(milliPart, 0, 999):
		f.Overflow = MillisecondOverflow
	default:
		f.Overflow = NoOverflow
	}
	if f.OverflowDayOfYear && f.Overflow != MonthOverflow && f.Overflow != DateOverflow {
		f.Overflow = DateOverflow
	}
	if f.OverflowWeek && f.Overflow == NoOverflow {
		f.Overflow = WeekOverflow
	}
	if f.OverflowWeekday && f.Overflow == NoOverflow {
		f.Overflow = WeekdayOverflow
	}
}
