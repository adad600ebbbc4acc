package jsdate

// lenient reads what the standard did not: numbers in any order, names of months
// and zones, am and pm, offsets, comments in parentheses. It begins with a token
// that the standard left over and reports whether the text is a date so far.
func (p *parser) lenient(t token) bool {
	readNumber := p.date.count > 0
	if t.kind == endToken {
		return true
	}
	for ; t.kind != endToken; t = p.tokens.next() {
		switch {
		case t.kind == numberToken:
			readNumber = true
			if !p.number(t.number) {
				return false
			}
		case t.kind == wordToken:
			if !p.word(t, readNumber) {
				return false
			}
		case t.isSign() && (p.offset.isUTC() || p.clock.count > 0):
			if !p.lenientOffset(t.symbol) {
				return false
			}
			readNumber = true
		case (t.isSign() || t.isSymbol(')')) && readNumber:
			return false
		}
	}
	return true
}

// number sorts a number into the clock, the offset or the date by what follows
// it and by what was read before.
func (p *parser) number(n int) bool {
	t := &p.tokens
	switch {
	case t.skip(':'):
		if t.skip(':') { // as in 10::30, where the minutes are left out
			return p.clock.count == 0 && p.clock.add(n) && p.clock.add(0)
		}
		if !p.clock.add(n) {
			return false
		}
		t.skip('.')
		return true
	case t.peek().isSymbol('.') && p.clock.expects(n):
		t.next()
		p.clock.add(n)
		if t.peek().kind != numberToken {
			return false
		}
		p.clock.finish(t.next().milliseconds())
		return true
	}
	t.skip('.')
	switch {
	case p.offset.expects(n):
		p.offset.minute = n
	case p.clock.expects(n):
		p.clock.finish(n)
		next := t.peek()
		isZ := next.kind == wordToken && next.word == zoneWord && next.length == 1
		return next.kind == endToken || next.kind == spaceToken || isZ || next.isSign()
	default:
		if !p.date.add(n) {
			return false
		}
		t.skip('-')
	}
	return true
}

func (p *parser) word(t token, readNumber bool) bool {
	switch {
	case t.word == halfDayWord && p.clock.count > 0:
		p.clock.halfDay, p.clock.hasHalfDay = t.number, true
	case t.word == monthWord:
		p.date.month = t.number
		p.tokens.skip('-')
	case t.word == zoneWord && readNumber:
		p.offset.set(t.number)
	default:
		// Other words may only precede the first number, and not touch it.
		return !readNumber && p.tokens.peek().kind != numberToken
	}
	return true
}

// lenientOffset reads what follows a sign: nothing, h, hh, hmm, hhmm or hh:mm.
func (p *parser) lenientOffset(sign rune) bool {
	t := &p.tokens
	p.offset.setSign(sign)
	n, length := 0, 0
	if t.peek().kind == numberToken {
		number := t.next()
		n, length = number.number, number.length
	}
	switch {
	case t.peek().isSymbol(':'):
		p.offset.hour, p.offset.minute = n, unset
	case length == 1 || length == 2:
		p.offset.hour, p.offset.minute = n, 0
	case length == 3 || length == 4:
		p.offset.hour, p.offset.minute = n/100, n%100
	default:
		return false
	}
	return true
}
