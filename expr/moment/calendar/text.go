package calendar

import (
	"math"

	"github.com/heitan/heitan/expr/moment/jsdate"
)

// toStringFormat is that of Date's toString without the name of the zone.
const toStringFormat = "ddd MMM DD YYYY HH:mm:ss [GMT]ZZ"

// String is the moment in English, such as Mon Jan 01 2018 00:00:00 GMT+0000.
func (m *Moment) String() string {
	c := m.Clone()
	c.locale = english
	return c.fixedFormat(toStringFormat)
}

// fixedFormat writes a format that cannot be too long.
func (m *Moment) fixedFormat(format string) string {
	text, err := m.format(format)
	if err != nil {
		return m.locale.InvalidDate
	}
	return text
}

// ISOString is the moment in ISO 8601, in UTC or at its own offset; ok is false
// if the moment is invalid. Years outside of 0 to 9999 have a sign and six digits.
func (m *Moment) ISOString(keepOffset bool) (text string, ok bool) {
	if !m.valid {
		return "", false
	}
	shown, zone := m, "Z"
	if !keepOffset {
		shown = m.Clone()
		shown.ToUTC(false)
		zone = "[Z]"
	}
	if year := shown.Get(Year); year < 0 || year > 9999 {
		return shown.fixedFormat("YYYYYY-MM-DD[T]HH:mm:ss.SSS" + zone), true
	}
	date := m.Time()
	if keepOffset {
		date = jsdate.Clip(m.Millis() + m.Offset()*msPerMinute)
	}
	if !date.Valid() {
		return "", false
	}
	text = date.ISOString()
	if keepOffset {
		text = text[:len(text)-1] + string(appendOffset(nil, m.Offset(), ":"))
	}
	return text, true
}

// Inspect is an expression that makes the moment. The input is what an invalid
// moment was made of.
func (m *Moment) Inspect(input string) string {
	if !m.valid {
		return "moment.invalid(/* " + input + " */)"
	}
	function, zone := "moment", ""
	if m.fixed {
		function, zone = "moment.parseZone", "Z"
		if m.offset == 0 {
			function = "moment.utc"
		}
	}
	year := "YYYY"
	if y := m.Get(Year); !(y >= 0 && y <= 9999) {
		year = "YYYYYY"
	}
	text := m.fixedFormat("[" + function + `("]` + year + "-MM-DD[T]HH:mm:ss.SSS" + zone + `[")]`)
	return m.locale.postformat(text)
}

// Array is year, month, day, hour, minute, second and millisecond.
func (m *Moment) Array() [7]float64 {
	if f, ok := m.fields(); ok {
		var values [7]float64
		for i, part := range partsOf(f) {
			values[i] = part.Value
		}
		return values
	}
	nan := math.NaN()
	return [7]float64{nan, nan, nan, nan, nan, nan, nan}
}
