package script

import (
	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// installOperators makes the functions that take the place of operators, see
// [guard].
func (m *machine) installOperators() {
	for name, f := range map[unistring.String]func(goja.FunctionCall) goja.Value{
		spreadGuard: func(call goja.FunctionCall) goja.Value {
			m.checkSpread(call.Argument(0))
			return call.Argument(0)
		},
		addGuard: func(call goja.FunctionCall) goja.Value {
			return m.add(call.Argument(0), call.Argument(1))
		},
		addToGuard: m.addTo,
		templateGuard: func(call goja.FunctionCall) goja.Value {
			b := m.textBuilder()
			for _, part := range call.Arguments {
				b.write(m.text16(part))
			}
			return b.value()
		},
	} {
		m.must(m.global.DefineDataProperty(name.String(), m.function("operator", 0, f), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
	}
}

// add is the operator +.
func (m *machine) add(a, b goja.Value) goja.Value {
	a, b = m.primitive(a), m.primitive(b)
	if !goja.IsString(a) && !goja.IsString(b) {
		return m.vm.ToValue(a.ToFloat() + b.ToFloat())
	}
	left, right := m.text16(a), m.text16(b)
	m.checkLength(left.Length() + right.Length())
	return left.Concat(right)
}

// addTo is the operator += on a property; its arguments are the object, the name
// and what is added.
func (m *machine) addTo(call goja.FunctionCall) goja.Value {
	object := call.Argument(0).ToObject(m.vm)
	name := call.Argument(1).String()
	old := object.Get(name)
	if old == nil {
		old = goja.Undefined()
	}
	sum := m.add(old, call.Argument(2))
	if err := object.Set(name, sum); err != nil {
		panic(err)
	}
	return sum
}

// primitive is what an object is for an operator: what its valueOf returns, or
// else its text. Dates are texts.
func (m *machine) primitive(v goja.Value) goja.Value {
	object, ok := v.(*goja.Object)
	if !ok {
		return v
	}
	methods := []string{"valueOf", "toString"}
	if object.ClassName() == "Date" {
		methods = []string{"toString", "valueOf"}
	}
	for _, name := range methods {
		if f, ok := goja.AssertFunction(object.Get(name)); ok {
			if v := m.call(f, object); !isObject(v) {
				return v
			}
		}
	}
	panic(m.vm.NewTypeError("Cannot convert object to primitive value"))
}

func isObject(v goja.Value) bool {
	_, ok := v.(*goja.Object)
	return ok
}
