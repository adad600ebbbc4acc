package cron

import (
	"math/bits"
	"time"
)

// Times further away cannot be reckoned with safely. No workflow needs them.
const (
	firstYear = 0
	lastYear  = 30_000
)

// searchYears is longer than any pattern waits: 29 February on a given day of
// the week takes up to 40 years, when a century without leap day lies between.
const searchYears = 45

// Next is the first time after the given one that the pattern matches, in the
// given zone. It is false if no date ever matches (30 February), and beyond the
// year 30,000.
//
// It is what cron4j's Predictor says: the next full minute if it matches, else
// the next matching time that a clock on the wall shows, which when clocks are
// changed means:
//
//   - A time that clocks skip is counted on from before the change: a daily
//     02:30 runs at 03:30 that day.
//   - A time that clocks show twice is the second one, so an hourly pattern
//     leaves a hole of two hours. Only a pattern that matches the very next
//     minute, such as "* * * * *", runs through both hours.
//
// Two defects of cron4j are not kept. It loses days after a short month: to it
// "0 0 1,31 * *" has no 1 March, because 31 February leads it to the 3rd. And
// where clocks skip the last hour of a day, as in America/Nuuk, it goes on a day
// later, so that an hourly pattern loses a day.
func (p *Pattern) Next(after time.Time, zone *time.Location) (time.Time, bool) {
	after = after.In(zone)
	if year := after.Year(); year > lastYear {
		return time.Time{}, false
	} else if year < firstYear {
		after = time.Date(firstYear, 1, 1, 0, 0, 0, 0, zone)
	}

	soon := time.Unix(after.Unix()+int64(minute-wallAt(after).past(minute)), 0).In(zone)
	from := wallAt(soon).ceil(minute) // a second's fraction of an hour was an offset once

	var best time.Time
	found := false
	for i := range p.alternatives {
		w, ok := p.alternatives[i].next(from)
		if !ok {
			continue
		}
		if w == wallAt(soon) {
			return soon, true
		}
		if t := w.later(zone); !found || t.Before(best) {
			best, found = t, true
		}
	}
	return best, found
}

// next is the first full minute from a full minute on that all fields match,
// searched by months, not by minutes.
func (a *alternative) next(from wall) (wall, bool) {
	year, month, dayOfMonth, minuteOfDay := from.date()
	first := from - wall(minuteOfDay)*minute - wall(dayOfMonth-1)*day
	for last := year + searchYears; year <= last; {
		length := daysOf(year, month)
		if a.months&(1<<month) != 0 {
			days := a.daysIn(length) & a.onWeekdays(first) &^ (1<<dayOfMonth - 1)
			if days&(1<<dayOfMonth) != 0 {
				if m, ok := a.timeFrom(minuteOfDay); ok {
					return first + wall(dayOfMonth-1)*day + m*minute, true
				}
				days &^= 1 << dayOfMonth
			}
			if days != 0 {
				m, _ := a.timeFrom(0)
				return first + wall(bits.TrailingZeros64(days)-1)*day + m*minute, true
			}
		}
		first += wall(length) * day
		dayOfMonth, minuteOfDay = 1, 0
		if month++; month > 12 {
			year, month = year+1, 1
		}
	}
	return 0, false
}

// onWeekdays is the days of a month, as bits 1-31, that fall on the days of the
// week, if the month starts on the given date.
func (a *alternative) onWeekdays(first wall) uint64 {
	const week = 1<<7 - 1
	start := first.weekday()
	days := uint64(a.weekdays) & week
	days = (days>>start | days<<(7-start)) & week
	return (days | days<<7 | days<<14 | days<<21 | days<<28) << 1
}

// timeFrom is the first minute of the day from the given one on.
func (a *alternative) timeFrom(minuteOfDay int) (wall, bool) {
	h := minuteOfDay / 60
	if a.hours&(1<<h) != 0 {
		if minutes := a.minutes >> (minuteOfDay % 60); minutes != 0 {
			return wall(minuteOfDay + bits.TrailingZeros64(minutes)), true
		}
	}
	hours := a.hours &^ (1<<(h+1) - 1)
	if hours == 0 {
		return 0, false
	}
	return wall(bits.TrailingZeros32(hours)*60 + bits.TrailingZeros64(a.minutes)), true
}
