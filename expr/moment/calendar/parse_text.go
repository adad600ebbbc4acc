package calendar

import (
	"strconv"
	"strings"

	"github.com/heitan/heitan/expr/moment/jsdate"
)

// FromText parses a text of which nothing is known: ISO 8601, else RFC 2822,
// else what V8's Date makes of it. It returns ErrTooLong if the text is beyond
// reason.
func (l *Library) FromText(r Request, text string) (*Moment, error) {
	d := l.draft(r)
	text = d.prepare(text)
	if ms, ok := aspNetDate(text); ok {
		d.setDate(jsdate.Clip(ms))
		return l.finish(d), nil
	}
	budget := maxParseWork
	if err := d.parseISO(text, &budget); err != nil {
		return nil, err
	}
	if d.rejected {
		d.rejected = false
		d.parseRFC2822(text)
	}
	if d.rejected {
		d.rejected = false
		d.setDate(d.guess(text))
	}
	return l.finish(d), nil
}

// Guess parses a text as V8's Date does.
func (l *Library) Guess(r Request, text string) *Moment {
	d := l.draft(r)
	d.setDate(d.guess(text))
	return l.finish(d)
}

func (d *draft) guess(text string) jsdate.Time {
	if d.readUTC {
		text += " UTC"
	}
	return jsdate.Parse(text, d.lib.local)
}

// aspNetDate reads Date(1234567890123), with a slash before it or not.
func aspNetDate(text string) (ms float64, ok bool) {
	text = strings.TrimPrefix(text, "/")
	const prefix = "Date("
	if len(text) < len(prefix) || !strings.EqualFold(text[:len(prefix)], prefix) {
		return 0, false
	}
	text = text[len(prefix):]
	sign := 0
	if strings.HasPrefix(text, "-") {
		sign = 1
	}
	n := digitRun(text[sign:], len(text))
	if n == 0 {
		return 0, false
	}
	ms, _ = strconv.ParseFloat(text[:sign+n], 64)
	return ms, true
}
