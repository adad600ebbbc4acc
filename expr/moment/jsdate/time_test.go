package jsdate

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func losAngeles(t testing.TB) *Zone {
	t.Helper()
	l, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	return NewZone(l)
}

func TestSkippedWallTimesUseTheOffsetBeforeTheGap(t *testing.T) {
	t.Parallel()
	got := New(losAngeles(t), 2018, 2, 11, 2, 30, 0, 0)
	if want := New(UTC(), 2018, 2, 11, 10, 30, 0, 0); got != want {
		t.Errorf("got %s, want %s", got.ISOString(), want.ISOString())
	}
}

func TestRepeatedWallTimesAreTheFirst(t *testing.T) {
	t.Parallel()
	got := New(losAngeles(t), 2018, 10, 4, 1, 30, 0, 0)
	if want := New(UTC(), 2018, 10, 4, 8, 30, 0, 0); got != want {
		t.Errorf("got %s, want %s", got.ISOString(), want.ISOString())
	}
}

func TestLeapYearsInTheFarFutureEndWithTheYear(t *testing.T) {
	t.Parallel()
	zone := losAngeles(t)
	for _, year := range []float64{2040, 2044, 2048, 9996} {
		for hour := range 72 {
			at := New(zone, year, 11, 30, float64(hour), 0, 0, 0)
			if f := at.In(zone); f.Hour != hour%24 {
				t.Fatalf("%v-12-30 + %dh is %v", year, hour, f)
			}
		}
	}
}

func TestFieldsAreThoseOfGo(t *testing.T) {
	t.Parallel()
	names := []string{"UTC", "America/Los_Angeles", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"}
	rapid.Check(t, func(t *rapid.T) {
		location, err := time.LoadLocation(rapid.SampledFrom(names).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		zone := NewZone(location)
		for _, ms := range rapid.SliceOfN(rapid.Int64Range(-6e13, 25e13), 1, 5).Draw(t, "times") {
			want := time.UnixMilli(ms).In(location)
			got := Time(ms).In(zone)
			if got.Year != want.Year() || got.Month != int(want.Month())-1 || got.Day != want.Day() ||
				got.Hour != want.Hour() || got.Minute != want.Minute() || got.Second != want.Second() ||
				got.Millisecond != want.Nanosecond()/1e6 || got.Weekday != int(want.Weekday()) {
				t.Fatalf("%d: got %+v, want %s", ms, got, want)
			}
		}
	})
}

func TestWallTimesThatExistAreFoundAgain(t *testing.T) {
	t.Parallel()
	zone := losAngeles(t)
	rapid.Check(t, func(t *rapid.T) {
		at := Time(rapid.Int64Range(-2e12, 2e13).Draw(t, "time"))
		f := at.In(zone)
		again := New(zone, float64(f.Year), float64(f.Month), float64(f.Day), float64(f.Hour), float64(f.Minute), float64(f.Second), float64(f.Millisecond))
		if again.In(zone) != f {
			t.Fatalf("%s became %s", at.ISOString(), again.ISOString())
		}
		if again != at && at-again != msPerHour {
			t.Fatalf("%s became %s, which is not the first time with this wall time", at.ISOString(), again.ISOString())
		}
	})
}

func TestNumbersThatAreNoTimesAreInvalid(t *testing.T) {
	t.Parallel()
	for _, ms := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 8.64e15 + 1, -8.64e15 - 1} {
		if Clip(ms).Valid() {
			t.Errorf("%v is valid", ms)
		}
	}
	if got := Clip(-0.9); got != 0 || math.Signbit(float64(got)) {
		t.Errorf("a fraction is not cut off: %v", got)
	}
}

func TestSettersCarryOver(t *testing.T) {
	t.Parallel()
	zone := UTC()
	at := New(zone, 2018, 0, 31, 12, 30, 15, 250)
	for name, c := range map[string]struct{ got, want Time }{
		"month":        {at.SetMonth(zone, 13, 31), New(zone, 2019, 2, 3, 12, 30, 15, 250)},
		"day":          {at.SetDay(zone, 0), New(zone, 2017, 11, 31, 12, 30, 15, 250)},
		"hours":        {at.SetHours(zone, -1), New(zone, 2018, 0, 30, 23, 30, 15, 250)},
		"minutes":      {at.SetMinutes(zone, 60), New(zone, 2018, 0, 31, 13, 0, 15, 250)},
		"seconds":      {at.SetSeconds(zone, 61.9), New(zone, 2018, 0, 31, 12, 31, 1, 250)},
		"milliseconds": {at.SetMilliseconds(zone, -1), New(zone, 2018, 0, 31, 12, 30, 14, 999)},
		"year of none": {Invalid().SetYear(zone, 2018, 0, 1), New(zone, 2018, 0, 1, 0, 0, 0, 0)},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", name, c.got.ISOString(), c.want.ISOString())
		}
	}
	if Invalid().SetDay(zone, 1).Valid() || at.SetHours(zone, math.NaN()).Valid() {
		t.Error("an invalid part does not make the date invalid")
	}
}

func TestYearsBeyondFourDigitsHaveASign(t *testing.T) {
	t.Parallel()
	for want, at := range map[string]Time{
		"2018-02-03T04:05:06.007Z":    New(UTC(), 2018, 1, 3, 4, 5, 6, 7),
		"0000-01-01T00:00:00.000Z":    New(UTC(), 0, 0, 1, 0, 0, 0, 0),
		"-000001-01-01T00:00:00.000Z": New(UTC(), -1, 0, 1, 0, 0, 0, 0),
		"+010000-01-01T00:00:00.000Z": New(UTC(), 10000, 0, 1, 0, 0, 0, 0),
	} {
		if got := at.ISOString(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func BenchmarkLocalNoon(b *testing.B) {
	zone := losAngeles(b)
	at := New(zone, 2018, 1, 14, 0, 0, 0, 0)
	b.ReportAllocs()
	for b.Loop() {
		at = at.SetHours(zone, 12)
	}
}
