package script

import (
	"strings"

	"github.com/dop251/goja"
)

// installObjects bounds what turns the characters of a string into properties or
// into elements of a list.
func (m *machine) installObjects() {
	object := m.builtin("Object")
	for name := range strings.FieldsSeq("assign defineProperties entries freeze getOwnPropertyNames keys preventExtensions seal values") {
		locks := name == "freeze" || name == "preventExtensions" || name == "seal"
		m.replace(object, name, func(native goja.Callable, call goja.FunctionCall) goja.Value {
			for _, argument := range call.Arguments {
				m.checkSpread(argument)
				if locks && argument == m.moment {
					m.broken = true // moment cannot tell of this change
				}
			}
			return m.call(native, call.This, call.Arguments...)
		})
	}

	m.method(object, "fromEntries", 1, m.fromEntries)

	// Digdag's scripts run inside with(scope), where these are found too and
	// mean the scope. Here the scope is the global object.
	for _, name := range []string{"hasOwnProperty", "propertyIsEnumerable"} {
		m.hidden(m.global, name, m.builtin("Object.prototype").Get(name))
		m.replace(m.global, name, func(native goja.Callable, call goja.FunctionCall) goja.Value {
			if goja.IsUndefined(call.This) {
				call.This = m.vm.GlobalObject()
			}
			return m.call(native, call.This, call.Arguments...)
		})
	}
}

// fromEntries is Object.fromEntries. The engine's own fails for entries without
// a value.
func (m *machine) fromEntries(call goja.FunctionCall) goja.Value {
	made := m.vm.NewObject()
	m.vm.ForOf(call.Argument(0), func(v goja.Value) bool {
		m.check()
		entry, ok := v.(*goja.Object)
		if !ok {
			panic(m.vm.NewTypeError("Iterator value %s is not an entry object", describe(v)))
		}
		m.setOwn(made, m.text16(m.element(entry, 0)).String(), m.element(entry, 1))
		return true
	})
	return made
}

// checkSpread throws if a value is a string of too many characters, or an object
// around one.
func (m *machine) checkSpread(v goja.Value) {
	if object, ok := v.(*goja.Object); ok {
		if object.ClassName() != "String" {
			return
		}
		v = object.Get("length")
	} else if text, ok := v.(goja.String); ok {
		v = m.vm.ToValue(text.Length())
	} else {
		return
	}
	if v.ToInteger() > maxArray {
		m.rangeError("the string is too long to be taken apart")
	}
}
