package calendar

import (
	"strings"
	"unicode/utf8"
)

// Standard is a way to write dates that has a name instead of a format.
type Standard uint8

// The standards, and none of them.
const (
	NoStandard Standard = iota
	ISO8601
	RFC2822
)

// Format is a format to parse with: a standard, or tokens.
type Format struct {
	Standard Standard
	Text     string
}

const (
	// maxParseWork is how many characters may be looked at for one moment, over all
	// tokens of all formats; each token may search the whole text.
	maxParseWork = 1 << 20
	// nameWork is how much more it is to look for names.
	nameWork = 16
)

// FromFormat parses a text by a format. It returns ErrTooLong if text and format
// are beyond reason.
func (l *Library) FromFormat(r Request, text string, f Format) (*Moment, error) {
	d := l.draft(r)
	budget := maxParseWork
	text = d.prepare(text)
	if err := d.parse(text, f, &budget); err != nil {
		return nil, err
	}
	return l.finish(d), nil
}

// FromFormats parses a text by the one of several formats that leaves the least
// of it over; the first of equals. If none fits, the moment is invalid with the
// flags of the last.
func (l *Library) FromFormats(r Request, text string, formats []Format) (*Moment, error) {
	if len(formats) == 0 {
		d := l.draft(r)
		d.flags.InvalidFormat = true
		return l.finish(d), nil
	}
	budget := maxParseWork
	var best, last *draft
	bestScore := 0
	for _, f := range formats {
		last = l.draft(r)
		if err := last.parse(last.prepare(text), f, &budget); err != nil {
			return nil, err
		}
		if last.rejected || !last.hasDate || !last.flags.valid(last.date) {
			continue
		}
		score := last.flags.CharsLeftOver + 10*len(last.flags.UnusedTokens)
		last.flags.Score = given(float64(score))
		if best == nil || score < bestScore {
			best, bestScore = last, score
		}
	}
	if best == nil {
		best = last
	}
	return l.finish(best), nil
}

// prepare lets the locale change a text, if the input was one.
func (d *draft) prepare(text string) string {
	if !d.origin.IsText {
		return text
	}
	d.origin.Text = d.locale.preparse(text)
	return d.origin.Text
}

func (d *draft) parse(text string, f Format, budget *int) error {
	switch f.Standard {
	case ISO8601:
		return d.parseISO(text, budget)
	case RFC2822:
		d.parseRFC2822(text)
		return nil
	default:
		return d.parseFormat(text, f.Text, budget)
	}
}

// parseFormat reads a text token by token. A token takes the first part of the
// rest that suits it; what comes before that is left out.
func (d *draft) parseFormat(text, format string, budget *int) error {
	tokens, err := d.lib.tokensOf(d.locale, format)
	if err != nil {
		return err
	}
	d.origin.Format = format
	d.hasParts = true
	d.flags.Empty, d.flags.ByFormat = true, true
	rest, taken := text, 0
	meridiem := ""
	for _, t := range tokens {
		work := len(rest) + 1
		if t.isName() {
			work *= nameWork
		}
		if *budget -= work; *budget < 0 {
			return ErrTooLong
		}
		start, end := d.locale.match(t, d.strict, rest)
		found := rest[start:end]
		if end > 0 {
			if start > 0 {
				d.flags.UnusedInput = append(d.flags.UnusedInput, rest[:start])
			}
			rest = rest[end:]
			taken += len(found)
		}
		switch {
		case found == "" && (!t.literal || d.strict):
			d.flags.UnusedTokens = append(d.flags.UnusedTokens, t.source)
		case t.literal:
		default:
			d.flags.Empty = false
			if t.source == "a" || t.source == "A" {
				meridiem = found
			} else {
				d.take(t, found)
			}
		}
	}
	d.flags.CharsLeftOver = len(text) - taken
	if !isASCII(text) {
		d.flags.CharsLeftOver = leftOver(d.flags.UnusedInput, rest)
	}
	if rest != "" {
		d.flags.UnusedInput = append(d.flags.UnusedInput, rest)
	}
	hour := &d.parts[hourPart]
	if hour.Given && hour.Value > 0 && hour.Value <= 12 {
		d.flags.BigHour = false
	}
	d.flags.ParsedParts = d.parts
	d.flags.Meridiem = meridiem
	d.applyMeridiem(meridiem)
	d.resolve()
	d.checkRange()
	return nil
}

// applyMeridiem turns the hour of a clock with 12 hours into one of 24.
func (d *draft) applyMeridiem(meridiem string) {
	hour := &d.parts[hourPart]
	if meridiem == "" || !hour.Given {
		return
	}
	pm := d.locale.IsPM(meridiem)
	switch {
	case pm && hour.Value < 12:
		hour.Value += 12
	case !pm && hour.Value == 12:
		hour.Value = 0
	}
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// leftOver counts UTF-16 units, as JavaScript does.
func leftOver(unused []string, rest string) int {
	n := 0
	for _, r := range strings.Join(unused, "") + rest {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}
