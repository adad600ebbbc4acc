package cron_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/heitan/heitan/cron"
)

// 2024-01-01 is a Monday, and the year has a 29 February.
func TestPatternMatchesByAllFiveFields(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, pattern, after string
		want                 []string
	}{
		{
			"every minute", "* * * * *", "2024-01-01 00:00:30",
			[]string{"2024-01-01 00:01", "2024-01-01 00:02"},
		},
		{
			"the given time itself does not count", "0 10 * * *", "2024-01-01 10:00:00",
			[]string{"2024-01-02 10:00"},
		},
		{
			"day of month and day of week are both required", "0 0 1 * 1", "2024-01-01 00:00:00",
			[]string{"2024-04-01 00:00", "2024-07-01 00:00", "2025-09-01 00:00"},
		},
		{
			"leading zeros", "00 010 * * *", "2024-01-01 00:00:00",
			[]string{"2024-01-01 10:00"},
		},
		{
			"lists", "5,10,15 1,13 * * *", "2024-01-01 01:10:00",
			[]string{"2024-01-01 01:15", "2024-01-01 13:05", "2024-01-01 13:10"},
		},
		{
			"commas too many", ",5,,10, 1 * * *", "2024-01-01 00:00:00",
			[]string{"2024-01-01 01:05", "2024-01-01 01:10", "2024-01-02 01:05"},
		},
		{
			"names of months in any case", "0 0 1 JAN,mar-May,Dec *", "2024-01-01 00:00:00",
			[]string{"2024-03-01 00:00", "2024-04-01 00:00", "2024-05-01 00:00", "2024-12-01 00:00", "2025-01-01 00:00"},
		},
		{
			"names of days in any case", "0 0 * * TUE,thu", "2024-01-01 00:00:00",
			[]string{"2024-01-02 00:00", "2024-01-04 00:00", "2024-01-09 00:00"},
		},
		{
			"Sunday is 0", "0 0 * * 0", "2024-01-01 00:00:00",
			[]string{"2024-01-07 00:00", "2024-01-14 00:00"},
		},
		{
			"Sunday is 7", "0 0 * * 7", "2024-01-01 00:00:00",
			[]string{"2024-01-07 00:00", "2024-01-14 00:00"},
		},
		{
			"hours wrap over midnight", "0 22-2 * * *", "2024-01-01 00:30:00",
			[]string{"2024-01-01 01:00", "2024-01-01 02:00", "2024-01-01 22:00", "2024-01-01 23:00", "2024-01-02 00:00"},
		},
		{
			"days wrap over Sunday", "0 0 * * fri-mon", "2024-01-01 00:00:00",
			[]string{"2024-01-05 00:00", "2024-01-06 00:00", "2024-01-07 00:00", "2024-01-08 00:00", "2024-01-12 00:00"},
		},
		{
			"months wrap over new year", "0 0 1 11-feb *", "2024-03-01 00:00:00",
			[]string{"2024-11-01 00:00", "2024-12-01 00:00", "2025-01-01 00:00", "2025-02-01 00:00", "2025-11-01 00:00"},
		},
		{
			"steps of everything", "*/20 * * * *", "2024-01-01 00:00:00",
			[]string{"2024-01-01 00:20", "2024-01-01 00:40", "2024-01-01 01:00"},
		},
		{
			"steps count from the start of the range", "3-18/5 1 * * *", "2024-01-01 00:00:00",
			[]string{"2024-01-01 01:03", "2024-01-01 01:08", "2024-01-01 01:13", "2024-01-01 01:18", "2024-01-02 01:03"},
		},
		{
			"steps count on where a range wraps", "50-10/7 0 * * *", "2024-01-01 00:00:00",
			[]string{"2024-01-01 00:04", "2024-01-01 00:50", "2024-01-01 00:57", "2024-01-02 00:04"},
		},
		{
			"steps of days of the month start at 1", "0 0 */10 * *", "2024-02-01 00:00:00",
			[]string{"2024-02-11 00:00", "2024-02-21 00:00", "2024-03-01 00:00"},
		},
		{
			"a step beyond the range leaves its start", "*/60 * * * *", "2024-01-01 00:00:00",
			[]string{"2024-01-01 01:00", "2024-01-01 02:00"},
		},
		{
			"a step of a single value", "7/3 * * * *", "2024-01-01 00:00:00",
			[]string{"2024-01-01 00:07", "2024-01-01 01:07"},
		},
		{
			"cron4j: 0-7 is 0-0", "0 0 * * 0-7", "2024-01-01 00:00:00",
			[]string{"2024-01-07 00:00", "2024-01-14 00:00"},
		},
		{
			"cron4j: a step that hits 7 hits nothing", "0 0 * * 1-7/2", "2024-01-01 00:00:00",
			[]string{"2024-01-03 00:00", "2024-01-05 00:00", "2024-01-08 00:00"},
		},
		{
			"cron4j: the way from Friday to Monday passes 7 and 0", "0 0 * * fri-mon/2", "2024-01-01 00:00:00",
			[]string{"2024-01-05 00:00", "2024-01-08 00:00"},
		},
		{
			"L is the last day of the month", "0 0 L * *", "2024-01-01 00:00:00",
			[]string{"2024-01-31 00:00", "2024-02-29 00:00", "2024-03-31 00:00", "2024-04-30 00:00"},
		},
		{
			"l in a list, in a common year", "0 0 15,l 2 *", "2025-01-01 00:00:00",
			[]string{"2025-02-15 00:00", "2025-02-28 00:00", "2026-02-15 00:00"},
		},
		{
			"L ends a range", "0 0 29-L * *", "2024-01-31 00:00:00",
			[]string{"2024-02-29 00:00", "2024-03-29 00:00", "2024-03-30 00:00", "2024-03-31 00:00", "2024-04-29 00:00"},
		},
		{
			"L does not match twice in a month of 31 days", "0 0 31,L * *", "2024-01-01 00:00:00",
			[]string{"2024-01-31 00:00", "2024-02-29 00:00"},
		},
		{
			"alternatives", "0 5 * * *|8 10 * * *|22 17 * * *", "2024-01-01 00:00:00",
			[]string{"2024-01-01 05:00", "2024-01-01 10:08", "2024-01-01 17:22", "2024-01-02 05:00"},
		},
		{
			"bars and blanks too many", " |0  5 * *\t*| |\n0 6 * * * |\n", "2024-01-01 00:00:00",
			[]string{"2024-01-01 05:00", "2024-01-01 06:00"},
		},
		{
			"an alternative that never matches does not hinder", "0 0 31 4 *|0 5 * * *", "2024-01-01 00:00:00",
			[]string{"2024-01-01 05:00", "2024-01-02 05:00"},
		},
		{
			"a missing day means no run that month", "0 0 31 * *", "2024-01-31 00:00:00",
			[]string{"2024-03-31 00:00", "2024-05-31 00:00", "2024-07-31 00:00", "2024-08-31 00:00"},
		},
		{
			"29 February", "0 0 29 2 *", "2024-02-29 00:00:00",
			[]string{"2028-02-29 00:00", "2032-02-29 00:00"},
		},
		{
			"the longest wait: 29 February on a Monday over a century without leap day", "0 0 29 feb mon", "2072-02-29 00:00:00",
			[]string{"2112-02-29 00:00", "2140-02-29 00:00"},
		},
		{
			"not lost after February, as cron4j does", "0 0 1,31 * *", "2024-02-01 00:00:00",
			[]string{"2024-03-01 00:00", "2024-03-31 00:00"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			after, err := time.Parse(time.DateTime, test.after)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for range test.want {
				after, _ = pattern(t, test.pattern).Next(after, time.UTC)
				got = append(got, after.Format("2006-01-02 15:04"))
			}
			expect(t, test.pattern, test.want, got)
		})
	}
}

func TestPatternThatNoDateMatchesHasNoNext(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"0 0 30 2 *", "* * 31 2,4,6,9,11 *", "0 0 31 4 mon|0 0 30 feb *"} {
		if next, ok := pattern(t, text).Next(time.Unix(0, 0), time.UTC); ok {
			t.Errorf("%s: got %s, want none", text, next)
		}
	}
}

func TestPatternErrorsSayWhereWhatAndWhatIsAllowed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ pattern, want string }{
		{"", `cron pattern is empty, expected 5 fields (minute hour day-of-month month day-of-week)`},
		{" | ", `cron pattern is empty, expected 5 fields (minute hour day-of-month month day-of-week)`},
		{"0 0 * *", `cron pattern "0 0 * *": expected 5 fields (minute hour day-of-month month day-of-week), found 4`},
		{"0 0 0 * * *", `cron pattern "0 0 0 * * *": expected 5 fields (minute hour day-of-month month day-of-week), found 6`},
		{"@daily", `cron pattern "@daily": expected 5 fields (minute hour day-of-month month day-of-week), found 1`},
		{"60 * * * *", `cron pattern "60 * * * *": minute field "60": found "60", expected * or 0-59`},
		{"0 24 * * *", `cron pattern "0 24 * * *": hour field "24": found "24", expected * or 0-23`},
		{"0 0 0 * *", `cron pattern "0 0 0 * *": day-of-month field "0": found "0", expected *, 1-31 or L`},
		{"0 0 32 * *", `cron pattern "0 0 32 * *": day-of-month field "32": found "32", expected *, 1-31 or L`},
		{"0 0 * 13 *", `cron pattern "0 0 * 13 *": month field "13": found "13", expected *, 1-12 or jan-dec`},
		{"0 0 * january *", `cron pattern "0 0 * january *": month field "january": found "january", expected *, 1-12 or jan-dec`},
		{"0 0 * * 8", `cron pattern "0 0 * * 8": day-of-week field "8": found "8", expected *, 0-7 or sun-sat`},
		{"0 0 * * mon#1", `cron pattern "0 0 * * mon#1": day-of-week field "mon#1": found "mon#1", expected *, 0-7 or sun-sat`},
		{"0 0 15W * ?", `cron pattern "0 0 15W * ?": day-of-month field "15W": found "15W", expected *, 1-31 or L`},
		{"0 0 * * L", `cron pattern "0 0 * * L": day-of-week field "L": found "L", expected *, 0-7 or sun-sat`},
		{"32-40,L * * * *", `cron pattern "32-40,L * * * *": minute field "32-40,L": found "L", expected * or 0-59`},
		{"0 0 L-3 * *", `cron pattern "0 0 L-3 * *": day-of-month field "L-3": found "L-3", but L can only end a range`},
		{", * * * *", `cron pattern ", * * * *": minute field ",": found no value, expected * or 0-59`},
		{"/5 * * * *", `cron pattern "/5 * * * *": minute field "/5": found "", expected * or 0-59`},
		{"*/ * * * *", `cron pattern "*/ * * * *": minute field "*/": found step "", expected a number from 1`},
		{"*/0 * * * *", `cron pattern "*/0 * * * *": minute field "*/0": found step "0", expected a number from 1`},
		{"*/5/2 * * * *", `cron pattern "*/5/2 * * * *": minute field "*/5/2": found step "5/2", expected a number from 1`},
		{"-5 * * * *", `cron pattern "-5 * * * *": minute field "-5": found "-5", but a range needs both ends`},
		{"5- * * * *", `cron pattern "5- * * * *": minute field "5-": found "5-", but a range needs both ends`},
		{"1-2-3 * * * *", `cron pattern "1-2-3 * * * *": minute field "1-2-3": found "2-3", expected * or 0-59`},
		{"0 0 * * *|0 x * * *", `cron pattern "0 0 * * *|0 x * * *": hour field "x": found "x", expected * or 0-23`},
		{"99999999999999999999 * * * *", `cron pattern "99999999999999999999 * * * *": minute field "99999999999999999999": found "99999999999999999999", expected * or 0-59`},
		{strings.Repeat("0 0 * * *|", 1000), `cron pattern is 10000 bytes long, the longest allowed has 4096`},
	} {
		_, err := cron.ParsePattern(test.pattern)
		expect(t, test.pattern, test.want, fmt.Sprint(err))
	}
}

func TestPatternErrorsShortenLongText(t *testing.T) {
	t.Parallel()
	_, err := cron.ParsePattern(strings.Repeat("é", 2000) + " * * * *")
	if err == nil || len(err.Error()) > 1000 {
		t.Errorf("got %v", err)
	}
}

func TestPatternIsShownAsItWasWritten(t *testing.T) {
	t.Parallel()
	expect(t, "text", "0 0 L * *", pattern(t, "0 0 L * *").String())
}
