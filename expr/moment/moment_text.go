package moment

import (
	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
)

func format(b *binding, call goja.FunctionCall) goja.Value {
	return b.formatted(b.this(call), call.Argument(0))
}

func (b *binding) formatted(m *calendar.Moment, format goja.Value) goja.Value {
	pattern := ""
	if format.ToBoolean() && m.Valid() {
		if !isText(format) && !hasClass(format, "String") {
			panic(b.vm.NewTypeError("moment: a format must be a string, not %s", format.String()))
		}
		pattern = format.String()
	}
	text, err := m.Format(pattern)
	b.must(err)
	return b.text(text)
}

func from(b *binding, call goja.FunctionCall) goja.Value {
	m := b.this(call)
	return b.text(b.wording(m, b.of(call.Argument(0)), m, call.Argument(1)))
}

func to(b *binding, call goja.FunctionCall) goja.Value {
	m := b.this(call)
	return b.text(b.wording(m, m, b.of(call.Argument(0)), call.Argument(1)))
}

func fromNow(b *binding, call goja.FunctionCall) goja.Value {
	m := b.this(call)
	return b.text(b.wording(m, b.lib.Present(calendar.Request{}), m, call.Argument(0)))
}

func toNow(b *binding, call goja.FunctionCall) goja.Value {
	m := b.this(call)
	return b.text(b.wording(m, m, b.lib.Present(calendar.Request{}), call.Argument(0)))
}

// wording words the time between two moments in the language of one.
func (b *binding) wording(m, from, to *calendar.Moment, withoutSuffix goja.Value) string {
	if !from.Valid() || !to.Valid() {
		return m.Locale().InvalidDate
	}
	d := b.lib.Between(from, to)
	d.SetLocale(m.Locale())
	return d.Humanize(!withoutSuffix.ToBoolean())
}

// inCalendar reads (reference, formats).
func inCalendar(b *binding, call goja.FunctionCall) goja.Value {
	m, reference := b.this(call), call.Argument(0)
	if !reference.ToBoolean() {
		reference = b.momentObject(b.lib.Present(calendar.Request{}))
	}
	now := b.of(reference)
	key := m.CalendarFormatKey(now)
	if formats := call.Argument(1); formats.ToBoolean() {
		output := orUndefined(formats.ToObject(b.vm).Get(key))
		if isFunction(output) {
			output = b.invoke(output, call.This, reference)
		}
		if output.ToBoolean() {
			return b.formatted(m, output)
		}
	}
	return b.formatted(m, b.text(m.Locale().CalendarFormat(key, m, b.lib.FromMoment(now, false))))
}

func toString(b *binding, call goja.FunctionCall) goja.Value {
	return b.text(b.this(call).String())
}

// toISOString reads (keepOffset), which must be true itself to have an effect.
func toISOString(b *binding, call goja.FunctionCall) goja.Value {
	return b.isoString(b.this(call), call.Argument(0).StrictEquals(b.boolean(true)))
}

func (b *binding) isoString(m *calendar.Moment, keepOffset bool) goja.Value {
	text, ok := m.ISOString(keepOffset)
	switch {
	case ok:
		return b.text(text)
	case m.Valid():
		b.throw("RangeError", "Invalid time value")
	}
	return goja.Null()
}

func toJSON(b *binding, call goja.FunctionCall) goja.Value {
	return b.isoString(b.this(call), false)
}

func inspect(b *binding, call goja.FunctionCall) goja.Value {
	m := b.this(call)
	return b.text(m.Inspect(orUndefined(asValue(m.Origin().Input)).String()))
}
