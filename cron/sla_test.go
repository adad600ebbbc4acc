package cron_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/cron"
	"github.com/heitan/heitan/params"
)

func TestDeadline(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, zone, key, limit, start, want string
	}{
		{"time of the day", "UTC", "time", "09:00", "2016-02-03 08:00:00 +0000", "2016-02-03 09:00:00 +0000"},
		{"time with seconds", "UTC", "time", "09:00:30", "2016-02-03 08:00:00 +0000", "2016-02-03 09:00:30 +0000"},
		{"time in the zone of the workflow", "Asia/Tokyo", "time", "09:00", "2016-02-02 23:00:00 +0000", "2016-02-03 09:00:00 +0900"},
		{"time that is past: the next day", "UTC", "time", "09:00", "2016-02-03 09:00:01 +0000", "2016-02-04 09:00:00 +0000"},
		{"time that is now: at once", "UTC", "time", "09:00", "2016-02-03 09:00:00 +0000", "2016-02-03 09:00:00 +0000"},
		{"time that is past, over a change of clocks", "America/Los_Angeles", "time", "09:00", "2016-03-12 10:00:00 -0800", "2016-03-13 09:00:00 -0700"},
		{"time in a gap", "America/Los_Angeles", "time", "02:30", "2016-03-13 00:00:00 -0800", "2016-03-13 03:30:00 -0700"},
		{"time that comes twice: the second", "America/Los_Angeles", "time", "01:30", "2016-11-06 00:00:00 -0700", "2016-11-06 01:30:00 -0800"},
		{"time beyond the day", "UTC", "time", "26:00", "2016-02-03 08:00:00 +0000", "2016-02-04 02:00:00 +0000"},
		{"duration", "UTC", "duration", "01:30:15", "2016-02-03 08:00:00 +0000", "2016-02-03 09:30:15 +0000"},
		{"duration of hours and minutes", "UTC", "duration", "01:30", "2016-02-03 08:00:00 +0000", "2016-02-03 09:30:00 +0000"},
		{"duration in absolute time", "America/Los_Angeles", "duration", "24:00:00", "2016-03-12 10:00:00 -0800", "2016-03-13 11:00:00 -0700"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sla, problems := cron.ParseSLA(params.Of(test.key, test.limit))
			if problems.HasErrors() {
				t.Fatal(problems)
			}
			got := sla.Deadline(moment(t, test.start), zone(t, test.zone))
			expect(t, "deadline", test.want, got.Format(layout))
		})
	}
}

func TestSLADefaultsToAlertWithoutFailure(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		section     []any
		fail, alert bool
	}{
		{[]any{"time", "09:00"}, false, true},
		{[]any{"time", "09:00", "fail", true, "alert", "false"}, true, false},
		{[]any{"time", nil, "duration", "00:10", "fail", nil}, false, true},
	} {
		sla, problems := cron.ParseSLA(params.Of(test.section...))
		if problems.HasErrors() {
			t.Fatal(problems)
		}
		expect(t, "fail", test.fail, sla.Fail)
		expect(t, "alert", test.alert, sla.Alert)
	}
}

func TestSLALeavesTheTaskAlone(t *testing.T) {
	t.Parallel()
	section := params.Of("time", "09:00", "fail", true, "mail>", "body.txt", "to", params.List{"ops@example.com"})
	if _, problems := cron.ParseSLA(section); len(problems) > 0 {
		t.Fatal(problems)
	}
	if d := cmp.Diff([]string{"mail>", "to"}, section.Without(cron.SLAOptions()...).Keys()); d != "" {
		t.Error(d)
	}
}

func TestSLAProblems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		section []any
		want    []string
	}{
		{"empty", nil, []string{"sla-time: SLA must be specified using either the 'time' or 'duration' option"}},
		{
			"neither",
			[]any{"+notice", params.Empty()},
			[]string{"a.dig:1:3: sla-time: SLA must be specified using either the 'time' or 'duration' option"},
		},
		{
			"misspelt",
			[]any{"+notice", params.Empty(), "tme", "09:00"},
			[]string{"a.dig:2:3: sla-time: SLA must be specified using either the 'time' or 'duration' option (did you mean `time`?)"},
		},
		{
			"both",
			[]any{"time", "09:00", "duration", "01:00:00"},
			[]string{"a.dig:2:3: sla-time: SLA must be specified using either the 'time' or 'duration' option"},
		},
		{
			"time",
			[]any{"time", "9am"},
			[]string{"a.dig:1:3: sla-time: SLA time option needs to be HH:MM or HH:MM:SS format: 9am"},
		},
		{
			"a number",
			[]any{"time", int64(9)},
			[]string{"a.dig:1:3: sla-time: SLA time option needs to be HH:MM or HH:MM:SS format: 9"},
		},
		{
			"negative",
			[]any{"duration", "-1:00:00"},
			[]string{"a.dig:1:3: sla-time: SLA duration option needs to be HH:MM or HH:MM:SS format: -1:00:00"},
		},
		{
			"no text",
			[]any{"duration", params.Of("hours", int64(1))},
			[]string{`a.dig:1:3: sla-time: SLA duration option needs to be HH:MM or HH:MM:SS format: {"hours":1}`},
		},
		{
			"all at once",
			[]any{"duration", "x", "fail", "maybe", "alert", int64(1)},
			[]string{
				"a.dig:2:3: sla-option: Expected boolean type for key 'fail' but got maybe (string)",
				"a.dig:3:3: sla-option: Expected boolean type for key 'alert' but got 1 (number)",
				"a.dig:1:3: sla-time: SLA duration option needs to be HH:MM or HH:MM:SS format: x",
			},
		},
		{
			"a template",
			[]any{"time", "${limit}"},
			[]string{"a.dig:1:3: sla-time: SLA time option needs to be HH:MM or HH:MM:SS format: ${limit} (templates are not evaluated here)"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sla, problems := cron.ParseSLA(written(test.section...))
			expect(t, "problems", test.want, lines(problems))
			expect(t, "is there an SLA", false, sla != nil)
		})
	}
}
