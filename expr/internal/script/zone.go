package script

import (
	"fmt"
	"strings"
	"time"
)

// parseZone is the time zone of a name that java.time.ZoneId takes: one of the
// tz database, Z, or an offset (+9, +09:30, -0730) that may follow UTC, GMT or
// UT. The empty name is UTC.
func parseZone(name string) (*time.Location, error) {
	if name == "" || name == "Z" {
		return time.UTC, nil
	}
	offset := name
	for _, prefix := range []string{"UTC", "GMT", "UT"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok && rest != "" {
			offset = rest
			break
		}
	}
	if seconds, ok := parseOffset(offset); ok {
		return time.FixedZone(name, seconds), nil
	}
	if name == "Local" {
		return nil, fmt.Errorf("unknown time zone %s", name)
	}
	return time.LoadLocation(name)
}

// parseOffset reads ±h, ±hh, ±hhmm, ±hh:mm, ±hhmmss or ±hh:mm:ss.
func parseOffset(text string) (seconds int, ok bool) {
	if len(text) < 2 || text[0] != '+' && text[0] != '-' {
		return 0, false
	}
	digits := text[1:]
	if strings.Contains(digits, ":") {
		parts := strings.Split(digits, ":")
		for _, part := range parts {
			if len(part) != 2 {
				return 0, false
			}
		}
		digits = strings.Join(parts, "")
	}
	if len(digits) == 1 {
		digits = "0" + digits
	}
	if len(digits)%2 != 0 || len(digits) > 6 {
		return 0, false
	}
	scale := 3600
	for ; digits != ""; digits = digits[2:] {
		tens, ones := digits[0]-'0', digits[1]-'0'
		if tens > 9 || ones > 9 {
			return 0, false
		}
		n := int(tens)*10 + int(ones)
		if scale < 3600 && n > 59 {
			return 0, false
		}
		seconds += n * scale
		scale /= 60
	}
	if seconds > 18*3600 { // the limit of java.time.ZoneOffset
		return 0, false
	}
	if text[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}
