package script

import (
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// spreadGuard is the name of the function through which the sources of object
// spreads go, see [guardSpread]. No script can spell it and no scope may hold it.
const spreadGuard unistring.String = "\x00spread"

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
	guard := m.function("spread", 1, func(call goja.FunctionCall) goja.Value {
		m.checkSpread(call.Argument(0))
		return call.Argument(0)
	})
	m.must(m.global.DefineDataProperty(spreadGuard.String(), guard, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))

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
