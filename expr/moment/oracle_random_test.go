package moment

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestResultsOfRandomExpressionsAreThoseOfTheOriginal(t *testing.T) {
	t.Parallel()
	g := generator{Rand: rand.New(rand.NewPCG(2018, 21))}
	questions := make([]string, 3000)
	for i := range questions {
		questions[i] = g.expression()
	}
	compare(t, false, questions)
}

// generator makes expressions that look like those in workflows, and stranger
// ones: with dates long ago and far away, unless it is told to stay in the present.
type generator struct {
	*rand.Rand
	nearby bool
}

func pick[T any](g generator, choices ...T) T { return choices[g.IntN(len(choices))] }

func (g generator) expression() string {
	switch g.IntN(12) {
	case 0:
		return g.duration() + pick(g, "", g.durationGetter(), g.durationGetter())
	case 1, 2:
		return g.moment() + fmt.Sprintf(".diff(%s, %s, %s)", g.moment(), g.unit(), pick(g, "true", "false"))
	case 3:
		return g.moment() + "." + pick(g, "isBefore", "isAfter", "isSame", "isSameOrBefore", "isSameOrAfter") +
			fmt.Sprintf("(%s, %s)", g.moment(), pick(g, "undefined", g.unit()))
	case 4:
		return g.moment() + "." + pick(g, "from", "to", "calendar") + fmt.Sprintf("(%s)", g.moment())
	case 5:
		return g.parse()
	case 6, 7:
		return g.moment() + fmt.Sprintf(".format(%q)", g.format())
	}
	return g.moment() + pick(g, "", "", g.getter(), ".toISOString()", ".toArray()", ".toString()", ".isDST()")
}

func (g generator) far(n, near int64) int64 {
	if g.nearby {
		return near
	}
	return n
}

func (g generator) moment() string {
	m := pick(g, "moment", "moment", "moment", "moment.utc", "moment.parseZone") + "(" + g.input() + ")"
	for range g.IntN(4) {
		m += g.step()
	}
	return m
}

func (g generator) input() string {
	if g.IntN(4) == 0 {
		return fmt.Sprint(pick(g, g.Int64N(1e12)+1e12, g.far(g.Int64N(4e12)-1e11, 1e12)))
	}
	date := pick(g, "2018-03-11", "2018-11-04", "2017-10-15", "2018-02-17", "2018-02-18", "2018-03-25", "2018-10-28",
		"2018-10-07", "2018-04-01", "2016-02-29", "2018-12-31", "2019-01-01", "2020-12-31", "2016-01-03")
	if g.IntN(2) == 0 {
		date = fmt.Sprintf("%04d-%02d-%02d", pick(g, 2018, 2000+g.IntN(100), int(g.far(1+g.Int64N(9998), 2018))), 1+g.IntN(12), 1+g.IntN(28))
	}
	switch g.IntN(4) {
	case 0:
		return fmt.Sprintf("%q", date)
	case 1:
		return fmt.Sprintf("%q", date+fmt.Sprintf("T%02d:%02d:%02d.%03d", g.IntN(24), g.IntN(60), g.IntN(60), g.IntN(1000))+
			pick(g, "", "Z", "+09:00", "-03:30", "+0545"))
	case 2:
		var year, month, day int
		_, _ = fmt.Sscanf(date, "%d-%d-%d", &year, &month, &day) // the dates above
		return fmt.Sprintf("[%d, %d, %d, %d, %d]", year, month-1, day, g.IntN(5), g.IntN(60))
	}
	return fmt.Sprintf("%q", date+" "+fmt.Sprintf("%02d:%02d", g.IntN(4), 15*g.IntN(4)))
}

func (g generator) step() string {
	switch g.IntN(10) {
	case 0, 1, 2:
		return fmt.Sprintf(".%s(%s, %s)", pick(g, "add", "subtract"), g.amount(), g.unit())
	case 3:
		return fmt.Sprintf(".%s(%s)", pick(g, "add", "subtract"), g.duration())
	case 4, 5:
		return fmt.Sprintf(".%s(%s)", pick(g, "startOf", "endOf"), g.unit())
	case 6:
		return fmt.Sprintf(".%s(%d)", pick(g, "year", "weekYear", "isoWeekYear"), pick(g, 2016, 2018, 2020, 2000+g.IntN(70)))
	case 7:
		return fmt.Sprintf(".%s(%d)", pick(g, "month", "date", "day", "hour", "minute", "second", "millisecond", "quarter",
			"week", "isoWeek", "weekday", "isoWeekday", "dayOfYear"), g.IntN(80)-20)
	case 8:
		return pick(g, ".utc()", ".local()", ".utc(true)", ".local(true)", ".parseZone()", ".clone()")
	}
	return fmt.Sprintf(".utcOffset(%s%s)", pick(g, "9", "-3.5", "345", "'+05:30'", "-720", "0", fmt.Sprint(g.IntN(2000)-1000)), pick(g, "", ", true"))
}

func (g generator) amount() string {
	return pick(g, fmt.Sprint(g.IntN(5)), fmt.Sprint(g.far(g.Int64N(80)-40, 3)), fmt.Sprint(g.far(g.Int64N(100000)-50000, 2)), fmt.Sprintf("%.2f", 10*g.Float64()-5))
}

func (g generator) unit() string {
	return "'" + pick(g, "year", "quarter", "month", "week", "isoWeek", "day", "date", "hour", "minute", "second", "millisecond",
		"y", "Q", "M", "w", "W", "d", "D", "h", "m", "s", "ms", "years", "days", "hours", "weekday", "dayOfYear") + "'"
}

func (g generator) getter() string {
	return "." + pick(g, "year", "quarter", "month", "week", "isoWeek", "weekYear", "isoWeekYear", "date", "day", "weekday",
		"isoWeekday", "dayOfYear", "hour", "daysInMonth", "weeksInYear", "isoWeeksInYear", "isLeapYear", "unix", "utcOffset", "inspect") + "()"
}

func (g generator) duration() string {
	switch g.IntN(4) {
	case 0:
		return fmt.Sprintf("moment.duration(%s, %s)", g.amount(), g.unit())
	case 1:
		return fmt.Sprintf("moment.duration({months: %s, days: %s, hours: %s})", g.amount(), g.amount(), g.amount())
	case 2:
		return fmt.Sprintf("moment.duration(%q)", pick(g, "", "-")+fmt.Sprintf("P%dY%dM%dDT%dH%d.%dS",
			g.IntN(5), g.IntN(30), g.IntN(80), g.IntN(50), g.IntN(100), g.IntN(1000)))
	}
	return fmt.Sprintf("moment.duration({from: moment(%s), to: moment.utc(%s)})", g.input(), g.input())
}

func (g generator) durationGetter() string {
	return pick(g, ".humanize()", ".humanize(true)", ".toISOString()", ".asMonths()", ".asYears()", ".asDays()", ".abs()",
		".add("+g.duration()+")", ".subtract("+g.duration()+")", ".weeks()", ".valueOf()", ".clone()")
}

func (g generator) format() string {
	var b strings.Builder
	for range 1 + g.IntN(6) {
		b.WriteString(pick(g, "YYYY", "YY", "Y", "YYYYYY", "M", "Mo", "MM", "MMM", "MMMM", "Q", "Qo", "D", "Do", "DD", "DDD", "DDDo", "DDDD",
			"d", "do", "dd", "ddd", "dddd", "e", "E", "w", "wo", "ww", "W", "Wo", "WW", "gg", "gggg", "GG", "GGGG", "A", "a", "H", "HH", "h", "hh",
			"k", "kk", "m", "mm", "s", "ss", "S", "SS", "SSS", "SSSSSS", "Z", "ZZ", "z", "X", "x", "LT", "LTS", "L", "LL", "LLL", "LLLL",
			"l", "ll", "lll", "llll", "[T]", "[at]", "\\Y", "foo", "hmm", "Hmmss"))
		b.WriteString(pick(g, "", " ", "-", ":", "/", ".", "T"))
	}
	return b.String()
}

// parse parses a text that a format made, or another one, by a format.
func (g generator) parse() string {
	format := g.format()
	text := fmt.Sprintf("%s(%s).format(%q)", pick(g, "moment", "moment.utc"), g.input(), format)
	if g.IntN(3) == 0 {
		text = fmt.Sprintf("%q", pick(g, "2018-02-14", "14.2.18", "Feb 3rd 2018, 3pm", "Wed 15:25:50.125", "20180214T152550Z", "week 7", "x", "12 12 12 12"))
	}
	formats := fmt.Sprintf("%q", pick(g, format, g.format()))
	if g.IntN(4) == 0 {
		formats = fmt.Sprintf("[%s, %q, moment.ISO_8601]", formats, g.format())
	}
	call := fmt.Sprintf("%s(%s, %s%s)", pick(g, "moment", "moment.utc", "moment.parseZone"), text, formats, pick(g, "", ", true"))
	return call + pick(g, "", "", ".parsingFlags()")
}
