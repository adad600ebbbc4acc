package jsdate

// unset is the value of a part of an offset that was not read.
const unset = -1

// dateParts are up to three numbers and the name of a month.
type dateParts struct {
	numbers  [3]int
	count    int
	month    int // 1 to 12 where it was named
	standard bool
}

func (d *dateParts) add(n int) bool {
	if d.count == len(d.numbers) {
		return false
	}
	d.numbers[d.count] = n
	d.count++
	return true
}

// resolve tells the year, month and day apart. Missing numbers are 1.
func (d *dateParts) resolve() (year, month, day int, ok bool) {
	if d.count == 0 {
		return 0, 0, 0, false
	}
	n := d.numbers
	for i := d.count; i < len(n); i++ {
		n[i] = 1
	}
	switch {
	case d.month == 0 && (d.standard || !isDay(n[0])):
		year, month, day = n[0], n[1], n[2]
	case d.month == 0:
		month, day, year = n[0], n[1], n[2]
	case isDay(n[0]):
		month, day, year = d.month, n[0], n[1]
	default:
		month, year, day = d.month, n[0], n[1]
	}
	if !d.standard {
		switch {
		case year >= 0 && year <= 49:
			year += 2000
		case year >= 50 && year <= 99:
			year += 1900
		}
	}
	return year, month, day, month >= 1 && month <= 12 && isDay(day)
}

func isDay(n int) bool { return n >= 1 && n <= 31 }

// clockParts are an hour, a minute, a second and milliseconds.
type clockParts struct {
	numbers    [4]int
	count      int
	halfDay    int // 0 for am, 12 for pm
	hasHalfDay bool
}

func (c *clockParts) add(n int) bool {
	if c.count == len(c.numbers) {
		return false
	}
	c.numbers[c.count] = n
	c.count++
	return true
}

// finish adds the last part that is given.
func (c *clockParts) finish(n int) {
	c.add(n)
	c.count = len(c.numbers)
}

// expects reports whether the next part of a clock that was begun may be n.
func (c *clockParts) expects(n int) bool {
	switch c.count {
	case 1, 2:
		return n <= 59
	case 3:
		return n <= 999
	}
	return false
}

func (c *clockParts) resolve() (hour, minute, second, ms int, ok bool) {
	hour, minute, second, ms = c.numbers[0], c.numbers[1], c.numbers[2], c.numbers[3]
	if c.hasHalfDay {
		if hour > 12 {
			return 0, 0, 0, 0, false
		}
		hour = hour%12 + c.halfDay
	}
	midnight := hour == 24 && minute == 0 && second == 0 && ms == 0
	ok = midnight || hour <= 23 && minute <= 59 && second <= 59 && ms <= 999
	return hour, minute, second, ms, ok
}

// offsetParts are a distance from UTC.
type offsetParts struct{ sign, hour, minute int }

func newOffsetParts() offsetParts { return offsetParts{sign: 0, hour: unset, minute: unset} }

func (o *offsetParts) set(hours int) {
	o.sign, o.hour, o.minute = 1, hours, 0
	if hours < 0 {
		o.sign, o.hour = -1, -hours
	}
}

func (o *offsetParts) setSign(symbol rune) {
	o.sign = 1
	if symbol == '-' {
		o.sign = -1
	}
}

func (o *offsetParts) given() bool { return o.hour != unset }

func (o *offsetParts) isUTC() bool { return o.hour == 0 && o.minute == 0 }

// expects reports whether n may be the minutes after an hour and a colon.
func (o *offsetParts) expects(n int) bool {
	return o.hour != unset && o.minute == unset && n <= 59
}

// resolve returns the seconds ahead of UTC, and whether there is an offset.
func (o *offsetParts) resolve() (seconds int, ok bool) {
	return o.sign * (max(o.hour, 0)*3600 + max(o.minute, 0)*60), o.sign != 0
}
