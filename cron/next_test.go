package cron_test

import (
	"testing"
	"time"
)

func TestNextWhenClocksAreChanged(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, zone, pattern, after string
		want                       []string
	}{
		{
			"spring gap, hourly: 01:00, then 03:00",
			"America/Los_Angeles", "0 * * * *", "2016-03-13 00:00:00 -0800",
			[]string{"2016-03-13 01:00:00 -0800", "2016-03-13 03:00:00 -0700", "2016-03-13 04:00:00 -0700"},
		},
		{
			"spring gap, 02:30 daily: fires at 03:30 that day",
			"America/Los_Angeles", "30 2 * * *", "2016-03-12 02:30:00 -0800",
			[]string{"2016-03-13 03:30:00 -0700", "2016-03-14 02:30:00 -0700"},
		},
		{
			"spring gap, every minute of the skipped hour: fires once",
			"America/Los_Angeles", "* 2 * * *", "2016-03-12 02:59:00 -0800",
			[]string{"2016-03-13 03:00:00 -0700", "2016-03-14 02:00:00 -0700"},
		},
		{
			"spring gap, two times that become one",
			"America/Los_Angeles", "0 2,3 * * *", "2016-03-12 03:00:00 -0800",
			[]string{"2016-03-13 03:00:00 -0700", "2016-03-14 02:00:00 -0700"},
		},
		{
			"spring gap, an alternative that comes before the shifted time",
			"America/Los_Angeles", "30 2 * * *|5 3 * * *", "2016-03-12 03:05:00 -0800",
			[]string{"2016-03-13 03:05:00 -0700", "2016-03-14 02:30:00 -0700"},
		},
		{
			"gap at midnight, daily: 01:00 that day",
			"America/Sao_Paulo", "0 0 * * *", "2017-10-14 00:00:00 -0300",
			[]string{"2017-10-15 01:00:00 -0200", "2017-10-16 00:00:00 -0200"},
		},
		{
			"gap in the last hour of a day, hourly: no hole",
			"America/Nuuk", "0 * * * *", "2024-03-30 21:00:00 -0200",
			[]string{"2024-03-30 22:00:00 -0200", "2024-03-31 00:00:00 -0100", "2024-03-31 01:00:00 -0100"},
		},
		{
			"gap of a whole day, daily",
			"Pacific/Apia", "0 7 * * *", "2011-12-28 07:00:00 -1000",
			[]string{"2011-12-29 07:00:00 -1000", "2011-12-31 07:00:00 +1400", "2012-01-01 07:00:00 +1400"},
		},
		{
			"fall back, hourly: a hole of two hours",
			"America/Los_Angeles", "0 * * * *", "2016-11-05 23:00:00 -0700",
			[]string{"2016-11-06 00:00:00 -0700", "2016-11-06 01:00:00 -0800", "2016-11-06 02:00:00 -0800"},
		},
		{
			"fall back, every half hour: the same jump",
			"America/Los_Angeles", "*/30 * * * *", "2016-11-06 00:00:00 -0700",
			[]string{"2016-11-06 00:30:00 -0700", "2016-11-06 01:00:00 -0800", "2016-11-06 01:30:00 -0800"},
		},
		{
			"fall back, every minute: both hours run",
			"America/Los_Angeles", "* * * * *", "2016-11-06 00:59:00 -0700",
			[]string{"2016-11-06 01:00:00 -0700", "2016-11-06 01:01:00 -0700"},
		},
		{
			"fall back, every minute: into the second hour",
			"America/Los_Angeles", "* * * * *", "2016-11-06 01:58:00 -0700",
			[]string{"2016-11-06 01:59:00 -0700", "2016-11-06 01:00:00 -0800", "2016-11-06 01:01:00 -0800"},
		},
		{
			"fall back, the very next minute counts for every pattern",
			"America/Los_Angeles", "0 * * * *", "2016-11-06 00:59:59 -0700",
			[]string{"2016-11-06 01:00:00 -0700", "2016-11-06 02:00:00 -0800"},
		},
		{
			"ambiguous wall time: the later instant",
			"America/Los_Angeles", "30 1 * * *", "2016-11-05 01:30:00 -0700",
			[]string{"2016-11-06 01:30:00 -0800", "2016-11-07 01:30:00 -0800"},
		},
		{
			"ambiguous midnight: the later instant",
			"America/Havana", "0 0 * * *", "2016-11-05 00:00:00 -0400",
			[]string{"2016-11-06 00:00:00 -0500", "2016-11-07 00:00:00 -0500"},
		},
		{
			"spring gap in London",
			"Europe/London", "0,30 * * * *", "2016-03-27 00:00:00 +0000",
			[]string{"2016-03-27 00:30:00 +0000", "2016-03-27 02:00:00 +0100", "2016-03-27 02:30:00 +0100"},
		},
		{
			"fall back in London",
			"Europe/London", "0 * * * *", "2016-10-29 23:00:00 +0100",
			[]string{"2016-10-30 00:00:00 +0100", "2016-10-30 01:00:00 +0000", "2016-10-30 02:00:00 +0000"},
		},
		{
			"gap of half an hour",
			"Australia/Lord_Howe", "15 2 * * *", "2016-10-01 02:15:00 +1030",
			[]string{"2016-10-02 02:45:00 +1100", "2016-10-03 02:15:00 +1100"},
		},
		{
			"gap of half an hour, hourly",
			"Australia/Lord_Howe", "0 * * * *", "2016-10-02 01:00:00 +1030",
			[]string{"2016-10-02 02:30:00 +1100", "2016-10-02 03:00:00 +1100"},
		},
		{
			"half an hour twice",
			"Australia/Lord_Howe", "45 1 * * *", "2016-04-02 01:45:00 +1100",
			[]string{"2016-04-03 01:45:00 +1030", "2016-04-04 01:45:00 +1030"},
		},
		{
			"a change that is not of summer time",
			"Europe/Moscow", "30 1 * * *", "2014-10-25 01:30:00 +0400",
			[]string{"2014-10-26 01:30:00 +0300", "2014-10-27 01:30:00 +0300"},
		},
		{
			"a rule that is only known as a rule",
			"America/Los_Angeles", "30 2 * * *", "2090-03-11 02:30:00 -0800",
			[]string{"2090-03-12 03:30:00 -0700", "2090-03-13 02:30:00 -0700"},
		},
		{
			"no changes",
			"Asia/Tokyo", "30 2 * * *", "2016-03-12 02:30:00 +0900",
			[]string{"2016-03-13 02:30:00 +0900", "2016-03-14 02:30:00 +0900"},
		},
		{
			"an offset with seconds",
			"Africa/Monrovia", "0 0 * * *", "1971-12-30 12:00:00 +0000",
			[]string{"1971-12-31 00:00:00 -0044", "1972-01-01 00:00:00 -0044"},
		},
		{
			"a given time in another zone",
			"Asia/Tokyo", "0 0 * * *", "2016-03-12 14:59:00 +0000",
			[]string{"2016-03-13 00:00:00 +0900"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := following(t, pattern(t, test.pattern), moment(t, test.after), zone(t, test.zone), len(test.want))
			expect(t, test.pattern, test.want, got)
		})
	}
}

// Until 7 January 1972 Liberia was 44 minutes and 30 seconds behind UTC.
func TestNextIsAFullMinuteWhereOffsetsHaveSeconds(t *testing.T) {
	t.Parallel()
	z, change := zone(t, "Africa/Monrovia"), time.Date(1972, 1, 7, 0, 44, 30, 0, time.UTC)
	for _, test := range []struct {
		name        string
		after, want time.Time
	}{
		{"before the change", change.Add(-75 * time.Second), change.Add(-time.Minute)},
		{"over the change", change.Add(-30 * time.Second), change.Add(30 * time.Second)},
	} {
		next, _ := pattern(t, "* * * * *").Next(test.after.Add(5), z)
		expect(t, test.name, test.want.In(z).Format(time.DateTime), next.Format(time.DateTime))
		expect(t, test.name+", seconds", 0, next.Second())
	}
}

func TestNextEndsForTimesOutOfReach(t *testing.T) {
	t.Parallel()
	p, z := pattern(t, "0 0 29 2 mon"), zone(t, "America/Los_Angeles")
	if next, ok := p.Next(time.Date(30_001, 2, 1, 0, 0, 0, 0, time.UTC), z); ok {
		t.Errorf("after the year 30000: got %s", next)
	}
	if next, ok := p.Next(time.Unix(1<<62, 0), z); ok {
		t.Errorf("after the end of time: got %s", next)
	}
	for _, after := range []time.Time{{}, time.Unix(-1<<62, 0), time.Date(-5000, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if next, ok := p.Next(after, z); !ok || next.Year() < 0 || next.Year() > 50 {
			t.Errorf("after %d: got %s, %t", after.Year(), next, ok)
		}
	}
}
