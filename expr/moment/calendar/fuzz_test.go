package calendar

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzFromText(f *testing.F) {
	for _, text := range []string{
		"2018-02-14T15:25:50.125+09:00", "2018-W07-3", "+0020180214T15", "Wed, 14 Feb 2018 15:25 EST (x)", "/Date(5)/", "14 February 2018 3 pm", "\u3000x",
	} {
		f.Add(text)
	}
	l := newLibrary(f, "America/Los_Angeles")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := l.FromText(Request{Origin: Origin{Text: text, IsText: true}}, text)
		if err != nil {
			if !errors.Is(err, ErrTooLong) {
				t.Error(err)
			}
			return
		}
		m.ToParsedOffset()
		if iso, ok := m.ISOString(true); ok && parsed(t, l, iso).Time() != m.Time() {
			t.Errorf("%q is %s, which is read differently", text, iso)
		}
	})
}

func FuzzFromFormat(f *testing.F) {
	f.Add("2018-02-14 3:25 pm +05:30", "YYYY-MM-DD h:mm a Z", true)
	f.Add("week 7 of 2018, Wed", "[week] w [of] gggg, ddd", false)
	f.Add("[x] \\", "[[] \\[ \\", false)
	f.Add("1518621950.125", "X LT LLLL llll", false)
	f.Add("3rd 045 /\u0627 \u0628", "Do DDDD MMM Q e E k SSSS", true)
	l := newLibrary(f, "Australia/Lord_Howe")
	f.Fuzz(func(t *testing.T, text, format string, strict bool) {
		m, err := l.FromFormat(Request{Strict: strict}, text, Format{Text: format})
		if err == nil {
			_, err = m.Format(format)
		}
		if err != nil && !errors.Is(err, ErrTooLong) {
			t.Error(err)
		}
	})
}

// FuzzFormat checks that splitting a format loses nothing but line breaks.
func FuzzFormat(f *testing.F) {
	f.Add("[a] b] YYYY\\M LLLL [[x")
	f.Add("DDDoMMMMMSSSSSSSSSSw|W|\n\u2028")
	l := newLibrary(f, "UTC")
	f.Fuzz(func(t *testing.T, format string) {
		if !utf8.ValidString(format) {
			t.Skip("no string of JavaScript")
		}
		var b strings.Builder
		for _, token := range tokenize(format) {
			if token.source == "" {
				t.Fatalf("%q has an empty token", format)
			}
			b.WriteString(token.source)
		}
		without := func(text string) string {
			return strings.Map(func(r rune) rune {
				if isLineBreak(r) {
					return -1
				}
				return r
			}, text)
		}
		if without(b.String()) != without(format) {
			t.Errorf("%q became %q", format, b.String())
		}
		if _, err := parsed(t, l, "2018-02-14").Format(format); err != nil && !errors.Is(err, ErrTooLong) {
			t.Error(err)
		}
	})
}

func FuzzParseDuration(f *testing.F) {
	for _, text := range []string{"P1Y2M3DT4H5M6.7S", "-3 01:30:15.25", "P-1,5D", "PT", "1:"} {
		f.Add(text)
	}
	l := newLibrary(f, "UTC")
	f.Fuzz(func(_ *testing.T, text string) {
		amounts, _ := ParseDuration(text)
		d := l.NewDuration(amounts...)
		d.Humanize(true)
		d.ISOString()
	})
}
