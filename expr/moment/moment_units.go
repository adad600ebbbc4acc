package moment

import (
	"cmp"
	"math"
	"slices"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
)

// access is a getter if the value is undefined or null, otherwise a setter that
// returns the moment's object.
func (b *binding) access(object goja.Value, m *calendar.Moment, u calendar.Unit, value goja.Value) goja.Value {
	if !given(value) {
		return b.number(m.Get(u))
	}
	switch u {
	case calendar.Month:
		if n, ok := b.month(m, value); ok {
			m.Set(u, n)
		}
	case calendar.Day:
		if m.Valid() {
			m.Set(u, weekday(m, value))
		}
	case calendar.ISOWeekday:
		if !m.Valid() {
			break
		}
		n, ok := isoWeekday(m, value)
		switch sunday := m.Get(calendar.Day) == 0; {
		case ok:
			m.Set(u, n)
		case sunday: // the original calculates with null
			m.Set(calendar.Day, -7)
		default: // the original asks for the day instead of setting it
			return b.number(m.Get(calendar.Day))
		}
	default:
		m.Set(u, value.ToFloat())
	}
	return object
}

// month is a number, digits, or a name.
func (b *binding) month(m *calendar.Moment, value goja.Value) (month float64, ok bool) {
	if !isText(value) {
		return value.ToFloat(), true
	}
	text := value.String()
	if isDigits(text) {
		return parseInt(value), true
	}
	n, ok := m.Locale().ParseMonth(text, "", false)
	return float64(n), ok
}

func isDigits(text string) bool {
	return text != "" && !slices.ContainsFunc([]byte(text), func(c byte) bool { return c < '0' || c > '9' })
}

// weekday is a number, its text, or a name; unknown names are Sunday.
func weekday(m *calendar.Moment, value goja.Value) float64 {
	if !isText(value) {
		return value.ToFloat()
	}
	if !math.IsNaN(value.ToFloat()) {
		return parseInt(value)
	}
	n, _ := m.Locale().ParseWeekday(value.String(), "", false)
	return float64(n)
}

// isoWeekday is a number or a name; unknown names are Sunday.
func isoWeekday(m *calendar.Moment, value goja.Value) (weekday float64, ok bool) {
	if isText(value) {
		n, _ := m.Locale().ParseWeekday(value.String(), "", false)
		if n == 0 {
			n = 7
		}
		return float64(n), true
	}
	weekday = value.ToFloat()
	return weekday, !math.IsNaN(weekday)
}

func getUnit(b *binding, call goja.FunctionCall) goja.Value {
	m, u := b.this(call), unit(call.Argument(0))
	if u == calendar.NoUnit {
		return call.This
	}
	return b.number(m.Get(u))
}

// setUnits sets a unit, or several at once in an order that does not depend on
// how they are written.
func setUnits(b *binding, call goja.FunctionCall) goja.Value {
	m := b.this(call)
	units, isObject := call.Argument(0).(*goja.Object)
	if !isObject {
		u := unit(call.Argument(0))
		if u == calendar.NoUnit {
			return call.This
		}
		return b.access(call.This, m, u, call.Argument(1))
	}
	type setting struct {
		unit  calendar.Unit
		value goja.Value
	}
	var settings []setting
	for _, key := range units.Keys() {
		u := calendar.ParseUnit(key)
		if u == calendar.NoUnit {
			continue
		}
		value := units.Get(key)
		if i := slices.IndexFunc(settings, func(s setting) bool { return s.unit == u }); i >= 0 {
			settings[i].value = value
			continue
		}
		settings = append(settings, setting{unit: u, value: value})
	}
	slices.SortStableFunc(settings, func(x, y setting) int {
		return cmp.Compare(calendar.SettingOrder(x.unit), calendar.SettingOrder(y.unit))
	})
	for _, s := range settings {
		b.access(call.This, m, s.unit, s.value)
	}
	return call.This
}

func isLeapYear(b *binding, call goja.FunctionCall) goja.Value {
	return b.boolean(b.this(call).IsLeapYear())
}

func daysInMonth(b *binding, call goja.FunctionCall) goja.Value {
	return b.number(b.this(call).DaysInMonth())
}

func weeksInYear(b *binding, call goja.FunctionCall) goja.Value {
	return b.number(b.this(call).WeeksInYear())
}

func isoWeeksInYear(b *binding, call goja.FunctionCall) goja.Value {
	return b.number(b.this(call).ISOWeeksInYear())
}
