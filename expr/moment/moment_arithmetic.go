package moment

import (
	"math"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
)

func add(b *binding, call goja.FunctionCall) goja.Value {
	m := b.this(call)
	m.Add(b.step(call))
	return call.This
}

func subtract(b *binding, call goja.FunctionCall) goja.Value {
	m := b.this(call)
	m.Subtract(b.step(call))
	return call.This
}

// step reads (duration), (number, unit) or, as in old versions, (unit, number).
func (b *binding) step(call goja.FunctionCall) *calendar.Duration {
	value, period := call.Argument(0), call.Argument(1)
	if !goja.IsNull(period) && !math.IsNaN(period.ToFloat()) {
		value, period = period, value
	}
	if isText(value) {
		value = b.number(value.ToFloat())
	}
	return b.duration(value, period)
}

func startOf(b *binding, call goja.FunctionCall) goja.Value {
	b.this(call).StartOf(unit(call.Argument(0)))
	return call.This
}

func endOf(b *binding, call goja.FunctionCall) goja.Value {
	b.this(call).EndOf(unit(call.Argument(0)))
	return call.This
}

func diff(b *binding, call goja.FunctionCall) goja.Value {
	m := b.this(call)
	if !m.Valid() {
		return goja.NaN()
	}
	other, u := b.of(call.Argument(0)), unit(call.Argument(1))
	if call.Argument(2).ToBoolean() {
		return b.number(m.Diff(other, u))
	}
	return b.number(m.WholeDiff(other, u))
}
