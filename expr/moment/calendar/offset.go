package calendar

import (
	"math"

	"github.com/heitan/heitan/expr/moment/jsdate"
)

// localOffset is how far the local zone is ahead of UTC in minutes, rounded to
// quarters of an hour.
func (m *Moment) localOffset() float64 {
	if !m.date.Valid() {
		return math.NaN()
	}
	return -Round(float64(m.date.OffsetMinutes(m.lib.local))/15)*15 + 0
}

// Offset is how far the moment's clock is ahead of UTC in minutes, NaN if the
// moment is invalid.
func (m *Moment) Offset() float64 {
	switch {
	case !m.valid:
		return math.NaN()
	case m.fixed:
		return m.offset
	}
	return m.localOffset()
}

// SetOffset makes the moment one at a fixed offset in minutes, which keeps
// either its point in time or its wall time.
func (m *Moment) SetOffset(minutes float64, keepWall bool) {
	if !m.valid {
		return
	}
	before := m.offset
	shift := 0.0
	switch {
	case !keepWall:
		shift = minutes - before
	case !m.fixed:
		shift = m.localOffset()
	}
	m.offset, m.fixed = minutes, true
	m.addMillis(shift * msPerMinute)
}

// ToUTC makes the moment one in UTC.
func (m *Moment) ToUTC(keepWall bool) { m.SetOffset(0, keepWall) }

// ToLocal makes the moment one in the local zone.
func (m *Moment) ToLocal(keepWall bool) {
	if !m.fixed {
		return
	}
	m.SetOffset(0, keepWall)
	m.fixed = false
	if keepWall {
		m.addMillis(-m.localOffset() * msPerMinute)
	}
}

// ToParsedOffset makes the moment one at the offset that the text it was made of
// ended with, or if there was none, one in UTC with the same wall time. It
// leaves moments alone that were not made of text.
func (m *Moment) ToParsedOffset() {
	switch o := m.origin; {
	case o.hasParsedOffset:
		m.SetOffset(o.parsedOffset, false)
	case o.IsText:
		if minutes, ok := offsetIn(o.Text, false); ok {
			m.SetOffset(OffsetFromNumber(minutes), false)
		} else {
			m.SetOffset(0, true)
		}
	}
}

// OffsetFromNumber takes numbers below 16 for hours.
func OffsetFromNumber(n float64) float64 {
	if math.Abs(n) < 16 {
		return n * 60
	}
	return n
}

// OffsetFromText finds the last offset in a text (Z, +hh, +hhmm or +hh:mm) and
// returns its minutes.
func OffsetFromText(text string) (minutes float64, ok bool) { return offsetIn(text, true) }

func offsetIn(text string, short bool) (minutes float64, ok bool) {
	for i := 0; i < len(text); {
		n := matchOffset(text[i:], short)
		if n == 0 {
			i++
			continue
		}
		minutes, ok = offsetMinutes(text[i:i+n]), true
		i += n
	}
	return minutes, ok
}

// matchOffset is the length of the offset with which a text begins, or 0. Only
// where short ones are allowed the minutes may be missing.
func matchOffset(text string, short bool) int {
	if text == "" {
		return 0
	}
	switch text[0] {
	case 'Z', 'z':
		return 1
	case '+', '-':
	default:
		return 0
	}
	if !digitsAt(text, 1, 2) {
		return 0
	}
	switch {
	case digitsAt(text, 3, 2):
		return 5
	case len(text) > 3 && text[3] == ':' && digitsAt(text, 4, 2):
		return 6
	case short:
		return 3
	}
	return 0
}

// offsetMinutes reads what matchOffset has found.
func offsetMinutes(text string) float64 {
	if len(text) < 3 {
		return 0
	}
	minutes := parseNumber(text[1:3]) * 60
	if len(text) > 3 {
		minutes += parseNumber(text[len(text)-2:])
	}
	if text[0] == '-' {
		minutes = -minutes
	}
	return minutes + 0
}

func digitsAt(text string, start, count int) bool {
	if len(text) < start+count {
		return false
	}
	for i := start; i < start+count; i++ {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// HasAlignedHours reports whether the moment's offset differs from another one by
// whole hours.
func (m *Moment) HasAlignedHours(offset float64) bool {
	return m.valid && math.Mod(m.Offset()-offset, 60) == 0
}

// IsDST reports whether the clock is ahead of where it is in January or in June.
func (m *Moment) IsDST() bool {
	january, june := m.Clone(), m.Clone()
	january.Set(Month, 0)
	june.Set(Month, 5)
	return m.Offset() > january.Offset() || m.Offset() > june.Offset()
}

// IsDSTShifted reports whether the wall time that the moment was made of does
// not exist in its zone.
func (m *Moment) IsDSTShifted() bool {
	parts := m.origin.parts
	if parts == nil || !m.valid {
		return false
	}
	zone := m.zone()
	p := func(i int) float64 { return parts[i].Value }
	date := newDate(zone, p(yearPart), p(monthPart), p(dayPart), p(hourPart), p(minutePart), p(secondPart), p(milliPart))
	if !date.Valid() {
		return true
	}
	return partsOf(date.In(zone)) != *parts
}

func partsOf(f jsdate.Fields) [7]Part {
	return [7]Part{
		given(float64(f.Year)), given(float64(f.Month)), given(float64(f.Day)),
		given(float64(f.Hour)), given(float64(f.Minute)), given(float64(f.Second)), given(float64(f.Millisecond)),
	}
}
