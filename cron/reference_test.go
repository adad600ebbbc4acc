package cron_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heitan/heitan/cron"
)

// reference is a pattern as plain lists of values. It is searched minute by
// minute, with the rules for clock changes written out once more.
type reference []struct{ minutes, hours, days, months, weekdays []int }

// matches reports whether clocks that show w match. w is in UTC only because a
// time.Time needs some zone.
func (r reference) matches(i int, w time.Time) bool {
	a := r[i]
	isLast := w.AddDate(0, 0, 1).Day() == 1
	return slices.Contains(a.minutes, w.Minute()) &&
		slices.Contains(a.hours, w.Hour()) &&
		(slices.Contains(a.days, w.Day()) || isLast && slices.Contains(a.days, 32)) &&
		slices.Contains(a.months, int(w.Month())) &&
		slices.Contains(a.weekdays, int(w.Weekday()))
}

// next is the time after the given one, unless it is more than some days away.
func (r reference) next(after time.Time, z *time.Location, days int) (time.Time, bool) {
	soon := after.Truncate(time.Minute).Add(time.Minute)
	for i := range r {
		if r.matches(i, shown(soon, z)) {
			return soon, true
		}
	}
	var best time.Time
	for i := range r {
		w := shown(soon, z)
		for range days * 24 * 60 {
			if w = w.Add(time.Minute); r.matches(i, w) {
				if t := whenShown(w, z); best.IsZero() || t.Before(best) {
					best = t
				}
				break
			}
		}
	}
	return best, !best.IsZero()
}

// shown is what clocks show, as a time in UTC.
func shown(t time.Time, z *time.Location) time.Time {
	l := t.In(z)
	return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), 0, 0, time.UTC)
}

// whenShown is the last minute in which clocks show w. If they never do, it is as
// long after the minute before the change as w is after what clocks showed then.
func whenShown(w time.Time, z *time.Location) time.Time {
	const around = 26 * time.Hour
	for t := w.Add(around); t.After(w.Add(-around)); t = t.Add(-time.Minute) {
		switch s := shown(t, z); {
		case s.Equal(w):
			return t
		case s.Before(w) && shown(t.Add(time.Minute), z).After(w):
			return t.Add(w.Sub(s))
		}
	}
	panic("no minute shows " + w.String())
}

// drawField draws a field with the values that it means.
func drawField(t *rapid.T, name string, minimum, maximum int, names string) (text string, values []int) {
	if rapid.IntRange(0, 2).Draw(t, name+" is any") == 0 {
		return "*", span(minimum, maximum, 1)
	}
	value := rapid.Custom(func(t *rapid.T) string {
		v := rapid.IntRange(minimum, maximum).Draw(t, name)
		if words := strings.Fields(names); v-minimum < len(words) && rapid.Bool().Draw(t, "by name") {
			return rapid.SampledFrom([]string{words[v-minimum], strings.ToUpper(words[v-minimum])}).Draw(t, "case")
		}
		return fmt.Sprint(v)
	})
	number := func(text string) int {
		if i := slices.Index(strings.Fields(names), strings.ToLower(text)); i >= 0 {
			return minimum + i
		}
		var n int
		_, _ = fmt.Sscan(text, &n)
		if maximum == 7 {
			n %= 7
		}
		return n
	}
	var elements []string
	for range rapid.IntRange(1, 3).Draw(t, "elements") {
		step, element := 1, ""
		if rapid.Bool().Draw(t, "stepped") {
			step = rapid.IntRange(1, maximum+2).Draw(t, "step")
		}
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			element, values = "*", append(values, span(minimum, maximum, step)...)
		case 1:
			element = value.Draw(t, "value")
			values = append(values, number(element))
		default:
			from, to := value.Draw(t, "from"), value.Draw(t, "to")
			element = from + "-" + to
			if number(from) <= number(to) {
				values = append(values, span(number(from), number(to), step)...)
				break
			}
			way := append(span(number(from), maximum, 1), span(minimum, number(to), 1)...)
			for i := 0; i < len(way); i += step {
				values = append(values, way[i])
			}
		}
		if step > 1 {
			element += fmt.Sprintf("/%d", step)
		}
		elements = append(elements, element)
	}
	if maximum == 31 && rapid.Bool().Draw(t, "last day") {
		elements, values = append(elements, "L"), append(values, 32)
	}
	return strings.Join(elements, ","), values
}

func span(from, to, step int) (values []int) {
	for v := from; v <= to; v += step {
		values = append(values, v)
	}
	return values
}

func drawPattern(t *rapid.T) (string, reference) {
	var texts []string
	r := make(reference, rapid.IntRange(1, 2).Draw(t, "alternatives"))
	for i := range r {
		var fields [5]string
		fields[0], r[i].minutes = drawField(t, "minute", 0, 59, "")
		fields[1], r[i].hours = drawField(t, "hour", 0, 23, "")
		fields[2], r[i].days = drawField(t, "day", 1, 31, "")
		fields[3], r[i].months = drawField(t, "month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec")
		fields[4], r[i].weekdays = drawField(t, "weekday", 0, 7, "sun mon tue wed thu fri sat")
		texts = append(texts, strings.Join(fields[:], " "))
	}
	return strings.Join(texts, "|"), r
}

// drawTime draws a zone and a time, often near a change of its clocks.
func drawTime(t *rapid.T) (time.Time, *time.Location) {
	z, err := time.LoadLocation(rapid.SampledFrom([]string{
		"UTC", "Asia/Tokyo", "America/Los_Angeles", "America/Sao_Paulo", "Europe/London", "Australia/Lord_Howe",
		"America/Nuuk", "America/Havana", "Africa/Cairo", "Europe/Moscow", "America/St_Johns", "Pacific/Apia",
	}).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	seconds := rapid.Int64Range(0, int64(24*time.Hour/time.Second)*365*60) // 1985 to 2045
	at := time.Date(1985, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(seconds.Draw(t, "time")) * time.Second)
	if _, change := at.In(z).ZoneBounds(); !change.IsZero() && rapid.IntRange(0, 3).Draw(t, "near a change") > 0 {
		at = change.Add(time.Duration(rapid.IntRange(-30*60*60, 3*60*60).Draw(t, "from it")) * time.Second)
	}
	return at, z
}

func TestNextIsTheFirstMatchOfASearchByMinutes(t *testing.T) {
	t.Parallel()
	const days = 100
	rapid.Check(t, func(t *rapid.T) {
		text, ref := drawPattern(t)
		after, z := drawTime(t)
		p, err := cron.ParsePattern(text)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			want, found := ref.next(after, z, days)
			got, ok := p.Next(after, z)
			if found && (!ok || !got.Equal(want)) || !found && ok && got.Before(after.AddDate(0, 0, days-3)) {
				t.Fatalf("%s after %s: got %s (%t), want %s (%t)", text, after.In(z), got, ok, want.In(z), found)
			}
			if !found {
				return
			}
			after = got
		}
	})
}

func TestNextIsAlwaysLater(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text, _ := drawPattern(t)
		after, z := drawTime(t)
		p, err := cron.ParsePattern(text)
		if err != nil {
			t.Fatal(err)
		}
		for range 100 {
			next, ok := p.Next(after, z)
			if !ok {
				return
			}
			if !next.After(after) || next.Second() != 0 || next.Nanosecond() != 0 {
				t.Fatalf("%s: after %s comes %s", text, after.In(z), next)
			}
			after = next
		}
	})
}
