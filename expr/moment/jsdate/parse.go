package jsdate

import "math"

// Parse reads a date as V8's Date.parse does: ISO 8601 in the form of the
// standard, else whatever its older and lenient grammar makes of the text. Where
// the text has no offset the wall time is that of the zone. The result is
// invalid where V8's is. The time is linear in the length of the text.
//
// The grammar is that of V8's src/date/dateparser-inl.h.
func Parse(text string, zone *Zone) Time {
	p := parser{tokens: newScanner(text), offset: newOffsetParts()}
	rest, ok := p.standard()
	if !ok || !p.lenient(rest) {
		return Invalid()
	}
	return p.time(zone)
}

// parser collects the parts of a date in the order in which they are read.
type parser struct {
	tokens scanner
	date   dateParts
	clock  clockParts
	offset offsetParts
}

func (p *parser) time(zone *Zone) Time {
	year, month, day, ok := p.date.resolve()
	if !ok {
		return Invalid()
	}
	hour, minute, second, ms, ok := p.clock.resolve()
	if !ok {
		return Invalid()
	}
	wall := makeDay(float64(year), float64(month-1), float64(day))*msPerDay +
		makeTime(float64(hour), float64(minute), float64(second), float64(ms))
	if seconds, ok := p.offset.resolve(); ok {
		if math.Abs(wall) > maxWall {
			return Invalid()
		}
		return Clip(wall - float64(seconds)*msPerSecond)
	}
	return zone.FromWall(wall)
}

// standard reads ISO 8601. It returns the first token that it could not use, the
// end where there is none; what was read before it remains valid for the lenient
// grammar. After a T nothing but ISO 8601 is possible, and ok is false for it.
func (p *parser) standard() (rest token, ok bool) {
	t := &p.tokens
	if rest, ok := p.standardDate(); !ok {
		return rest, true
	}
	if t.peek().kind != wordToken || t.peek().word != separatorWord {
		if t.peek().kind != endToken {
			return t.next(), true
		}
	} else {
		t.next()
		if !p.standardClock() || !p.standardOffset() || t.peek().kind != endToken {
			return token{}, false
		}
	}
	if !p.offset.given() && p.clock.count == 0 {
		p.offset.set(0)
	}
	p.date.standard = true
	return token{kind: endToken}, true
}

// standardDate reads [-+]YYYYYY or YYYY and -MM and -DD, or returns the token
// with which the lenient grammar has to begin.
func (p *parser) standardDate() (rest token, ok bool) {
	t := &p.tokens
	switch {
	case t.peek().isSign():
		sign := t.next()
		if !t.peek().isFixed(6) {
			return sign, false
		}
		year := t.next().number
		if sign.symbol == '-' {
			if year == 0 {
				return sign, false
			}
			year = -year
		}
		p.date.add(year)
	case t.peek().isFixed(4):
		p.date.add(t.next().number)
	default:
		return t.next(), false
	}
	for _, limit := range []int{12, 31} {
		if !t.skip('-') {
			break
		}
		if n := t.peek(); !n.isFixed(2) || n.number < 1 || n.number > limit {
			return t.next(), false
		}
		p.date.add(t.next().number)
	}
	return token{}, true
}

// standardClock reads HH:mm and :ss and .s; the hour may be 24 at midnight.
func (p *parser) standardClock() bool {
	t := &p.tokens
	limit := 59
	if n := t.peek(); !n.isFixed(2) || n.number > 24 {
		return false
	} else if n.number == 24 {
		limit = 0
	}
	p.clock.add(t.next().number)
	if !t.skip(':') {
		return false
	}
	for {
		if n := t.peek(); !n.isFixed(2) || n.number > limit {
			return false
		}
		p.clock.add(t.next().number)
		if p.clock.count == 3 || !t.skip(':') {
			break
		}
	}
	if p.clock.count == 3 && t.skip('.') {
		n := t.peek()
		if n.kind != numberToken || limit == 0 && n.number > 0 {
			return false
		}
		p.clock.add(t.next().milliseconds())
	}
	return true
}

// standardOffset reads Z, +HH:mm or +HHmm, if there is one.
func (p *parser) standardOffset() bool {
	t := &p.tokens
	if n := t.peek(); n.kind == wordToken && n.word == zoneWord && n.length == 1 {
		t.next()
		p.offset.set(0)
		return true
	}
	if !t.peek().isSign() {
		return true
	}
	p.offset.setSign(t.next().symbol)
	if t.peek().isFixed(4) {
		n := t.next().number
		p.offset.hour, p.offset.minute = n/100, n%100
	} else {
		if !t.peek().isFixed(2) {
			return false
		}
		p.offset.hour = t.next().number
		if !t.skip(':') || !t.peek().isFixed(2) {
			return false
		}
		p.offset.minute = t.next().number
	}
	return p.offset.hour <= 23 && p.offset.minute <= 59
}
