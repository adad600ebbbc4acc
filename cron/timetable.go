package cron

import (
	"strconv"
	"strings"
	"time"

	"github.com/heitan/heitan/internal/diag"
)

// timetable is when sessions are, and how long after its session time each runs.
type timetable struct {
	pattern  *Pattern      // nil if interval is set
	interval time.Duration // from one session to the next, counted from 1970
	delay    time.Duration
}

// The types of schedules, as they are written before `>`.
const (
	hourly          = "hourly"
	daily           = "daily"
	weekly          = "weekly"
	monthly         = "monthly"
	minutesInterval = "minutes_interval"
	cronType        = "cron"
	secondsInterval = "seconds_interval"
)

// types is all of them.
func types() []string {
	return []string{hourly, daily, weekly, monthly, minutesInterval, cronType, secondsInterval}
}

// typeKeys are the keys that name a type.
func typeKeys() []string {
	keys := types()
	for i := range keys {
		keys[i] += ">"
	}
	return keys
}

// takesDelay reports whether a schedule of the type has the option delay. The
// others have it in their argument.
func takesDelay(kind string) bool {
	return kind == cronType || kind == minutesInterval || kind == secondsInterval
}

// timetable reads the argument of a type of schedule, which stands under the key.
// The messages are those of Digdag's SchedulerFactory classes.
func (s *section) timetable(kind, key, argument string) timetable {
	fail := func(example, wanted string) timetable {
		s.fail(key, codeScheduleArgument, "for example "+example, "%s>: scheduler requires %s: %s", kind, wanted, s.shown(key))
		return timetable{}
	}
	switch kind {
	case hourly:
		if delay, ok := parseClock(argument, time.Minute, time.Second); ok {
			return timetable{pattern: mustPattern("0 * * * *"), delay: delay}
		}
		return fail("hourly>: 30:00", "mm:ss format")
	case daily:
		return s.dayTimetable(daily, key, mustPattern("0 0 * * *"), argument, "for example daily>: 07:00:00")
	case weekly:
		return s.weekly(key, argument)
	case monthly:
		return s.monthly(key, argument)
	case minutesInterval:
		n, err := strconv.Atoi(argument)
		if err != nil || n < 1 {
			return fail("minutes_interval>: 10", "a number of minutes from 1")
		}
		s.warnInterval(key, n)
		return timetable{pattern: mustPattern("*/" + strconv.Itoa(n) + " * * * *")}
	case secondsInterval:
		interval, ok := parseClock(argument, time.Second)
		if !ok || interval < time.Second {
			return fail("seconds_interval>: 10", "a number of seconds from 1")
		}
		return timetable{interval: interval}
	default:
		pattern, err := ParsePattern(argument)
		if err != nil {
			s.fail(key, codeScheduleArgument, "", "cron>: %v", err)
			return timetable{}
		}
		if len(pattern.alternatives) == 0 {
			s.fail(key, codeScheduleEmpty, "", "cron>: no date ever matches %s", s.shown(key))
		}
		return timetable{pattern: pattern}
	}
}

func (s *section) weekly(key, argument string) timetable {
	weekday, at := cutDay(argument)
	const hint = "for example weekly>: Mon,07:00:00"
	if n, err := strconv.Atoi(weekday); err == nil && n < 0 {
		s.fail(key, codeScheduleArgument, hint, "weekly>: invalid day: %d", n)
		return timetable{}
	}
	_, err := weekdayField.parse(weekday) // knows neither blanks nor bars
	pattern, patternErr := ParsePattern("0 0 * * " + weekday)
	if err != nil || patternErr != nil || at == "" {
		s.fail(key, codeScheduleArgument, hint, "weekly>: scheduler requires day,hh:mm:ss format: %s", s.shown(key))
		return timetable{}
	}
	return s.dayTimetable(weekly, key, pattern, at, hint)
}

func (s *section) monthly(key, argument string) timetable {
	dayText, at := cutDay(argument)
	hint := "for example monthly>: 1,07:00:00"
	if strings.EqualFold(dayText, "L") {
		hint = "for the last day of a month use cron>: 0 7 L * *"
	}
	dayOfMonth, err := strconv.Atoi(dayText)
	if err != nil || at == "" {
		s.fail(key, codeScheduleArgument, hint, "monthly>: scheduler requires day,hh:mm:ss format: %s", s.shown(key))
		return timetable{}
	}
	if dayOfMonth < 1 || dayOfMonth > 31 {
		s.fail(key, codeScheduleArgument, "the days of a month are 1-31", "monthly>: invalid day: %d", dayOfMonth)
		return timetable{}
	}
	return s.dayTimetable(monthly, key, mustPattern("0 0 "+strconv.Itoa(dayOfMonth)+" * *"), at, hint)
}

// dayTimetable is the days of a pattern with the time of day at which they run.
func (s *section) dayTimetable(kind, key string, days *Pattern, at, hint string) timetable {
	delay, ok := parseTimeOfDay(at)
	if !ok {
		s.fail(key, codeScheduleArgument, hint, "%s> scheduler requires hh:mm:ss format: %s", kind, clip(at))
		return timetable{}
	}
	return timetable{pattern: days, delay: delay}
}

// cutDay splits "day,hh:mm:ss".
func cutDay(argument string) (day, at string) {
	day, at, _ = strings.Cut(argument, ",")
	return strings.TrimSpace(day), strings.TrimSpace(at)
}

// warnInterval tells that minutes are counted anew in each hour.
func (s *section) warnInterval(key string, minutes int) {
	const hint = "cron> can say which minutes are meant"
	switch {
	case minutes > 60:
		s.problem(diag.Warning, key, codeScheduleInterval, hint,
			"minutes_interval>: %d counts from the start of each hour, so it runs once an hour", minutes)
	case 60%minutes != 0:
		s.problem(diag.Warning, key, codeScheduleInterval, hint,
			"minutes_interval>: %d counts from the start of each hour, whose last interval has %d minutes", minutes, 60%minutes)
	}
}

func parseTimeOfDay(text string) (time.Duration, bool) {
	return parseClock(text, time.Hour, time.Minute, time.Second)
}

// mustPattern reads a pattern of our own making, so an error is a bug here.
func mustPattern(text string) *Pattern {
	p, err := ParsePattern(text)
	if err != nil {
		panic(err)
	}
	return p
}
