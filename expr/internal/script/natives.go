package script

import (
	"strings"

	"github.com/dop251/goja"
)

// natives are the engine's own functions that this package calls where it has
// replaced them, or that scripts could otherwise replace.
type natives struct {
	arrayValues goja.Callable
	descriptor  goja.Callable
	freeze      goja.Callable
	indexOf     goja.Callable
	setTime     goja.Callable
	symbols     goja.Callable

	constructors map[string]goja.Constructor
}

func (m *machine) keepNatives() {
	m.natives = natives{
		arrayValues: m.native("Array.prototype", "values"),
		descriptor:  m.native("Object", "getOwnPropertyDescriptor"),
		freeze:      m.native("Object", "freeze"),
		indexOf:     m.native("String.prototype", "indexOf"),
		setTime:     m.native("Date.prototype", "setTime"),
		symbols:     m.native("Object", "getOwnPropertySymbols"),

		constructors: map[string]goja.Constructor{},
	}
	for name := range strings.FieldsSeq(constructorNames) {
		construct, ok := goja.AssertConstructor(m.global.Get(name))
		if !ok {
			panic(name + " is not a constructor")
		}
		m.natives.constructors[name] = construct
	}
}

func (m *machine) native(path, name string) goja.Callable {
	f, ok := goja.AssertFunction(m.builtin(path).Get(name))
	if !ok {
		panic(path + "." + name + " is not a function")
	}
	return f
}

// call calls a function for a script and throws what it throws.
func (m *machine) call(f goja.Callable, this goja.Value, args ...goja.Value) goja.Value {
	v, err := f(this, args...)
	if err != nil {
		panic(err)
	}
	return v
}
