package cron_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/heitan/heitan/cron"
)

func TestLocalTimeIsWhatClocksShow(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, zone, text, want string }{
		{"a day", "Asia/Tokyo", "2016-02-03", "2016-02-03 00:00:00 +0900"},
		{"a time", "Asia/Tokyo", "2016-02-03 04:05:06", "2016-02-03 04:05:06 +0900"},
		{"a time that is skipped", "America/Los_Angeles", "2016-03-13 02:30:00", "2016-03-13 03:30:00 -0700"},
		{"a day that begins late", "America/Sao_Paulo", "2017-10-15", "2017-10-15 01:00:00 -0200"},
		{"a time that comes twice: the first", "America/Los_Angeles", "2016-11-06 01:30:00", "2016-11-06 01:30:00 -0700"},
		{"a midnight that comes twice: the first", "America/Havana", "2016-11-06", "2016-11-06 00:00:00 -0400"},
		{"after the time that comes twice", "America/Los_Angeles", "2016-11-06 02:00:00", "2016-11-06 02:00:00 -0800"},
	} {
		got, err := cron.LocalTime(test.text, zone(t, test.zone))
		expect(t, test.name, "<nil>", fmt.Sprint(err))
		expect(t, test.name, test.want, got.Format(layout))
	}
}

func TestLocalTimeErrorsSayWhatIsExpected(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "now", "2016-02-30", "2016-2-3", "2016-02-03 4:5:6", "2016-02-03T04:05:06", "2016-02-03 24:00:00"} {
		_, err := cron.LocalTime(text, time.UTC)
		expect(t, text, fmt.Sprintf("read time %q: expected yyyy-MM-dd or yyyy-MM-dd HH:mm:ss", text), fmt.Sprint(err))
	}
}

func TestStartOfHourAndDay(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, zone, time, hour, day string }{
		{"plain", "Asia/Tokyo", "2016-02-03 04:05:06 +0900", "2016-02-03 04:00:00 +0900", "2016-02-03 00:00:00 +0900"},
		{"from another zone", "Asia/Tokyo", "2016-02-02 19:05:06 +0000", "2016-02-03 04:00:00 +0900", "2016-02-03 00:00:00 +0900"},
		{"an offset of half an hour", "Asia/Kolkata", "2016-02-03 04:05:06 +0530", "2016-02-03 04:00:00 +0530", "2016-02-03 00:00:00 +0530"},
		{"after a gap", "America/Los_Angeles", "2016-03-13 03:30:00 -0700", "2016-03-13 03:00:00 -0700", "2016-03-13 00:00:00 -0800"},
		{"after a gap in the hour", "Australia/Lord_Howe", "2016-10-02 02:45:00 +1100", "2016-10-02 02:30:00 +1100", "2016-10-02 00:00:00 +1030"},
		{"a day that begins late", "America/Sao_Paulo", "2017-10-15 12:00:00 -0200", "2017-10-15 12:00:00 -0200", "2017-10-15 01:00:00 -0200"},
		{"in the first of two hours", "America/Los_Angeles", "2016-11-06 01:30:00 -0700", "2016-11-06 01:00:00 -0700", "2016-11-06 00:00:00 -0700"},
		{"in the second of two hours", "America/Los_Angeles", "2016-11-06 01:30:00 -0800", "2016-11-06 01:00:00 -0800", "2016-11-06 00:00:00 -0700"},
		{"after two midnights: the second, as no change lies between", "America/Havana", "2016-11-06 12:00:00 -0500", "2016-11-06 12:00:00 -0500", "2016-11-06 00:00:00 -0500"},
	} {
		at, z := moment(t, test.time).Add(7*time.Nanosecond), zone(t, test.zone)
		expect(t, test.name+", hour", test.hour, cron.StartOfHour(at, z).Format(layout))
		expect(t, test.name+", day", test.day, cron.StartOfDay(at, z).Format(layout))
		expect(t, test.name+", fraction", 0, cron.StartOfHour(at, z).Nanosecond()+cron.StartOfDay(at, z).Nanosecond())
	}
}
