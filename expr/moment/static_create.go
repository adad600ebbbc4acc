package moment

import (
	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
	"github.com/heitan/heitan/expr/moment/jsdate"
)

func createUTC(b *binding, call goja.FunctionCall) goja.Value {
	return b.momentObject(b.create(call.Arguments, true))
}

func createUnix(b *binding, call goja.FunctionCall) goja.Value {
	ms := b.number(call.Argument(0).ToFloat() * 1000)
	return b.momentObject(b.create([]goja.Value{ms}, false))
}

func createInZone(b *binding, call goja.FunctionCall) goja.Value {
	m := b.create(call.Arguments, false)
	m.ToParsedOffset()
	return b.momentObject(m)
}

// invalid returns an invalid moment in UTC.
func (b *binding) invalid(mark func(*calendar.Flags)) *calendar.Moment {
	return b.lib.Invalid(calendar.Request{Fixed: true, Origin: calendar.Origin{Input: goja.NaN()}}, mark)
}

// createInvalid reads the flags of an invalid moment.
func createInvalid(b *binding, call goja.FunctionCall) goja.Value {
	if !given(call.Argument(0)) {
		return b.momentObject(b.invalid(func(f *calendar.Flags) { f.UserInvalidated = true }))
	}
	flags := call.Argument(0).ToObject(b.vm)
	return b.momentObject(b.invalid(func(f *calendar.Flags) {
		f.Extra = map[string]any{}
		for _, key := range flags.Keys() {
			f.Extra[key] = flags.Get(key)
		}
		if overflow, ok := f.Extra["overflow"].(goja.Value); ok {
			f.Overflow = calendar.Overflow(overflow.ToInteger())
		}
	}))
}

func present(b *binding, _ goja.FunctionCall) goja.Value {
	return b.number(float64(jsdate.Clip(float64(b.env.Now().UnixMilli()))))
}

func earliest(b *binding, call goja.FunctionCall) goja.Value {
	return b.pick(call.Arguments, func(m, other *calendar.Moment) bool {
		return m.IsBefore(other, calendar.Millisecond)
	})
}

func latest(b *binding, call goja.FunctionCall) goja.Value {
	return b.pick(call.Arguments, func(m, other *calendar.Moment) bool {
		return m.IsAfter(other, calendar.Millisecond)
	})
}

// isMoment believes objects that say that they are moments, as the original does.
func isMoment(b *binding, call goja.FunctionCall) goja.Value {
	return b.boolean(b.claimsToBeMoment(call.Argument(0)))
}

func isDuration(b *binding, call goja.FunctionCall) goja.Value {
	_, ok := b.asDuration(call.Argument(0))
	return b.boolean(ok)
}

func isDate(b *binding, call goja.FunctionCall) goja.Value {
	return b.boolean(b.isDate(call.Argument(0)))
}

func normalizeUnits(b *binding, call goja.FunctionCall) goja.Value {
	if u := unit(call.Argument(0)); u != calendar.NoUnit {
		return b.text(u.String())
	}
	return goja.Undefined()
}

func parseTwoDigitYear(b *binding, call goja.FunctionCall) goja.Value {
	n := call.Argument(0).ToInteger()
	if n > 68 {
		return b.number(float64(n + 1900))
	}
	return b.number(float64(n + 2000))
}

func calendarFormat(b *binding, call goja.FunctionCall) goja.Value {
	return b.text(calendar.CalendarKey(b.of(call.Argument(0)), b.of(call.Argument(1))))
}

// relativeTimeThreshold reads (unit, limit), and returns the limit or whether it
// was set.
func relativeTimeThreshold(b *binding, call goja.FunctionCall) goja.Value {
	key := call.Argument(0).String()
	limit, ok := b.lib.Thresholds[key]
	switch {
	case !ok:
		return b.boolean(false)
	case goja.IsUndefined(call.Argument(1)):
		return b.number(limit)
	}
	b.lib.Thresholds.Set(key, call.Argument(1).ToFloat())
	b.changed()
	return b.boolean(true)
}

// relativeTimeRounding returns the function that rounds, or whether it was set.
func relativeTimeRounding(b *binding, call goja.FunctionCall) goja.Value {
	function := call.Argument(0)
	switch {
	case goja.IsUndefined(function):
		return b.function("round", func(b *binding, call goja.FunctionCall) goja.Value {
			return b.number(b.lib.RoundRelative(call.Argument(0).ToFloat()))
		})
	case !isFunction(function):
		return b.boolean(false)
	}
	b.lib.RoundRelative = func(f float64) float64 {
		return b.invoke(function, goja.Undefined(), b.number(f)).ToFloat()
	}
	b.changed()
	return b.boolean(true)
}
