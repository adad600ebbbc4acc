package moment

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/heitan/heitan/expr/moment/jsdate"
)

// TestDatesFromTextAreThoseOfV8 compares the lenient reading of dates.
func TestDatesFromTextAreThoseOfV8(t *testing.T) {
	t.Parallel()
	node := needNode(t)
	questions := append(datesInText(), randomDatesInText(6000)...)
	for _, zone := range zones() {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			local := jsdate.NewZone(location(t, zone))
			answers := askNode(t, node, zone, `var answer = q => String(new Date(q).getTime());`, questions)
			for i, q := range questions {
				if got := number(float64(jsdate.Parse(q, local))); got != answers[i] {
					t.Errorf("Parse(%q) = %s, V8 says %s", q, got, answers[i])
				}
			}
		})
	}
}

// TestWallTimesAreThoseOfV8 compares construction, setters and getters around
// changes of the clock and far from the present.
func TestWallTimesAreThoseOfV8(t *testing.T) {
	t.Parallel()
	node := needNode(t)
	questions := randomWallTimes(4000)
	for _, zone := range zones() {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			local := jsdate.NewZone(location(t, zone))
			answers := askNode(t, node, zone, `
var answer = q => {
	const [y, o, d, h, i, s, n] = q.split(',').map(Number);
	const all = [];
	const show = x => all.push(isNaN(x) ? 'NaN' : [x.getTime(), x.getFullYear(), x.getMonth(), x.getDate(), x.getHours(),
		x.getMinutes(), x.getSeconds(), x.getMilliseconds(), x.getDay(), x.getTimezoneOffset()].join());
	const x = new Date(2000, 0);
	x.setFullYear(y, o, d); show(x);
	x.setHours(h); show(x);
	x.setMinutes(i); show(x);
	x.setSeconds(s); show(x);
	x.setMilliseconds(n); show(x);
	x.setDate(d + 1); show(x);
	x.setMonth(o + 7, d); show(x);
	show(new Date(y < 100 ? y + 200 : y, o, d, h, i, s, n));
	return all.join(' ');
};`, questions)
			for i, q := range questions {
				if got := wallTimes(local, q); got != answers[i] {
					t.Errorf("%s:\n got %s\nwant %s", q, got, answers[i])
				}
			}
		})
	}
}

func wallTimes(zone *jsdate.Zone, question string) string {
	var n [7]float64
	for i, text := range strings.Split(question, ",") {
		n[i], _ = strconv.ParseFloat(text, 64)
	}
	var all []string
	show := func(x jsdate.Time) {
		if !x.Valid() {
			all = append(all, "NaN")
			return
		}
		f := x.In(zone)
		all = append(all, fmt.Sprintf("%d,%d,%d,%d,%d,%d,%d,%d,%d,%d", int64(x), f.Year, f.Month, f.Day,
			f.Hour, f.Minute, f.Second, f.Millisecond, f.Weekday, x.OffsetMinutes(zone)))
	}
	x := jsdate.New(zone, 2000, 0, 1, 0, 0, 0, 0).SetYear(zone, n[0], n[1], n[2])
	show(x)
	x = x.SetHours(zone, n[3])
	show(x)
	x = x.SetMinutes(zone, n[4])
	show(x)
	x = x.SetSeconds(zone, n[5])
	show(x)
	x = x.SetMilliseconds(zone, n[6])
	show(x)
	x = x.SetDay(zone, n[2]+1)
	show(x)
	x = x.SetMonth(zone, n[1]+7, n[2])
	show(x)
	year := n[0]
	if year < 100 {
		year += 200
	}
	show(jsdate.New(zone, year, n[1], n[2], n[3], n[4], n[5], n[6]))
	return strings.Join(all, " ")
}

func number(f float64) string {
	if math.IsNaN(f) {
		return "NaN"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func randomWallTimes(count int) []string {
	random := rand.New(rand.NewPCG(1, 2))
	days := [][3]int{
		{2018, 2, 11},
		{2018, 10, 4},
		{2018, 9, 28},
		{2018, 2, 25},
		{2018, 9, 7},
		{2018, 3, 1},
		{2019, 1, 16},
		{2017, 9, 15},
		{2030, 2, 10},
		{2099, 10, 1},
		{1985, 11, 31},
		{1970, 0, 1},
	}
	var all []string
	for range count {
		day := days[random.IntN(len(days))]
		switch random.IntN(6) {
		case 0:
			day = [3]int{1971 + random.IntN(130), random.IntN(30) - 10, random.IntN(60) - 20}
		case 1:
			day = [3]int{2100 + random.IntN(8000), random.IntN(12), random.IntN(31)}
		}
		clock := []int{random.IntN(4), random.IntN(60), random.IntN(60), random.IntN(1000)}
		if random.IntN(3) == 0 {
			clock = []int{random.IntN(60) - 20, random.IntN(200) - 90, random.IntN(200) - 90, random.IntN(3000) - 1000}
		}
		all = append(all, fmt.Sprintf("%d,%d,%d,%d,%d,%d,%d", day[0], day[1], day[2], clock[0], clock[1], clock[2], clock[3]))
	}
	return append(all, "275760,8,13,0,0,0,0", "275760,8,12,23,59,59,1000", "275760,8,14,0,0,0,0",
		"-271821,3,20,0,0,0,0", "-271821,3,19,23,0,0,0", "1e7,0,1,0,0,0,0", "2018,1e8,1,0,0,0,0",
		"2018,0,1e9,0,0,0,0", "2018,0,NaN,0,0,0,0", "2018.9,1.9,3.9,4.9,-5.9,6.9,7.9", "Infinity,0,1,0,0,0,0",
		"2018,0,1,1e20,0,0,0", "-1,0,1,0,0,0,0", "0,1,29,0,0,0,0", "99,1,29,0,0,0,0")
}

func datesInText() []string {
	return []string{
		"", "2018", "2018-02", "2018-02-03", "2018-02-03T04:05", "2018-02-03T04:05:06", "2018-02-03T04:05:06.7",
		"2018-02-03T04:05:06.7899", "2018-02-03T04:05Z", "2018-02-03T04:05+09:00", "2018-02-03T04:05+0900",
		"2018-02-03T24:00", "2018-02-03T24:01", "2018-02-03T4:05", "2018-02-03 04:05", "2018-02-03 04:05:06 +0900",
		"+002018-02-03", "-000001-02-03", "-000000", "-000000-01-01", "+002018", "-2018", "+2018", "12018-01-01",
		"2018-2-3", "2018/02/03", "02/03/2018", "2/3/18", "2/3", "13/2/2018", "3 Feb 2018", "Feb 3 2018", "Feb 2018",
		"February 3, 2018", "Feb", "Sat, 03 Feb 2018 04:05:06 GMT", "Sat Feb 03 2018 04:05:06 GMT+0900 (JST)",
		"Sat Feb 03 2018 04:05:06 EST", "3 Feb 2018 4pm", "3 Feb 2018 4:00 pm", "3 Feb 2018 12:00 am", "3 Feb 2018 13:00 pm",
		"3 Feb 2018 4:05:06.789", "3 Feb 2018 4:05:06:789", "3 Feb 2018 10::30", "(comment) 3 Feb (x(y)) 2018", "3 Feb 2018 (open",
		"3 Feb 2018)", "foo 3 Feb 2018", "foo3 Feb 2018", "3 foo 2018", "tomorrow", "2018-02-03x", "x2018-02-03", "5", "32", "99", "2018 5",
		"1 2 3 4", "2018-02-30", "2018-02-32", "20180203", "2018-02-03T", "2018-02-03Z", "2018-02-03+09:00", "T10:00", "10:00",
		"2018 10:00", "3 Feb 2018 10:00 +9", "3 Feb 2018 10:00 +12345", "3 Feb 2018 10:00 GMT+9:30", "3 Feb 2018 10:00 utc-8",
		"3 Feb 49", "3 Feb 50", "3 Feb 100", "Jan-05-2018", "5-Jan-2018", "Januaryish 5 2018", "Jan. 5, 2018", "1/1/1970 00:00:00 Z",
		"3 Feb 2018 10:00:00\u00a0UTC", "3\u3000Feb\u30002018", "\ufeff2018-01-01", "2018-01-01 ", " 2018-01-01", "２０１８", "日本 2018",
		"2018-03-11T02:30", "2018-11-04T01:30", "2018-11-04 00:00", "Nov 4 2018 00:30", "2018-02-18 00:00:00", "2019-10-27 01:30",
		"12/25/1995 12:00 AM", "Thu, 01 Jan 1970 00:00:00 GMT+02:00", "Mon, 25 Dec 95 13:30:00 +0430", "275760-09-13", "Sep 13 275760", "Sep 14 275760",
	}
}

func randomDatesInText(count int) []string {
	random := rand.New(rand.NewPCG(3, 4))
	pieces := []string{
		"2018", "18", "2", "03", "31", "32", "000007", "1234567890", "2018-02-03", "Jan", "February", "dec", "am", "PM", "Z", "UTC", "GMT", "EST", "pdt",
		"T", "Mon", "foo", "10:20", "10:20:30", "10:20:30.4", "24:00", ":", ".", "-", "+", "+09:00", "-0830", "/", ",", " ", "  ", "(", ")", "(x)", "\t", "é",
	}
	all := make([]string, count)
	for i := range all {
		var b strings.Builder
		for range 1 + random.IntN(8) {
			b.WriteString(pieces[random.IntN(len(pieces))])
			if random.IntN(2) == 0 {
				b.WriteByte(' ')
			}
		}
		all[i] = b.String()
	}
	return all
}
