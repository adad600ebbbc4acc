package calendar

import (
	"strings"

	"github.com/heitan/heitan/expr/moment/jsdate"
)

// isoText is an ISO 8601 text taken apart.
type isoText struct {
	date, separator, clock string
	hasOffset              bool
}

// parseISO reads ISO 8601 in its extended or basic form. As in the original the
// shape of the text decides on a format, and that is what the text is parsed
// with, so that a strict moment does not accept spaces around it, and years with
// a sign are read in the forms for which that was foreseen only.
func (d *draft) parseISO(text string, budget *int) error {
	iso, ok := splitISO(text)
	if !ok {
		d.rejected = true
		return nil
	}
	d.flags.ISO = true
	format, ok := iso.format()
	if !ok {
		d.rejected = true
		return nil
	}
	return d.parseFormat(text, format, budget)
}

func (iso isoText) format() (format string, ok bool) {
	format, allowsClock := isoDateFormat(iso.date)
	if format == "" || iso.clock != "" && !allowsClock {
		return "", false
	}
	if iso.clock != "" {
		format += iso.separator + isoClockFormat(iso.clock)
	}
	if iso.hasOffset {
		format += "Z"
	}
	return format, true
}

// splitISO takes a text apart that has one of the shapes
//
//	YYYY-MM-DD, YYYY-Www, YYYY-Www-D, YYYY-DDD or YYYY-MM
//	YYYYMMDD, YYYYWww, YYYYWwwD, YYYYDDD or YYYYMM
//
// with or without a time after T or a space, which may have an offset. The year
// has six digits if it has a sign.
func splitISO(text string) (iso isoText, ok bool) {
	text = strings.TrimLeftFunc(text, jsdate.IsSpace)
	year := isoYearLength(text)
	end := strings.IndexAny(text, "T ")
	if end < 0 {
		end = len(text)
	}
	if year == 0 || end < year {
		return isoText{}, false
	}
	extended := false
	switch shapeOf(text[year:end]) {
	case "-00-00", "-W00-0", "-W00", "-000", "-00":
		extended = true
	case "0000", "W000", "W00", "000", "00":
	default:
		return isoText{}, false
	}
	iso.date = text[:end]
	if end == len(text) {
		return iso, true
	}
	iso.separator = text[end : end+1]
	rest := text[end+1:]
	n := isoClockLength(rest, extended)
	if n == 0 {
		return isoText{}, false
	}
	iso.clock = rest[:n]
	rest = rest[n:]
	iso.hasOffset = rest != ""
	return iso, rest == "" || isISOOffset(rest)
}

// isoYearLength is the length of YYYY, +YYYYYY or -YYYYYY, or 0.
func isoYearLength(text string) int {
	switch {
	case digitsAt(text, 0, 4):
		return 4
	case text != "" && (text[0] == '+' || text[0] == '-') && digitsAt(text, 1, 6):
		return 7
	}
	return 0
}

// shapeOf replaces digits by 0. Texts that are too long for a date have no shape.
func shapeOf(text string) string {
	if len(text) > len("-00-00") {
		return ""
	}
	shape := []byte(text)
	for i, c := range shape {
		if isDigit(c) {
			shape[i] = '0'
		}
	}
	return string(shape)
}

// isoClockLength is the length of a time hh, hh:mm or hh:mm:ss with a fraction,
// the basic form without colons, or 0.
func isoClockLength(text string, extended bool) int {
	if !digitsAt(text, 0, 2) {
		return 0
	}
	n := 2
	for range 2 {
		next := n
		if extended {
			if next >= len(text) || text[next] != ':' {
				return n
			}
			next++
		}
		if !digitsAt(text, next, 2) {
			return n
		}
		n = next + 2
	}
	if n < len(text) && (text[n] == '.' || text[n] == ',') {
		if fraction := digitRun(text[n+1:], len(text)); fraction > 0 {
			n += 1 + fraction
		}
	}
	return n
}

func isISOOffset(text string) bool {
	if text[0] == '+' || text[0] == '-' {
		return matchOffset(text, true) == len(text)
	}
	return strings.TrimLeftFunc(text, jsdate.IsSpace) == "Z"
}

func isoDateFormat(date string) (format string, allowsClock bool) {
	year := isoYearLength(date)
	signed := year > 4
	switch shapeOf(date[year:]) {
	case "-00-00":
		if signed {
			return "YYYYYY-MM-DD", true
		}
		return "YYYY-MM-DD", true
	case "-W00-0":
		return "GGGG-[W]WW-E", true
	case "-W00":
		return "GGGG-[W]WW", false
	case "-000":
		return "YYYY-DDD", true
	case "-00":
		return "YYYY-MM", false
	case "0000":
		if signed {
			return "YYYYYYMMDD", true
		}
		return "YYYYMMDD", true
	case "W000":
		return "GGGG[W]WWE", true
	case "W00":
		return "GGGG[W]WW", false
	}
	// What is left are digits only, two or three after the year. With the digits
	// of a signed year that is taken for a date.
	if signed {
		return "YYYYMMDD", true
	}
	if len(date) == len("YYYYDDD") {
		return "YYYYDDD", true
	}
	return "", false
}

func isoClockFormat(clock string) string {
	extended := strings.Contains(clock, ":")
	whole, _, _ := strings.Cut(strings.Replace(clock, ",", ".", 1), ".")
	format := "HHmmss"[:min(len(whole), 6)]
	if extended {
		format = "HH:mm:ss"[:len(whole)]
	}
	if len(whole) < len(clock) {
		return format + clock[len(whole):len(whole)+1] + "SSSS"
	}
	return format
}
