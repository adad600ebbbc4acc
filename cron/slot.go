package cron

import "time"

// Slot is one time of a schedule.
type Slot struct {
	Session time.Time // the session_time of the attempt
	Run     time.Time // when it is due; earlier or later than Session, or the same
}

// Finished reports whether the schedule is past its end, so that no session
// comes any more. Both times are then 9999-01-01T00:00:00Z, as in Digdag, which
// is what users see as the next time.
func (s Slot) Finished() bool { return !s.Session.Before(never()) }

// never is the time of a slot that does not come.
func never() time.Time { return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }

// within is t, or never if t is later, so that nothing is reckoned beyond.
func within(t time.Time) time.Time {
	if end := never(); t.After(end) {
		return end
	}
	return t
}

// First is the first slot that is due at or after a time. It is the one with
// which a schedule begins after a push (Digdag's Scheduler.getFirstScheduleTime).
// As a session may run long after its session time, the slot's session may be
// earlier than the given time: with "daily>: 07:00:00", the first slot from
// 01:00 on has the session time 00:00 of the same day.
func (s *Schedule) First(from time.Time) Slot {
	return s.Next(from.Add(-s.delay - 1))
}

// Next is the slot after a session time, which need not be one of the schedule.
func (s *Schedule) Next(session time.Time) Slot {
	session = within(session)
	if !s.Start.IsZero() {
		if earliest := s.Start.Add(-s.delay - 1); session.Before(earliest) {
			session = earliest
		}
	}
	slot := Slot{Session: s.tick(session)}
	slot.Run = slot.Session.Add(s.delay)
	if slot.Finished() || !s.End.IsZero() && !slot.Run.Before(s.End) {
		return Slot{Session: never(), Run: never()}
	}
	return slot
}

// LastBefore is the last_session_time of a session. Like Digdag (CronScheduler
// .lastScheduleTime) it estimates the period from the two times that follow,
// goes back two periods, and steps forward to the last time before the session.
// If there is none on the way, the estimated point itself is the answer although
// the schedule does not know it: for "cron>: 0 0 * * 1-5" and a Monday it is
// Saturday 00:00. Start and End do not matter.
func (s *Schedule) LastBefore(session time.Time) time.Time {
	session = within(session)
	guess := session.Add(-2 * s.period(session))
	if last, ok := s.latest(guess, session); ok {
		return last
	}
	return guess
}

// LastSession is the latest session time before now, for `--session schedule`.
// Its run time may still be to come. Unlike LastBefore it is always a time of
// the schedule. Start and End do not matter.
func (s *Schedule) LastSession(now time.Time) time.Time {
	now = within(now)
	const enough = 2 * searchYears * 366 * 24 * time.Hour
	for back := 2 * s.period(now); back < enough; back *= 2 {
		if last, ok := s.latest(now.Add(-back), now); ok {
			return last
		}
	}
	return s.LastBefore(now)
}

// TooLate reports whether a slot that was due at run is to be skipped at now
// because of skip_delayed_by.
func (s *Schedule) TooLate(run, now time.Time) bool {
	return s.skips && now.After(run.Add(s.skipDelayedBy))
}

// latest is the last session time between two times, if there is one.
func (s *Schedule) latest(after, before time.Time) (last time.Time, ok bool) {
	for t := s.tick(after); t.Before(before); t = s.tick(t) {
		last, ok = t, true
	}
	return last, ok
}

// period is the time between the next two sessions.
func (s *Schedule) period(session time.Time) time.Duration {
	next := s.tick(session)
	return s.tick(next).Sub(next)
}

// tick is the first session time after a time, wherever the schedule starts and ends.
func (s *Schedule) tick(after time.Time) time.Time {
	if s.pattern != nil {
		t, _ := s.pattern.Next(after, s.zone)
		return t
	}
	interval := wall(s.interval / time.Second)
	t := wall(after.Unix())
	return time.Unix(int64(t-t.past(interval)+interval), 0).In(s.zone)
}
