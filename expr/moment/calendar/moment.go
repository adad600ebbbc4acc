package calendar

import (
	"math"

	"github.com/heitan/heitan/expr/moment/jsdate"
)

// Moment is a point in time together with the way to look at it: in the local
// zone of the library, or at a fixed offset from UTC. Its methods change it, as
// those of the original do.
type Moment struct {
	lib *Library
	// date is the point in time of a local moment. Otherwise it is that of a
	// clock which shows in UTC what this one shows at its offset.
	date   jsdate.Time
	fixed  bool    // at a fixed offset
	offset float64 // minutes ahead of UTC, 0 where it is not fixed
	locale *Locale
	// valid is decided once, when the moment is made. A later calculation may
	// make the date invalid nevertheless, and then shows NaN.
	valid  bool
	flags  *Flags
	origin *Origin
}

// Origin is what a moment was made of.
type Origin struct {
	Input  any    // opaque
	Format any    // opaque, unless a format was derived from the input
	Text   string // the input where it is a text
	IsText bool
	Strict any // opaque

	parsedOffset    float64
	hasParsedOffset bool
	parts           *[7]Part // the wall time that was asked for, if it was by parts
}

// Origin returns what the moment was made of.
func (m *Moment) Origin() *Origin { return m.origin }

// newMoment completes a moment that is new or a copy.
func newMoment(m Moment) *Moment {
	m.valid = m.flags.valid(m.date)
	if !m.valid {
		m.date = jsdate.Invalid()
	}
	return &m
}

// Clone returns a copy that changes independently.
func (m *Moment) Clone() *Moment { return newMoment(*m) }

// Valid reports whether the moment was a date when it was made.
func (m *Moment) Valid() bool { return m.valid }

// Flags are what was noticed when the moment was parsed.
func (m *Moment) Flags() *Flags { return m.flags }

// Locale is the moment's locale.
func (m *Moment) Locale() *Locale { return m.locale }

// SetLocale changes the moment's locale.
func (m *Moment) SetLocale(l *Locale) { m.locale = l }

// zone is the one that translates date into what the clock shows.
func (m *Moment) zone() *jsdate.Zone {
	if m.fixed {
		return m.lib.utc
	}
	return m.lib.local
}

// Millis is the point in time in milliseconds, NaN if the date is invalid. It
// has a fraction if the offset is no whole number of milliseconds.
func (m *Moment) Millis() float64 { return float64(m.date) - float64(m.offset*msPerMinute) }

// Unix is the point in time in seconds, rounded down.
func (m *Moment) Unix() float64 { return math.Floor(m.Millis() / 1000) }

// Time is the point in time as a JavaScript Date holds it.
func (m *Moment) Time() jsdate.Time { return jsdate.Clip(m.Millis()) }

// Clock is the time at which a clock in the zone of a local moment, or otherwise
// a clock in UTC, shows what the moment's does.
func (m *Moment) Clock() jsdate.Time { return m.date }

// IsLocal reports whether the moment is valid and in the local zone.
func (m *Moment) IsLocal() bool { return m.valid && !m.fixed }

// IsFixed reports whether the moment is valid and at a fixed offset.
func (m *Moment) IsFixed() bool { return m.valid && m.fixed }

// IsUTC reports whether the moment is valid and at the fixed offset 0.
func (m *Moment) IsUTC() bool { return m.valid && m.fixed && m.offset == 0 }

// Fixed reports whether the moment, valid or not, is at a fixed offset.
func (m *Moment) Fixed() bool { return m.fixed }

// ZoneAbbr is UTC for moments at a fixed offset, and empty for local ones.
func (m *Moment) ZoneAbbr() string {
	if m.fixed {
		return "UTC"
	}
	return ""
}

// ZoneName is the long form of ZoneAbbr.
func (m *Moment) ZoneName() string {
	if m.fixed {
		return "Coordinated Universal Time"
	}
	return ""
}
