package calendar

import (
	"math"

	"github.com/heitan/heitan/expr/moment/jsdate"
)

// resolve makes a date of the parts. What is larger than the largest given part
// is that of today, what is smaller is the first.
func (d *draft) resolve() {
	if d.hasDate {
		return
	}
	if d.week.given && !d.parts[dayPart].Given && !d.parts[monthPart].Given {
		d.resolveWeek()
	}
	if d.dayOfYear.Given {
		d.resolveDayOfYear()
	}
	i := 0
	for ; i <= dayPart && !d.parts[i].Given; i++ {
		d.parts[i] = given(d.today(i))
	}
	for ; i <= milliPart; i++ {
		if !d.parts[i].Given {
			d.parts[i] = given(0)
			if i == dayPart {
				d.parts[i] = given(1)
			}
		}
	}
	zone := d.zone()
	p := func(i int) float64 { return d.parts[i].Value }
	d.setDate(newDate(zone, p(yearPart), p(monthPart), p(dayPart), p(hourPart), p(minutePart), p(secondPart), p(milliPart)))
	if d.week.day.Given && !(d.date.Valid() && float64(d.date.In(zone).Weekday) == d.week.day.Value) {
		d.flags.WeekdayMismatch = true
	}
	d.applyOffset()
}

// applyOffset turns the wall time at the parsed offset into UTC.
func (d *draft) applyOffset() {
	if d.origin.hasParsedOffset {
		d.date = jsdate.Clip(float64(d.date) - d.origin.parsedOffset*msPerMinute)
	}
}

func (d *draft) zone() *jsdate.Zone {
	if d.readUTC {
		return d.lib.utc
	}
	return d.lib.local
}

func (d *draft) today(part int) float64 {
	now := d.lib.Now()
	if !now.Valid() {
		return math.NaN()
	}
	return partsOf(now.In(d.zone()))[part].Value
}

func (d *draft) resolveDayOfYear() {
	year := d.parts[yearPart]
	if !year.Given {
		year = given(d.today(yearPart))
	}
	day := d.dayOfYear.Value
	if day == 0 || day > daysInYear(year.Value) {
		d.flags.OverflowDayOfYear = true
	}
	date := newDate(d.lib.utc, year.Value, 0, day, 0, 0, 0, 0)
	month, dayOfMonth := math.NaN(), math.NaN()
	if date.Valid() {
		f := date.In(d.lib.utc)
		month, dayOfMonth = float64(f.Month), float64(f.Day)
	}
	d.parts[monthPart], d.parts[dayPart] = given(month), given(dayOfMonth)
}

// resolveWeek finds the day of the year of a day of a week.
func (d *draft) resolveWeek() {
	w := d.week
	year := d.parts[yearPart]
	var rule weekRule
	var week, weekday float64
	var wrongWeekday bool
	if w.isoYear.Given || w.isoWeek.Given || w.isoWeekday.Given {
		rule = isoWeeks()
		if w.isoYear.Given {
			year = w.isoYear
		} else if !year.Given {
			year = given(d.thisWeek(ISOWeekYear))
		}
		week, weekday = w.isoWeek.or(1), w.isoWeekday.or(1)
		wrongWeekday = weekday < 1 || weekday > 7
	} else {
		rule = d.locale.weeks()
		if w.year.Given {
			year = w.year
		} else if !year.Given {
			year = given(d.thisWeek(WeekYear))
		}
		if week = w.week.Value; !w.week.Given {
			week = d.thisWeek(Week)
		}
		switch {
		case w.day.Given:
			weekday = w.day.Value
			wrongWeekday = weekday < 0 || weekday > 6
		case w.weekday.Given:
			weekday = w.weekday.Value + rule.firstWeekday
			wrongWeekday = w.weekday.Value < 0 || w.weekday.Value > 6
		default:
			weekday = rule.firstWeekday
		}
	}
	switch {
	case week < 1 || week > rule.count(year.Value):
		d.flags.OverflowWeek = true
	case wrongWeekday:
		d.flags.OverflowWeekday = true
	default:
		y, day := rule.day(year.Value, week, weekday)
		d.parts[yearPart], d.dayOfYear = given(y), given(day)
	}
}

func (d *draft) thisWeek(u Unit) float64 {
	now := d.lib.Present(Request{})
	now.locale = d.locale
	return now.Get(u)
}
