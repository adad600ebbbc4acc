package moment

import (
	"strconv"
	"strings"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
)

// isBetween reads (from, to, unit, inclusivity), where inclusivity is one of (),
// [], (] and [).
func isBetween(b *binding, call goja.FunctionCall) goja.Value {
	m, u := b.this(call), unit(call.Argument(2))
	inclusivity := "()"
	if v := call.Argument(3); v.ToBoolean() {
		inclusivity = v.String()
	}
	from := b.of(call.Argument(0))
	if strings.HasPrefix(inclusivity, "(") {
		if !m.IsAfter(from, u) {
			return b.boolean(false)
		}
	} else if m.IsBefore(from, u) {
		return b.boolean(false)
	}
	to := b.of(call.Argument(1))
	if len(inclusivity) > 1 && inclusivity[1] == ')' {
		return b.boolean(m.IsBefore(to, u))
	}
	return b.boolean(!m.IsAfter(to, u))
}

// laterOf is the deprecated min, which limits a moment from below.
func laterOf(b *binding, call goja.FunctionCall) goja.Value {
	return b.limited(call, func(m, other float64) bool { return other < m })
}

// earlierOf is the deprecated max, which limits a moment from above.
func earlierOf(b *binding, call goja.FunctionCall) goja.Value {
	return b.limited(call, func(m, other float64) bool { return other > m })
}

func (b *binding) limited(call goja.FunctionCall, stays func(m, other float64) bool) goja.Value {
	m, other := b.this(call), b.create(call.Arguments, false)
	switch {
	case !m.Valid() || !other.Valid():
		return b.momentObject(b.invalid(func(f *calendar.Flags) { f.UserInvalidated = true }))
	case stays(m.Millis(), other.Millis()):
		return call.This
	}
	return b.momentObject(other)
}

// pick returns the one of several moments that is better than all others. The
// moments are arguments or the elements of the only one.
func (b *binding) pick(args []goja.Value, better func(m, other *calendar.Moment) bool) goja.Value {
	length := int64(len(args))
	at := func(i int64) goja.Value { return args[i] }
	if length == 1 && hasClass(args[0], "Array") {
		list := args[0].ToObject(b.vm)
		length = list.Get("length").ToInteger()
		at = func(i int64) goja.Value { return orUndefined(list.Get(strconv.FormatInt(i, 10))) }
	}
	if length == 0 {
		return b.momentObject(b.lib.Present(calendar.Request{}))
	}
	best := at(0)
	for i := int64(1); i < length; i++ {
		m, ok := b.asMoment(at(i))
		if !ok {
			panic(b.vm.NewTypeError("moment: number %d is not a moment", i+1))
		}
		if !m.Valid() || better(m, b.of(best)) {
			best = at(i)
		}
	}
	return best
}

func isValid(b *binding, call goja.FunctionCall) goja.Value {
	return b.boolean(b.this(call).Valid())
}

func invalidAt(b *binding, call goja.FunctionCall) goja.Value {
	return b.number(float64(b.this(call).Flags().Overflow))
}

func parsingFlags(b *binding, call goja.FunctionCall) goja.Value {
	return b.flagsObject(b.this(call).Flags())
}

func creationData(b *binding, call goja.FunctionCall) goja.Value {
	m := b.this(call)
	origin := m.Origin()
	return b.object(
		"input", orUndefined(asValue(origin.Input)),
		"format", orUndefined(b.format(origin.Format)),
		"locale", b.localeObject(m.Locale()),
		"isUTC", m.Fixed(),
		"strict", orUndefined(asValue(origin.Strict)),
	)
}
