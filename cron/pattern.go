package cron

import (
	"fmt"
	"strings"
)

// maxPatternLength bounds the text of a pattern, in bytes, and with it the
// alternatives that a search has to look at.
const maxPatternLength = 4096

const fieldNames = "minute hour day-of-month month day-of-week"

// Pattern is a cron pattern: "minute hour day-of-month month day-of-week", or
// several of them joined by "|". It is immutable.
type Pattern struct {
	text         string
	alternatives []alternative // those that some date can match
}

// alternative is five fields that must all match, as sets of bits.
type alternative struct {
	minutes  uint64
	days     uint64 // bits 1-31, and bit lastDay
	hours    uint32
	months   uint16 // bits 1-12
	weekdays uint8  // bits 0-6 from Sunday; bit 7 is never asked for
}

// ParsePattern reads a pattern as cron4j 2.2.5 does: minutes, hours, days of the
// month (or L, the last one), months and days of the week (0 and 7 are Sunday)
// are lists of values, names, ranges that may wrap and steps counted from the
// start of the range, and all five must match.
//
// The error names the field, what was found there and what is allowed.
func ParsePattern(text string) (*Pattern, error) {
	if len(text) > maxPatternLength {
		return nil, fmt.Errorf("cron pattern is %d bytes long, the longest allowed has %d", len(text), maxPatternLength)
	}
	p := &Pattern{text: text}
	empty := true
	for part := range strings.SplitSeq(text, "|") {
		words := strings.Fields(part)
		if len(words) == 0 {
			continue // as in cron4j, a bar too many means nothing
		}
		empty = false
		a, err := parseAlternative(words)
		if err != nil {
			return nil, fmt.Errorf("cron pattern %s: %w", quote(text), err)
		}
		if a.possible() {
			p.alternatives = append(p.alternatives, a)
		}
	}
	if empty {
		return nil, fmt.Errorf("cron pattern is empty, expected 5 fields (%s)", fieldNames)
	}
	return p, nil
}

// String is the text that the pattern was read from.
func (p *Pattern) String() string { return p.text }

func parseAlternative(words []string) (alternative, error) {
	if len(words) != 5 {
		return alternative{}, fmt.Errorf("expected 5 fields (%s), found %d", fieldNames, len(words))
	}
	var sets [5]uint64
	for i, f := range [...]*field{&minuteField, &hourField, &dayField, &monthField, &weekdayField} {
		var err error
		if sets[i], err = f.parse(words[i]); err != nil {
			return alternative{}, err
		}
	}
	return alternative{
		minutes:  sets[0],
		hours:    uint32(sets[1]),
		days:     sets[2],
		months:   uint16(sets[3]),
		weekdays: uint8(sets[4]),
	}, nil
}

// possible reports whether any month has one of the days. If one has, each day
// of the week comes round in time: for 29 February within 40 years.
func (a *alternative) possible() bool {
	const leapYear = 2000
	for month := 1; month <= 12; month++ {
		if a.months&(1<<month) != 0 && a.daysIn(daysOf(leapYear, month)) != 0 {
			return true
		}
	}
	return false
}

// daysIn is the days of the month in a month of the given length.
func (a *alternative) daysIn(length int) uint64 {
	days := a.days & (1<<(length+1) - 1)
	if a.days&(1<<lastDay) != 0 {
		days |= 1 << length
	}
	return days
}
