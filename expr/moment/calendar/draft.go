package calendar

import "github.com/heitan/heitan/expr/moment/jsdate"

// Indexes of the parts of a date.
const (
	yearPart = iota
	monthPart
	dayPart
	hourPart
	minutePart
	secondPart
	milliPart
)

// Request is what all ways to make a moment have in common.
type Request struct {
	Fixed  bool    // make a moment in UTC
	Locale *Locale // nil for the library's
	Strict bool    // demand that the whole text is what the format says
	Origin Origin
}

// draft is a moment that is being made.
type draft struct {
	lib    *Library
	locale *Locale
	flags  *Flags
	origin *Origin
	fixed  bool
	strict bool

	// readUTC says that the parts are a wall time in UTC, which they also are if
	// the text has an offset.
	readUTC  bool
	parts    [7]Part
	hasParts bool
	week     weekParts
	// dayOfYear replaces month and day.
	dayOfYear Part

	date     jsdate.Time
	hasDate  bool
	rejected bool // the text is not what it had to be
}

// weekParts are what a text says about weeks.
type weekParts struct {
	isoYear, isoWeek, isoWeekday Part
	year, week, day, weekday     Part
	given                        bool
}

func (l *Library) draft(r Request) *draft {
	locale := r.Locale
	if locale == nil {
		locale = l.Locale
	}
	flags := newFlags()
	flags.Strict = r.Strict
	origin := r.Origin
	return &draft{
		lib: l, locale: locale, flags: flags, origin: &origin,
		fixed: r.Fixed, readUTC: r.Fixed, strict: r.Strict,
	}
}

// moment completes the draft.
func (d *draft) moment() *Moment {
	if d.hasParts {
		d.checkRange()
		parts := d.parts
		d.origin.parts = &parts
	}
	if d.rejected || !d.hasDate {
		d.date = jsdate.Invalid()
	}
	return newMoment(Moment{
		lib: d.lib, date: d.date, fixed: d.fixed, locale: d.locale, flags: d.flags, origin: d.origin,
	})
}

func (d *draft) setDate(t jsdate.Time) { d.date, d.hasDate = t, true }
