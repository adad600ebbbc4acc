package calendar

import "github.com/heitan/heitan/expr/moment/jsdate"

// Present returns the current time.
func (l *Library) Present(r Request) *Moment { return l.At(r, l.Now()) }

// At returns a point in time, which may be invalid.
func (l *Library) At(r Request, t jsdate.Time) *Moment {
	d := l.draft(r)
	d.setDate(t)
	return l.finish(d)
}

// FromParts returns the moment of a wall time: year, month (from 0), day, hour,
// minute, second, millisecond.
func (l *Library) FromParts(r Request, parts [7]Part) *Moment {
	d := l.draft(r)
	d.parts, d.hasParts = parts, true
	d.resolve()
	return l.finish(d)
}

// Invalid returns an invalid moment with reasons.
func (l *Library) Invalid(r Request, mark func(*Flags)) *Moment {
	m := l.At(r, jsdate.Invalid())
	mark(m.flags)
	return m
}

// FromMoment returns a copy of a moment, in UTC if that is asked for.
func (l *Library) FromMoment(m *Moment, fixed bool) *Moment {
	c := m.Clone()
	if fixed {
		c.ToUTC(false)
	}
	return c
}

func (l *Library) finish(d *draft) *Moment {
	m := d.moment()
	if d.fixed {
		m.ToUTC(false)
	}
	return m
}
