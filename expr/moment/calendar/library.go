package calendar

import (
	"time"

	"github.com/heitan/heitan/expr/moment/jsdate"
)

// Library is what all moments of one JavaScript VM have in common.
type Library struct {
	// Now is the current time.
	Now func() jsdate.Time
	// Locale is the locale of new moments and durations.
	Locale *Locale
	// Thresholds and RoundRelative decide when "44 minutes" become "an hour".
	Thresholds    Thresholds
	RoundRelative func(float64) float64
	// TwoDigitYear gives a year of two digits its century.
	TwoDigitYear func(text string) float64
	// CalendarKey chooses the format of Moment.Calendar.
	CalendarKey func(m, today *Moment) string
	// DefaultFormat and DefaultFormatUTC are the formats where none is given.
	DefaultFormat, DefaultFormatUTC string

	local  *jsdate.Zone
	utc    *jsdate.Zone
	tokens tokenCache
}

// New returns a library in its original state, with UTC for the local zone.
func New(now func() jsdate.Time) *Library {
	utc := jsdate.UTC()
	return &Library{
		Now:              now,
		Locale:           English(),
		Thresholds:       defaultThresholds(),
		RoundRelative:    Round,
		TwoDigitYear:     TwoDigitYear,
		CalendarKey:      CalendarKey,
		DefaultFormat:    DefaultFormat,
		DefaultFormatUTC: DefaultFormatUTC,
		local:            utc,
		utc:              utc,
	}
}

// SetZone changes the local zone, for all local moments.
func (l *Library) SetZone(location *time.Location) {
	if l.local.Location() != location {
		l.local = jsdate.NewZone(location)
	}
}

// TwoDigitYear is the usual century: 69 to 99 are in the twentieth.
func TwoDigitYear(text string) float64 {
	year := parseNumber(text)
	if year > 68 {
		return year + 1900
	}
	return year + 2000
}
