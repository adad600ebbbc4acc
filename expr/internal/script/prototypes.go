package script

import "github.com/dop251/goja"

// maxAncestors is how long a chain of prototypes may be that is put together
// with these functions.
const maxAncestors = 10_000

// installPrototypes keeps scripts from making chains of prototypes without end.
// The engine itself looks for cycles only where ordinary objects are concerned,
// not at the global object and at moments.
func (m *machine) installPrototypes() {
	m.replace(m.builtin("Object"), "setPrototypeOf", func(native goja.Callable, call goja.FunctionCall) goja.Value {
		m.checkPrototype(call.Argument(0), call.Argument(1))
		return m.call(native, call.This, call.Arguments...)
	})
	prototype := m.builtin("Object.prototype")
	set := m.native("Object", "setPrototypeOf")
	m.must(prototype.DefineAccessorProperty("__proto__",
		m.function("get __proto__", 0, func(call goja.FunctionCall) goja.Value {
			if of := call.This.ToObject(m.vm).Prototype(); of != nil {
				return of
			}
			return goja.Null()
		}),
		m.function("set __proto__", 1, func(call goja.FunctionCall) goja.Value {
			to := call.Argument(0)
			if isObject(call.This) && (isObject(to) || goja.IsNull(to)) {
				m.call(set, nil, call.This, to)
			}
			return goja.Undefined()
		}),
		goja.FLAG_TRUE, goja.FLAG_FALSE))
}

// checkPrototype throws if an object would inherit from itself.
func (m *machine) checkPrototype(of, to goja.Value) {
	object, ok := of.(*goja.Object)
	ancestor, _ := to.(*goja.Object)
	for n := 0; ok && ancestor != nil; n++ {
		if ancestor == object {
			panic(m.vm.NewTypeError("Cyclic __proto__ value"))
		}
		if n > maxAncestors {
			m.rangeError("too many prototypes")
		}
		ancestor = ancestor.Prototype()
	}
}
