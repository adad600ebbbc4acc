package jsdate

import (
	"strings"
	"testing"
	"time"
)

func TestTextsAreReadLeniently(t *testing.T) {
	t.Parallel()
	const feb3 = 1517616000000 // 2018-02-03T00:00:00Z
	tokyo := NewZone(time.FixedZone("JST", 9*3600))
	for text, want := range map[string]Time{
		"2018-02-03":                        feb3,
		"2018-02-03T00:00":                  feb3 - 9*msPerHour,
		"2018-02-03T00:00Z":                 feb3,
		"2018-02-03T24:00Z":                 feb3 + msPerDay,
		"2018-02-03 00:00":                  feb3 - 9*msPerHour,
		"2018/2/3":                          feb3 - 9*msPerHour,
		"Feb 3, 2018":                       feb3 - 9*msPerHour,
		"3 February 2018 1 pm":              Invalid(),
		"3 February 2018 1:00 pm":           feb3 + 4*msPerHour,
		"Sat Feb 03 2018 00:00:00 GMT+0100": feb3 - msPerHour,
		"Sat, 03 Feb 2018 00:00:00 EST":     feb3 + 5*msPerHour,
		"+002018-02-03":                     feb3,
		"-000000":                           Invalid(),
		"2018-02-03T25:00":                  Invalid(),
		"2018-13-03":                        Invalid(),
		"tomorrow":                          Invalid(),
		"":                                  Invalid(),
		"275760-09-13":                      8.64e15 - 9*msPerHour,
		"Sep 13 275760 10:00":               Invalid(),
	} {
		if got := Parse(text, tokyo); got != want && (got.Valid() || want.Valid()) {
			t.Errorf("Parse(%q) = %v, want %v", text, float64(got), float64(want))
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"2018-02-03T04:05:06.789+09:00", "Feb 3, 2018 4:05 pm EST (x", "1 2 3 4", "-000000", "\u00a010::30"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		zone := UTC()
		at := Parse(text, zone)
		if at.Valid() && Clip(float64(at)) != at {
			t.Errorf("Parse(%q) = %v is no time of a Date", text, float64(at))
		}
		if at.Valid() && Parse(at.ISOString(), zone) != at {
			t.Errorf("%q is %s, which is another time", text, at.ISOString())
		}
	})
}

func TestParsingTakesLinearTime(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{"x", "(", "1", "1 ", "+", ":", "Jan ", "(x)", "T"} {
		if at := Parse(strings.Repeat(piece, 1<<20), UTC()); at.Valid() && piece != "Jan " {
			t.Errorf("a long text of %q is a date", piece)
		}
	}
}
