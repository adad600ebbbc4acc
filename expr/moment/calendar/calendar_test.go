package calendar

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heitan/heitan/expr/moment/jsdate"
)

// newLibrary is a library whose present is 2018-02-14T15:25:50.125Z.
func newLibrary(t testing.TB, zone string) *Library {
	t.Helper()
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	l := New(func() jsdate.Time { return 1518621950125 })
	l.SetZone(location)
	return l
}

func parsed(t testing.TB, l *Library, text string) *Moment {
	t.Helper()
	m, err := l.FromText(Request{Origin: Origin{Text: text, IsText: true}}, text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func formatted(t testing.TB, m *Moment, format string) string {
	t.Helper()
	text, err := m.Format(format)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestDaysKeepTheWallTimeAndHoursDoNot(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, "America/Los_Angeles")
	for _, c := range []struct {
		amount Amount
		want   string
	}{
		{Amount{Unit: Day, Value: 1}, "2018-03-11T12:00:00-07:00"},
		{Amount{Unit: Hour, Value: 24}, "2018-03-11T13:00:00-07:00"},
		{Amount{Unit: Month, Value: 1}, "2018-04-10T12:00:00-07:00"},
		{Amount{Unit: Week, Value: -1}, "2018-03-03T12:00:00-08:00"},
	} {
		m := parsed(t, l, "2018-03-10T12:00")
		m.Add(l.NewDuration(c.amount))
		if got := formatted(t, m, ""); got != c.want {
			t.Errorf("%v %s: got %s, want %s", c.amount.Value, c.amount.Unit, got, c.want)
		}
	}
}

func TestMonthsEndOnTheirLastDay(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, "UTC")
	rapid.Check(t, func(r *rapid.T) {
		day := rapid.IntRange(29, 31).Draw(r, "day")
		months := rapid.IntRange(-500, 500).Draw(r, "months")
		m := l.FromParts(Request{}, [7]Part{given(2018), given(0), given(float64(day))})
		m.Add(l.NewDuration(Amount{Unit: Month, Value: float64(months)}))
		if want := math.Min(float64(day), m.DaysInMonth()); m.Get(Date) != want {
			r.Fatalf("%d January and %d months is %s", day, months, formatted(t, m, ""))
		}
		if got := math.Mod(m.Get(Year)*12+m.Get(Month), 12); got != modulo(float64(months), 12) {
			r.Fatalf("%d months after January is month %v", months, got)
		}
	})
}

func TestWhatWasFormattedIsParsedAgain(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, "Australia/Lord_Howe")
	rapid.Check(t, func(r *rapid.T) {
		// Before 1900 offsets were no quarters of an hour, which is what they are rounded to.
		at := jsdate.Time(rapid.Int64Range(-2.2e12, 2.5e14).Draw(r, "time"))
		m := l.At(Request{}, at)
		if rapid.Bool().Draw(r, "utc") {
			m.ToUTC(false)
		}
		format := rapid.SampledFrom([]string{
			"YYYY-MM-DDTHH:mm:ss.SSSZ", "x", "dddd, D MMMM YYYY hh:mm:ss.SSS A ZZ",
			"GGGG-[W]WW-E HH mm ss SSS Z", "YYYY DDDD Hmmss SSS Z",
		}).Draw(r, "format")
		text := formatted(t, m, format)
		again, err := l.FromFormat(Request{}, text, Format{Text: format})
		if err != nil || again.Time() != at {
			r.Fatalf("%s by %s is %s, %v", text, format, formatted(t, again, ""), err)
		}
	})
}

func TestDurationsAreReadAgain(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, "UTC")
	rapid.Check(t, func(r *rapid.T) {
		number := func(name string) float64 { return float64(rapid.IntRange(-1000, 1000).Draw(r, name)) }
		d := l.NewDuration(Amount{Unit: Month, Value: number("months")}, Amount{Unit: Day, Value: number("days")},
			Amount{Unit: Millisecond, Value: number("ms") * 1234})
		text := d.ISOString()
		amounts, ok := ParseDuration(text)
		if !ok {
			r.Fatalf("%s is no duration", text)
		}
		again := l.NewDuration(amounts...)
		months, days, ms := d.Raw()
		if m, dd, s := again.Raw(); text != "P0D" && (m != months || dd != days || math.Abs(s-ms) > 1e-6) {
			r.Fatalf("%s is %v months, %v days, %v ms; it was made of %v, %v, %v", text, m, dd, s, months, days, ms)
		}
	})
}

func TestDiffIsTheOppositeOfAdd(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, "America/Los_Angeles")
	rapid.Check(t, func(r *rapid.T) {
		m := l.At(Request{}, jsdate.Time(rapid.Int64Range(0, 4e12).Draw(r, "time")))
		u := rapid.SampledFrom([]Unit{Week, Hour, Minute, Second, Millisecond}).Draw(r, "unit")
		n := rapid.IntRange(-2000, 2000).Draw(r, "count")
		later := m.Clone()
		later.Add(l.NewDuration(Amount{Unit: u, Value: float64(n)}))
		if u == Week && later.Get(Hour) != m.Get(Hour) {
			r.Skip("the clock was changed at that time of day")
		}
		if got := later.WholeDiff(m, u); got != float64(n) {
			r.Fatalf("%s and %d %s is %s, %v later", formatted(t, m, ""), n, u, formatted(t, later, ""), got)
		}
	})
}

func TestStartAndEndSurround(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, "America/Sao_Paulo")
	units := []Unit{Year, Quarter, Month, Week, ISOWeek, Day, Hour, Minute, Second}
	rapid.Check(t, func(r *rapid.T) {
		// Later on the clock in Sao Paulo is not set back at midnight any more.
		m := l.At(Request{}, jsdate.Time(rapid.Int64Range(1.6e12, 4e12).Draw(r, "time")))
		u := rapid.SampledFrom(units).Draw(r, "unit")
		start, end := m.Clone(), m.Clone()
		start.StartOf(u)
		end.EndOf(u)
		if start.Millis() > m.Millis() || m.Millis() > end.Millis() || !m.IsSame(start, u) || !m.IsSame(end, u) {
			r.Fatalf("%s of %s: %s to %s", u, formatted(t, m, ""), formatted(t, start, ""), formatted(t, end, "YYYY-MM-DDTHH:mm:ss.SSS"))
		}
		end.addMillis(1)
		if next := end.Clone(); next.Millis() <= m.Millis() {
			r.Fatalf("%s of %s has ended before it", u, formatted(t, m, ""))
		} else if next.StartOf(u); next.Millis() != end.Millis() {
			r.Fatalf("%s of %s does not end where the next begins", u, formatted(t, m, ""))
		}
		start.addMillis(-1)
		if m.IsSame(start, u) {
			r.Fatalf("%s of %s begins before %s", u, formatted(t, m, ""), formatted(t, start, ""))
		}
	})
}

func TestFormatsThatAreTooLongAreRefused(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, "UTC")
	m := parsed(t, l, "2018-02-14")
	if _, err := m.Format(strings.Repeat("x", maxFormat+1)); !errors.Is(err, ErrTooLong) {
		t.Errorf("Format: %v", err)
	}
	if _, err := l.FromFormat(Request{}, strings.Repeat("x", 1<<16), Format{Text: strings.Repeat("D ", 1<<10)}); !errors.Is(err, ErrTooLong) {
		t.Errorf("FromFormat: %v", err)
	}
}

func TestTheLibraryDoesNotKeepAllFormats(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, "UTC")
	m := parsed(t, l, "2018-02-14")
	for i := range 10 * maxCached {
		formatted(t, m, strings.Repeat("x", i+1))
	}
	if len(l.tokens) > maxCached {
		t.Errorf("%d formats are kept", len(l.tokens))
	}
}
