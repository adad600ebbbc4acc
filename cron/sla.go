package cron

import (
	"time"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
)

// SLA is the options of a workflow's `sla:` section: a time by which an attempt
// should have ended. What is then run, the rest of the section, is not its
// business. It is immutable.
type SLA struct {
	// Fail says to let the attempt fail when it is late.
	Fail bool
	// Alert says to notify when an attempt is late.
	Alert bool

	ofDay bool // whether limit is a time of day, else it counts from the start
	limit time.Duration
}

// SLAOptions are the keys of an `sla:` section that are options. All others are
// the task that is run when the attempt is late.
func SLAOptions() []string { return []string{"time", "duration", "fail", "alert"} }

// ParseSLA reads the options of an `sla:` section. The list holds everything that
// is wrong with them; the SLA is nil if any of it is an error. What concerns the
// section as a whole has the place of its first key.
func ParseSLA(keys *params.Object) (*SLA, diag.List) {
	const needsLimit = "SLA must be specified using either the 'time' or 'duration' option"
	r := &section{keys: keys, code: codeSLAOption}
	s := &SLA{Fail: r.boolean("fail", false), Alert: r.boolean("alert", true)}
	_, s.ofDay = r.get("time")
	_, counted := r.get("duration")
	switch {
	case s.ofDay && counted:
		r.problem(diag.Error, "duration", codeSLATime, "", needsLimit)
	case s.ofDay:
		s.readLimit(r, "time")
	case counted:
		s.readLimit(r, "duration")
	default:
		key, hint := r.misspelt([]string{"time", "duration"})
		r.problem(diag.Error, key, codeSLATime, hint, needsLimit)
	}
	if r.problems.HasErrors() {
		return nil, r.problems
	}
	return s, r.problems
}

func (s *SLA) readLimit(r *section, key string) {
	text, _ := r.text(key)
	limit, ok := parseClock(text, time.Hour, time.Minute, time.Second)
	if !ok {
		limit, ok = parseClock(text, time.Hour, time.Minute)
	}
	if !ok || limit < 0 {
		r.fail(key, codeSLATime, "", "SLA %s option needs to be HH:MM or HH:MM:SS format: %s", key, r.shown(key))
	}
	s.limit = limit
}

// Deadline is when an attempt is late that was due (if scheduled) or requested
// (if not) at start. A time of day is meant in the given zone: the next one that
// is not before the second of the start. Hours beyond 24 count into the days
// after the start's day.
//
// Digdag (SlaCalculator) adds 24 hours to a time of day that is past; here it is
// the same time of the next day, also when clocks are changed in between.
func (s *SLA) Deadline(start time.Time, zone *time.Location) time.Time {
	start = start.In(zone)
	if !s.ofDay {
		return start.Add(s.limit)
	}
	shown := wallAt(start)
	deadline := shown - shown.past(day) + wall(s.limit/time.Second)
	if t := deadline.later(zone); t.Unix() >= start.Unix() {
		return t
	}
	return (deadline + day).later(zone)
}
