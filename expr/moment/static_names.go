package moment

import (
	"math"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
)

// monthNames lists the names of months. It reads (format, index), both of which
// may be left out; the format has no effect.
func monthNames(list func(*calendar.Locale) []string) member {
	return member{method: func(b *binding, call goja.FunctionCall) goja.Value {
		index := call.Argument(1)
		if isNumber(call.Argument(0)) {
			index = call.Argument(0)
		}
		if given(index) {
			return b.nameOf(calendar.Month, list(b.lib.Locale), index)
		}
		return b.texts(list(b.lib.Locale))
	}}
}

// weekdayNames lists the names of weekdays. It reads (sorted, format, index),
// where the first, if there, says whether to begin with the first day of the
// locale's week. As in the original, without it the format is the index too.
func weekdayNames(list func(*calendar.Locale) []string) member {
	return member{method: func(b *binding, call goja.FunctionCall) goja.Value {
		format, index := call.Argument(0), call.Argument(0)
		shift := 0
		if sorted, ok := isBoolean(format); ok {
			format, index = call.Argument(1), call.Argument(2)
			if sorted {
				shift = int(b.lib.Locale.FirstWeekday)
			}
		}
		if isNumber(format) {
			index = format
		}
		all := list(b.lib.Locale)
		if given(index) {
			return b.nameOf(calendar.Day, all, b.number(math.Mod(index.ToFloat()+float64(shift), 7)))
		}
		ordered := make([]string, len(all))
		for i := range all {
			ordered[i] = all[(i+shift)%len(all)]
		}
		return b.texts(ordered)
	}}
}

// nameOf is the name at which the calendar arrives when it sets a unit, so that
// month 12 is January again.
func (b *binding) nameOf(u calendar.Unit, list []string, index goja.Value) goja.Value {
	now := b.lib.Present(calendar.Request{Fixed: true})
	b.access(goja.Undefined(), now, u, index)
	at := now.Get(u)
	if !(at >= 0 && int(at) < len(list)) {
		return goja.Undefined()
	}
	return b.text(list[int(at)])
}
