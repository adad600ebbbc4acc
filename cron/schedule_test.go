package cron_test

import (
	"strings"
	"testing"
	"time"

	"github.com/heitan/heitan/cron"
	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
)

func TestScheduleKeepsWhatWasWritten(t *testing.T) {
	t.Parallel()
	s := schedule(t, "Asia/Tokyo", "daily>", "07:00:00", "skip_on_overtime", true, "skip_delayed_by", "1D 2h3M 4s",
		"start", "2024-01-01", "end", "2024-12-31")
	limit, limited := s.SkipDelayedBy()
	expect(t, "type", "daily", s.Type)
	expect(t, "argument", "07:00:00", s.Argument)
	expect(t, "text", "daily>: 07:00:00", s.String())
	expect(t, "delay", 7*time.Hour, s.Delay())
	expect(t, "skip_on_overtime", true, s.SkipOnOvertime)
	expect(t, "skip_delayed_by", 26*time.Hour+3*time.Minute+4*time.Second, limit)
	expect(t, "skip_delayed_by is set", true, limited)
	expect(t, "start", "2024-01-01 00:00:00 +0900", s.Start.Format(layout))
	expect(t, "end", "2025-01-01 00:00:00 +0900", s.End.Format(layout))
}

func TestScheduleWithoutOptionsHasNoLimits(t *testing.T) {
	t.Parallel()
	s := schedule(t, "UTC", "hourly>", "30:00")
	_, limited := s.SkipDelayedBy()
	expect(t, "skips", false, limited || s.SkipOnOvertime)
	expect(t, "bounds", true, s.Start.IsZero() && s.End.IsZero())
}

func TestScheduleReadsEverySpellingOfAnOption(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		value params.Value
		want  time.Duration
	}{
		{"3m", 3 * time.Minute},
		{"3M", 3 * time.Minute},
		{" 1 d  4 s ", 24*time.Hour + 4*time.Second},
		{"90m", 90 * time.Minute},
		{int64(90), 90 * time.Second},
		{"90", 90 * time.Second},
	} {
		limit, _ := schedule(t, "UTC", "daily>", "07:00:00", "skip_delayed_by", test.value).SkipDelayedBy()
		expect(t, params.JSON(test.value), test.want, limit)
	}
	for _, value := range []params.Value{true, "true"} {
		expect(t, params.JSON(value), true, schedule(t, "UTC", "daily>", "07:00:00", "skip_on_overtime", value).SkipOnOvertime)
	}
	for _, value := range []params.Value{false, "false", nil} {
		expect(t, params.JSON(value), false, schedule(t, "UTC", "daily>", "07:00:00", "skip_on_overtime", value).SkipOnOvertime)
	}
}

func TestScheduleTypeMayStandInAKeyOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, section := range [][]any{
		{"_type", "daily", "_command", "07:00:00"},
		{"_type", "daily", "at", "07:00:00"},
		{"daily>", nil, "at", "07:00:00"},
	} {
		s := schedule(t, "UTC", section...)
		expect(t, "text", "daily>: 07:00:00", s.String())
		expect(t, "delay", 7*time.Hour, s.Delay())
	}
}

func TestScheduleProblems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		section []any
		want    []string
	}{
		{"empty", nil, []string{"schedule-type: Schedule config requires 'type>: at' parameter"}},
		{
			"no type",
			[]any{"start", "2024-01-01"},
			[]string{"a.dig:1:3: schedule-type: Schedule config requires 'type>: at' parameter"},
		},
		{
			"type without its sign",
			[]any{"start", "2024-01-01", "daily", "07:00:00"},
			[]string{"a.dig:2:3: schedule-type: Schedule config requires 'type>: at' parameter (did you mean `daily>`?)"},
		},
		{
			"unknown type",
			[]any{"dayly>", "07:00:00", "delay", int64(5)},
			[]string{"a.dig:1:3: schedule-type: Unknown scheduler type: dayly (did you mean `daily`?)"},
		},
		{
			"unknown type in a key of its own",
			[]any{"_type", "yearly", "at", "1"},
			[]string{"a.dig:1:3: schedule-type: Unknown scheduler type: yearly (did you mean `hourly` or `weekly`?)"},
		},
		{
			"two types",
			[]any{"daily>", "07:00:00", "hourly>", "30:00"},
			[]string{"a.dig:2:3: schedule-key: Parameter 'hourly>' is not used at schedule (a schedule has one type; patterns of cron> can be joined with |)"},
		},
		{
			"no argument",
			[]any{"daily>", nil},
			[]string{"a.dig:1:3: schedule-argument: daily>: scheduler requires an argument (for example daily>: 07:00:00)"},
		},
		{
			"an argument that is no text",
			[]any{"cron>", params.List{"0 0 * * *"}},
			[]string{`a.dig:1:3: schedule-argument: cron>: scheduler requires text but got ["0 0 * * *"] (list)`},
		},
		{
			"a template",
			[]any{"daily>", "${at}"},
			[]string{"a.dig:1:3: schedule-argument: daily> scheduler requires hh:mm:ss format: ${at} (templates are not evaluated here)"},
		},
		{
			"hourly",
			[]any{"hourly>", "00:30:00"},
			[]string{"a.dig:1:3: schedule-argument: hourly>: scheduler requires mm:ss format: 00:30:00 (for example hourly>: 30:00)"},
		},
		{
			"daily",
			[]any{"daily>", "7:00"},
			[]string{"a.dig:1:3: schedule-argument: daily> scheduler requires hh:mm:ss format: 7:00 (for example daily>: 07:00:00)"},
		},
		{
			"daily with a number",
			[]any{"daily>", int64(7)},
			[]string{"a.dig:1:3: schedule-argument: daily> scheduler requires hh:mm:ss format: 7 (for example daily>: 07:00:00)"},
		},
		{
			"daily without a part",
			[]any{"daily>", "07::00"},
			[]string{"a.dig:1:3: schedule-argument: daily> scheduler requires hh:mm:ss format: 07::00 (for example daily>: 07:00:00)"},
		},
		{
			"daily far away",
			[]any{"daily>", "99999999999:00:00"},
			[]string{"a.dig:1:3: schedule-argument: daily> scheduler requires hh:mm:ss format: 99999999999:00:00 (for example daily>: 07:00:00)"},
		},
		{
			"daily so far away that it overflows",
			[]any{"daily>", "2251799813685248:00:00"},
			[]string{"a.dig:1:3: schedule-argument: daily> scheduler requires hh:mm:ss format: 2251799813685248:00:00 (for example daily>: 07:00:00)"},
		},
		{
			"daily a second beyond ten years",
			[]any{"daily>", "87840:00:01"},
			[]string{"a.dig:1:3: schedule-argument: daily> scheduler requires hh:mm:ss format: 87840:00:01 (for example daily>: 07:00:00)"},
		},
		{
			"weekly without time",
			[]any{"weekly>", "Mon"},
			[]string{"a.dig:1:3: schedule-argument: weekly>: scheduler requires day,hh:mm:ss format: Mon (for example weekly>: Mon,07:00:00)"},
		},
		{
			"weekly without day",
			[]any{"weekly>", "07:00:00"},
			[]string{"a.dig:1:3: schedule-argument: weekly>: scheduler requires day,hh:mm:ss format: 07:00:00 (for example weekly>: Mon,07:00:00)"},
		},
		{
			"weekly on no day of the week",
			[]any{"weekly>", "Monday,07:00:00"},
			[]string{"a.dig:1:3: schedule-argument: weekly>: scheduler requires day,hh:mm:ss format: Monday,07:00:00 (for example weekly>: Mon,07:00:00)"},
		},
		{
			"weekly on a negative day",
			[]any{"weekly>", "-1,07:00:00"},
			[]string{"a.dig:1:3: schedule-argument: weekly>: invalid day: -1 (for example weekly>: Mon,07:00:00)"},
		},
		{
			"weekly with more than a day",
			[]any{"weekly>", "1|0 0 1 1 1,07:00:00"},
			[]string{"a.dig:1:3: schedule-argument: weekly>: scheduler requires day,hh:mm:ss format: 1|0 0 1 1 1,07:00:00 (for example weekly>: Mon,07:00:00)"},
		},
		{
			"weekly with a bad time",
			[]any{"weekly>", "Mon,07:00"},
			[]string{"a.dig:1:3: schedule-argument: weekly> scheduler requires hh:mm:ss format: 07:00 (for example weekly>: Mon,07:00:00)"},
		},
		{
			"monthly without time",
			[]any{"monthly>", int64(1)},
			[]string{"a.dig:1:3: schedule-argument: monthly>: scheduler requires day,hh:mm:ss format: 1 (for example monthly>: 1,07:00:00)"},
		},
		{
			"monthly on no day",
			[]any{"monthly>", "32,07:00:00"},
			[]string{"a.dig:1:3: schedule-argument: monthly>: invalid day: 32 (the days of a month are 1-31)"},
		},
		{
			"monthly on the last day",
			[]any{"monthly>", "L,07:00:00"},
			[]string{"a.dig:1:3: schedule-argument: monthly>: scheduler requires day,hh:mm:ss format: L,07:00:00 (for the last day of a month use cron>: 0 7 L * *)"},
		},
		{
			"monthly with a bad time",
			[]any{"monthly>", "1,x:00:00"},
			[]string{"a.dig:1:3: schedule-argument: monthly> scheduler requires hh:mm:ss format: x:00:00 (for example monthly>: 1,07:00:00)"},
		},
		{
			"minutes_interval of nothing",
			[]any{"minutes_interval>", int64(0)},
			[]string{"a.dig:1:3: schedule-argument: minutes_interval>: scheduler requires a number of minutes from 1: 0 (for example minutes_interval>: 10)"},
		},
		{
			"minutes_interval of half a minute",
			[]any{"minutes_interval>", 0.5},
			[]string{"a.dig:1:3: schedule-argument: minutes_interval>: scheduler requires a number of minutes from 1: 0.5 (for example minutes_interval>: 10)"},
		},
		{
			"seconds_interval of nothing",
			[]any{"seconds_interval>", "0"},
			[]string{"a.dig:1:3: schedule-argument: seconds_interval>: scheduler requires a number of seconds from 1: 0 (for example seconds_interval>: 10)"},
		},
		{
			"cron",
			[]any{"cron>", "61 * * * *"},
			[]string{`a.dig:1:3: schedule-argument: cron>: cron pattern "61 * * * *": minute field "61": found "61", expected * or 0-59`},
		},
		{
			"cron that never matches",
			[]any{"cron>", "0 0 30 2 *"},
			[]string{"a.dig:1:3: schedule-empty: cron>: no date ever matches 0 0 30 2 *"},
		},
		{
			"unknown option",
			[]any{"daily>", "07:00:00", "skip_delay_by", "${late}", "x", int64(1)},
			[]string{
				"a.dig:2:3: schedule-key: Parameter 'skip_delay_by' is not used at schedule (did you mean `skip_delayed_by`?)",
				"a.dig:3:3: schedule-key: Parameter 'x' is not used at schedule",
			},
		},
		{
			"delay of a type that has its own",
			[]any{"daily>", "07:00:00", "delay", int64(60)},
			[]string{"a.dig:2:3: schedule-key: Parameter 'delay' is not used at schedule (delay is for cron>, minutes_interval> and seconds_interval>)"},
		},
		{
			"at besides an argument",
			[]any{"daily>", "07:00:00", "at", "08:00:00"},
			[]string{"a.dig:2:3: schedule-key: Parameter 'at' is not used at schedule"},
		},
		{
			"bad options, all at once",
			[]any{
				"daily>", "7", "skip_on_overtime", "yes", "skip_delayed_by", "soon", "start", "2024-02-30", "end", int64(20240101),
			},
			[]string{
				"a.dig:2:3: schedule-option: Expected boolean type for key 'skip_on_overtime' but got yes (string)",
				"a.dig:3:3: schedule-option: Expected duration type for key 'skip_delayed_by' but got soon (string) (for example 1h 30m; a bare number counts seconds)",
				"a.dig:4:3: schedule-option: Invalid start: 2024-02-30 (expected an existing day as yyyy-MM-dd)",
				"a.dig:5:3: schedule-option: Invalid end: 20240101 (expected an existing day as yyyy-MM-dd)",
				"a.dig:1:3: schedule-argument: daily> scheduler requires hh:mm:ss format: 7 (for example daily>: 07:00:00)",
			},
		},
		{
			"negative limit",
			[]any{"daily>", "07:00:00", "skip_delayed_by", int64(-1)},
			[]string{"a.dig:2:3: schedule-option: Expected a duration from 0 for key 'skip_delayed_by' but got -1"},
		},
		{
			"duration with units in a wrong order",
			[]any{"daily>", "07:00:00", "skip_delayed_by", "3m 1h"},
			[]string{"a.dig:2:3: schedule-option: Expected duration type for key 'skip_delayed_by' but got 3m 1h (string) (for example 1h 30m; a bare number counts seconds)"},
		},
		{
			"duration of centuries",
			[]any{"daily>", "07:00:00", "skip_delayed_by", "3660d 24h"},
			[]string{"a.dig:2:3: schedule-option: Expected duration type for key 'skip_delayed_by' but got 3660d 24h (string) (for example 1h 30m; a bare number counts seconds)"},
		},
		{
			"end before start",
			[]any{"daily>", "07:00:00", "start", "2024-01-02", "end", "2024-01-01"},
			[]string{"a.dig:3:3: schedule-option: The schedule of end is earlier than start"},
		},
		{
			"warning: nothing between start and end",
			[]any{"monthly>", "31,07:00:00", "start", "2024-02-01", "end", "2024-02-29"},
			[]string{"a.dig:3:3: warning: schedule-empty: monthly>: 31,07:00:00 has no session between start and end"},
		},
		{
			"warning: minutes that do not divide the hour",
			[]any{"minutes_interval>", int64(45)},
			[]string{"a.dig:1:3: warning: schedule-interval: minutes_interval>: 45 counts from the start of each hour, whose last interval has 15 minutes (cron> can say which minutes are meant)"},
		},
		{
			"warning: more minutes than an hour has",
			[]any{"minutes_interval>", int64(90)},
			[]string{"a.dig:1:3: warning: schedule-interval: minutes_interval>: 90 counts from the start of each hour, so it runs once an hour (cron> can say which minutes are meant)"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, problems := cron.ParseSchedule(written(test.section...), time.UTC)
			expect(t, "problems", test.want, lines(problems))
			expect(t, "is there a schedule", !problems.HasErrors(), s != nil)
		})
	}
}

func TestScheduleOfOneDayIsAllowed(t *testing.T) {
	t.Parallel()
	s := schedule(t, "UTC", "daily>", "07:00:00", "start", "2024-01-02", "end", "2024-01-02")
	first := s.First(time.Unix(0, 0))
	expect(t, "first", "2024-01-02 07:00:00 +0000", first.Run.Format(layout))
	expect(t, "no second", true, s.Next(first.Session).Finished())
}

func TestScheduleAcceptsIntervalsThatDivideTheHour(t *testing.T) {
	t.Parallel()
	for _, minutes := range []int64{1, 5, 30, 60} {
		_, problems := cron.ParseSchedule(params.Of("minutes_interval>", minutes), time.UTC)
		expect(t, "problems", diag.List(nil), problems)
	}
}

func TestScheduleShortensHostileText(t *testing.T) {
	t.Parallel()
	huge := strings.Repeat("x\n", 1<<16)
	_, problems := cron.ParseSchedule(written("weekly>", "1/"+strings.Repeat("0", 5000)+"1,07:00:00", huge, huge, "start", huge), time.UTC)
	expect(t, "problems", 3, len(problems))
	for _, p := range problems {
		if len(p.Message) > 300 || strings.Contains(p.Message, "\n") {
			t.Errorf("got %d bytes: %.400q", len(p.Message), p.Message)
		}
	}
}
