package script

import (
	"math"

	"github.com/dop251/goja"
)

// installNumbers bounds what converts many values to numbers at once.
func (m *machine) installNumbers() {
	for _, name := range []string{"hypot", "max", "min"} {
		m.replace(m.builtin("Math"), name, m.onNumbers)
	}
	for _, name := range []string{"fromCharCode", "fromCodePoint"} {
		m.replace(m.builtin("String"), name, m.onNumbers)
	}
}

// onNumbers calls a function with its arguments converted to numbers.
func (m *machine) onNumbers(native goja.Callable, call goja.FunctionCall) goja.Value {
	numbers := make([]goja.Value, len(call.Arguments))
	for i, argument := range call.Arguments {
		m.check()
		numbers[i] = argument.ToNumber()
	}
	return m.call(native, call.This, numbers...)
}

// truncated is a value as a whole number within the range of int32, which no
// length or position exceeds.
func (m *machine) truncated(v goja.Value) int {
	f := v.ToFloat()
	if math.IsNaN(f) {
		return 0
	}
	return int(max(min(f, math.MaxInt32), math.MinInt32))
}
