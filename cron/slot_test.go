package cron_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heitan/heitan/cron"
	"github.com/heitan/heitan/params"
)

const endOfSchedule = "9999-01-01 00:00:00 +0000"

func TestFirstIsTheFirstRunAtOrAfterATime(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, zone     string
		section        []any
		from           string
		session, runAt string
	}{
		{
			"pushed before the time of day: today", "UTC",
			[]any{"daily>", "07:00:00"},
			"2016-02-03 06:00:00 +0000", "2016-02-03 00:00:00 +0000", "2016-02-03 07:00:00 +0000",
		},
		{
			"pushed after it: tomorrow", "UTC",
			[]any{"daily>", "07:00:00"},
			"2016-02-03 08:00:00 +0000", "2016-02-04 00:00:00 +0000", "2016-02-04 07:00:00 +0000",
		},
		{
			"pushed at it: at once", "UTC",
			[]any{"daily>", "07:00:00"},
			"2016-02-03 07:00:00 +0000", "2016-02-03 00:00:00 +0000", "2016-02-03 07:00:00 +0000",
		},
		{
			"pushed a second after it: tomorrow", "UTC",
			[]any{"daily>", "07:00:00"},
			"2016-02-03 07:00:01 +0000", "2016-02-04 00:00:00 +0000", "2016-02-04 07:00:00 +0000",
		},
		{
			"in the zone of the workflow", "Asia/Tokyo",
			[]any{"daily>", "10:00:00"},
			"2016-02-03 10:00:00 +0900", "2016-02-03 00:00:00 +0900", "2016-02-03 10:00:00 +0900",
		},
		{
			"a delay counts absolute seconds when clocks go forward", "America/Los_Angeles",
			[]any{"daily>", "07:00:00"},
			"2016-03-13 01:59:31 -0800", "2016-03-13 00:00:00 -0800", "2016-03-13 08:00:00 -0700",
		},
		{
			"a delay counts absolute seconds when clocks go back", "America/Los_Angeles",
			[]any{"daily>", "07:00:00"},
			"2016-11-06 00:30:00 -0700", "2016-11-06 00:00:00 -0700", "2016-11-06 06:00:00 -0800",
		},
		{
			"the session time after a gap at midnight", "America/Sao_Paulo",
			[]any{"daily>", "07:00:00"},
			"2017-10-14 23:00:00 -0300", "2017-10-15 01:00:00 -0200", "2017-10-15 08:00:00 -0200",
		},
		{
			"hours beyond the day", "UTC",
			[]any{"daily>", "26:00:00"},
			"2016-02-03 01:00:00 +0000", "2016-02-02 00:00:00 +0000", "2016-02-03 02:00:00 +0000",
		},
		{
			"a run before its session time", "UTC",
			[]any{"daily>", "-1:00:00"},
			"2016-02-03 22:00:00 +0000", "2016-02-04 00:00:00 +0000", "2016-02-03 23:00:00 +0000",
		},
		{
			"hourly", "UTC",
			[]any{"hourly>", "30:15"},
			"2016-02-03 10:30:16 +0000", "2016-02-03 11:00:00 +0000", "2016-02-03 11:30:15 +0000",
		},
		{
			"weekly", "UTC",
			[]any{"weekly>", "Wed,17:15:00"},
			"2016-02-03 17:15:01 +0000", "2016-02-10 00:00:00 +0000", "2016-02-10 17:15:00 +0000",
		},
		{
			"weekly by number, with blanks", "UTC",
			[]any{"weekly>", " 7 , 17:15:00 "},
			"2016-02-03 17:15:01 +0000", "2016-02-07 00:00:00 +0000", "2016-02-07 17:15:00 +0000",
		},
		{
			"weekly on several days", "UTC",
			[]any{"weekly>", "mon-fri,00:00:00"},
			"2016-02-05 12:00:00 +0000", "2016-02-08 00:00:00 +0000", "2016-02-08 00:00:00 +0000",
		},
		{
			"weekly in the gap", "America/Los_Angeles",
			[]any{"weekly>", "Sun,15:00:00"},
			"2016-03-13 01:59:00 -0800", "2016-03-13 00:00:00 -0800", "2016-03-13 16:00:00 -0700",
		},
		{
			"monthly", "UTC",
			[]any{"monthly>", "1,12:00:00"},
			"2016-12-03 00:00:00 +0000", "2017-01-01 00:00:00 +0000", "2017-01-01 12:00:00 +0000",
		},
		{
			"monthly skips months without the day", "UTC",
			[]any{"monthly>", "31,12:00:00"},
			"2016-01-31 19:12:34 +0000", "2016-03-31 00:00:00 +0000", "2016-03-31 12:00:00 +0000",
		},
		{
			"minutes_interval", "UTC",
			[]any{"minutes_interval>", int64(7)},
			"2016-03-13 00:57:12 +0000", "2016-03-13 01:00:00 +0000", "2016-03-13 01:00:00 +0000",
		},
		{
			"minutes_interval is not an interval", "UTC",
			[]any{"minutes_interval>", "45"},
			"2016-03-13 00:45:01 +0000", "2016-03-13 01:00:00 +0000", "2016-03-13 01:00:00 +0000",
		},
		{
			"minutes_interval of an hour or more is hourly", "UTC",
			[]any{"minutes_interval>", int64(90)},
			"2016-03-13 00:00:01 +0000", "2016-03-13 01:00:00 +0000", "2016-03-13 01:00:00 +0000",
		},
		{
			"cron", "UTC",
			[]any{"cron>", "42 4 1 * *"},
			"2016-03-13 00:00:00 +0000", "2016-04-01 04:42:00 +0000", "2016-04-01 04:42:00 +0000",
		},
		{
			"cron with a delay", "UTC",
			[]any{"cron>", "0 4 * * *", "delay", int64(90)},
			"2016-03-13 04:01:30 +0000", "2016-03-13 04:00:00 +0000", "2016-03-13 04:01:30 +0000",
		},
		{
			"seconds_interval counts from 1970", "UTC",
			[]any{"seconds_interval>", int64(7), "delay", "2s"},
			"1970-01-01 00:00:10 +0000", "1970-01-01 00:00:14 +0000", "1970-01-01 00:00:16 +0000",
		},
		{
			"seconds_interval before 1970", "UTC",
			[]any{"seconds_interval>", int64(7)},
			"1969-12-31 23:59:59 +0000", "1970-01-01 00:00:00 +0000", "1970-01-01 00:00:00 +0000",
		},
		{
			"start", "UTC",
			[]any{"daily>", "10:00:00", "start", "2016-03-01", "end", "2016-03-31"},
			"2016-02-03 09:59:59 +0000", "2016-03-01 00:00:00 +0000", "2016-03-01 10:00:00 +0000",
		},
		{
			"start bounds the run time", "UTC",
			[]any{"daily>", "26:00:00", "start", "2016-03-01"},
			"2016-02-03 09:59:59 +0000", "2016-02-29 00:00:00 +0000", "2016-03-01 02:00:00 +0000",
		},
		{
			"the day of end counts", "UTC",
			[]any{"daily>", "10:00:00", "start", "2016-03-01", "end", "2016-03-31"},
			"2016-03-31 10:00:00 +0000", "2016-03-31 00:00:00 +0000", "2016-03-31 10:00:00 +0000",
		},
		{
			"after the end", "UTC",
			[]any{"daily>", "10:00:00", "start", "2016-03-01", "end", "2016-03-31"},
			"2016-03-31 10:00:01 +0000", endOfSchedule, endOfSchedule,
		},
		{
			"end bounds the run time", "UTC",
			[]any{"daily>", "26:00:00", "end", "2016-03-31"},
			"2016-03-31 02:00:01 +0000", endOfSchedule, endOfSchedule,
		},
		{
			"start and end are days of the zone", "Asia/Tokyo",
			[]any{"minutes_interval>", int64(10), "end", "2016-03-31"},
			"2016-03-31 23:49:59 +0900", "2016-03-31 23:50:00 +0900", "2016-03-31 23:50:00 +0900",
		},
		{
			"nothing at the midnight after the end", "Asia/Tokyo",
			[]any{"minutes_interval>", int64(10), "end", "2016-03-31"},
			"2016-03-31 23:59:59 +0900", endOfSchedule, endOfSchedule,
		},
		{
			"seconds_interval has an end too", "UTC",
			[]any{"seconds_interval>", int64(7), "end", "2016-03-31"},
			"2016-04-01 00:00:00 +0000", endOfSchedule, endOfSchedule,
		},
		{
			"an end where clocks show midnight twice", "America/Havana",
			[]any{"cron>", "* * * * *", "end", "2016-11-05"},
			"2016-11-05 23:59:30 -0400", endOfSchedule, endOfSchedule,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			slot := schedule(t, test.zone, test.section...).First(moment(t, test.from))
			expect(t, "session", test.session, slot.Session.Format(layout))
			expect(t, "run", test.runAt, slot.Run.Format(layout))
			expect(t, "finished", test.runAt == endOfSchedule, slot.Finished())
		})
	}
}

func TestFirstCountsFractionsOfASecond(t *testing.T) {
	t.Parallel()
	from := moment(t, "2016-02-03 07:00:00 +0000").Add(time.Nanosecond)
	slot := schedule(t, "UTC", "daily>", "07:00:00").First(from)
	expect(t, "run", "2016-02-04 07:00:00 +0000", slot.Run.Format(layout))
}

func TestNextSlotFollowsASessionTime(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, zone     string
		section        []any
		session        string
		next, nextRuns string
	}{
		{
			"daily", "UTC",
			[]any{"daily>", "10:00:00"},
			"2015-12-31 00:00:00 +0000", "2016-01-01 00:00:00 +0000", "2016-01-01 10:00:00 +0000",
		},
		{
			"daily over a change of clocks", "America/Los_Angeles",
			[]any{"daily>", "10:00:00"},
			"2016-03-13 00:00:00 -0800", "2016-03-14 00:00:00 -0700", "2016-03-14 10:00:00 -0700",
		},
		{
			"a session time that the schedule does not know", "America/Los_Angeles",
			[]any{"daily>", "10:11:23"},
			"2016-03-02 12:34:56 -0800", "2016-03-03 00:00:00 -0800", "2016-03-03 10:11:23 -0800",
		},
		{
			"before the start", "Asia/Tokyo",
			[]any{"daily>", "10:00:00", "start", "2016-03-01"},
			"2016-02-03 10:00:00 +0900", "2016-03-01 00:00:00 +0900", "2016-03-01 10:00:00 +0900",
		},
		{
			"the last before the start", "Asia/Tokyo",
			[]any{"minutes_interval>", int64(10), "start", "2016-03-01"},
			"2016-02-29 23:50:00 +0900", "2016-03-01 00:00:00 +0900", "2016-03-01 00:00:00 +0900",
		},
		{
			"the last before the end", "Asia/Tokyo",
			[]any{"minutes_interval>", int64(10), "end", "2016-03-31"},
			"2016-03-31 23:50:00 +0900", endOfSchedule, endOfSchedule,
		},
		{
			"after the end", "UTC",
			[]any{"daily>", "10:00:00", "end", "2016-03-31"},
			endOfSchedule, endOfSchedule, endOfSchedule,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			slot := schedule(t, test.zone, test.section...).Next(moment(t, test.session))
			expect(t, "session", test.next, slot.Session.Format(layout))
			expect(t, "run", test.nextRuns, slot.Run.Format(layout))
		})
	}
}

func TestLastBeforeEstimatesAsDigdagDoes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, zone    string
		section       []any
		session, want string
	}{
		{"daily", "UTC", []any{"daily>", "10:00:00"}, "2016-02-03 00:00:00 +0000", "2016-02-02 00:00:00 +0000"},
		{"daily over a change of clocks", "America/Los_Angeles", []any{"daily>", "10:00:00"}, "2016-03-14 00:00:00 -0700", "2016-03-13 00:00:00 -0800"},
		{"interval over the gap", "America/Los_Angeles", []any{"minutes_interval>", int64(10)}, "2016-03-13 03:00:00 -0700", "2016-03-13 01:50:00 -0800"},
		{"start and end do not matter", "Asia/Tokyo", []any{"minutes_interval>", int64(10), "start", "2016-03-01"}, "2016-03-01 00:00:00 +0900", "2016-02-29 23:50:00 +0900"},
		{"between two sessions", "UTC", []any{"weekly>", "Wed,17:15:00"}, "2016-02-09 00:00:00 +0000", "2016-02-03 00:00:00 +0000"},
		{"at a session", "UTC", []any{"weekly>", "Wed,17:15:00"}, "2016-02-10 00:00:00 +0000", "2016-02-03 00:00:00 +0000"},
		{"seconds", "UTC", []any{"seconds_interval>", int64(3)}, "1970-01-01 00:00:04 +0000", "1970-01-01 00:00:03 +0000"},
		{"working days, Monday: Saturday, which is no session", "UTC", []any{"cron>", "0 0 * * 1-5"}, "2016-02-08 00:00:00 +0000", "2016-02-06 00:00:00 +0000"},
		{"working days, Tuesday: Monday", "UTC", []any{"cron>", "0 0 * * 1-5"}, "2016-02-09 00:00:00 +0000", "2016-02-08 00:00:00 +0000"},
		{"working days, Thursday: an estimate of three days", "UTC", []any{"cron>", "0 0 * * 1-5"}, "2016-02-11 00:00:00 +0000", "2016-02-10 00:00:00 +0000"},
		{"twice a day, at noon", "UTC", []any{"cron>", "0 8,12 * * *"}, "2016-02-08 12:00:00 +0000", "2016-02-08 08:00:00 +0000"},
		{"twice a day, in the morning", "UTC", []any{"cron>", "0 8,12 * * *"}, "2016-02-08 08:00:00 +0000", "2016-02-07 12:00:00 +0000"},
		{"a finished schedule", "UTC", []any{"daily>", "10:00:00", "end", "2016-03-31"}, endOfSchedule, "9998-12-31 00:00:00 +0000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			last := schedule(t, test.zone, test.section...).LastBefore(moment(t, test.session))
			expect(t, "last session time", test.want, last.Format(layout))
		})
	}
}

func TestLastSessionIsAlwaysASession(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, zone string
		section    []any
		now, want  string
	}{
		{"daily, whose run is still to come", "UTC", []any{"daily>", "10:00:00"}, "2016-02-03 09:00:00 +0000", "2016-02-03 00:00:00 +0000"},
		{"now does not count", "UTC", []any{"daily>", "10:00:00"}, "2016-02-03 00:00:00 +0000", "2016-02-02 00:00:00 +0000"},
		{"working days, on Sunday: Friday", "UTC", []any{"cron>", "0 0 * * 1-5"}, "2016-02-07 12:34:56 +0000", "2016-02-05 00:00:00 +0000"},
		{"working days, on Monday at midnight: Friday", "UTC", []any{"cron>", "0 0 * * 1-5"}, "2016-02-08 00:00:00 +0000", "2016-02-05 00:00:00 +0000"},
		{"minutes once a year", "UTC", []any{"cron>", "* * 1 1 *"}, "2016-12-31 23:59:00 +0000", "2016-01-01 23:59:00 +0000"},
		{"after the end", "UTC", []any{"daily>", "10:00:00", "end", "2016-02-01"}, "2016-03-03 09:00:00 +0000", "2016-03-03 00:00:00 +0000"},
		{"the longest wait of all", "UTC", []any{"cron>", "0 0 29 2 mon"}, "2112-02-29 00:00:00 +0000", "2072-02-29 00:00:00 +0000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			last := schedule(t, test.zone, test.section...).LastSession(moment(t, test.now))
			expect(t, "last session", test.want, last.Format(layout))
		})
	}
}

func TestSlotsHangTogether(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text, _ := drawPattern(t)
		now, z := drawTime(t)
		delay := rapid.Int64Range(-100_000, 100_000).Draw(t, "delay")
		s, problems := cron.ParseSchedule(params.Of("cron>", text, "delay", delay), z)
		if problems.HasErrors() {
			return // no date matches
		}
		first := s.First(now)
		if first.Run.Before(now) || first.Run.Sub(first.Session) != s.Delay() {
			t.Fatalf("first after %s is %v", now, first)
		}
		if next := s.Next(first.Session); !next.Session.After(first.Session) {
			t.Fatalf("after %v comes %v", first, next)
		}
		last := s.LastSession(now)
		if next := s.Next(last); !last.Before(now) || next.Session.Before(now) {
			t.Fatalf("last before %s is %s, but then comes %s", now, last, next.Session)
		}
		if last := s.LastBefore(first.Session); !last.Before(first.Session) {
			t.Fatalf("last before %s is %s", first.Session, last)
		}
	})
}

func TestTimesOutOfReachEndEverySchedule(t *testing.T) {
	t.Parallel()
	for _, far := range []time.Time{time.Date(9999, 6, 1, 0, 0, 0, 0, time.UTC), time.Date(40_000, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(1<<61, 0)} {
		for _, section := range [][]any{{"cron>", "* * * * *"}, {"seconds_interval>", int64(1)}, {"monthly>", "31,00:00:00"}} {
			s := schedule(t, "America/Los_Angeles", section...)
			expect(t, s.String()+" first", true, s.First(far).Finished())
			expect(t, s.String()+" next", true, s.Next(far).Finished())
			expect(t, s.String()+" last is earlier", true, s.LastBefore(far).Before(far) && s.LastSession(far).Before(far))
		}
	}
}

func TestTooLateIsLaterThanTheLimit(t *testing.T) {
	t.Parallel()
	run := moment(t, "2016-02-03 07:00:00 +0000")
	limited := schedule(t, "UTC", "daily>", "07:00:00", "skip_delayed_by", "3m")
	expect(t, "at the limit", false, limited.TooLate(run, run.Add(3*time.Minute)))
	expect(t, "past the limit", true, limited.TooLate(run, run.Add(3*time.Minute+1)))
	unlimited := schedule(t, "UTC", "daily>", "07:00:00")
	expect(t, "without limit", false, unlimited.TooLate(run, run.AddDate(1, 0, 0)))
	strict := schedule(t, "UTC", "daily>", "07:00:00", "skip_delayed_by", "0s")
	expect(t, "limit of zero", true, strict.TooLate(run, run.Add(1)))
}
