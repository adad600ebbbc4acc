package script

import (
	"github.com/dop251/goja"
)

// natives are the engine's own functions that this package calls where it has
// replaced them, or that scripts could otherwise replace.
type natives struct {
	arrayValues goja.Callable
	descriptor  goja.Callable
	freeze      goja.Callable
	indexOf     goja.Callable
	number      goja.Callable
	setTime     goja.Callable

	newDate   goja.Constructor
	newNumber goja.Constructor
	newRegExp goja.Constructor
}

func (m *machine) keepNatives() {
	m.natives = natives{
		arrayValues: m.native("Array.prototype", "values"),
		descriptor:  m.native("Object", "getOwnPropertyDescriptor"),
		freeze:      m.native("Object", "freeze"),
		indexOf:     m.native("String.prototype", "indexOf"),
		number:      m.native("", "Number"),
		setTime:     m.native("Date.prototype", "setTime"),
		newDate:     m.constructor("Date"),
		newNumber:   m.constructor("Number"),
		newRegExp:   m.constructor("RegExp"),
	}
}

func (m *machine) native(path, name string) goja.Callable {
	f, ok := goja.AssertFunction(m.builtin(path).Get(name))
	if !ok {
		panic(path + "." + name + " is not a function")
	}
	return f
}

func (m *machine) constructor(name string) goja.Constructor {
	construct, ok := goja.AssertConstructor(m.global.Get(name))
	if !ok {
		panic(name + " is not a constructor")
	}
	return construct
}

// call calls a function for a script and throws what it throws.
func (m *machine) call(f goja.Callable, this goja.Value, args ...goja.Value) goja.Value {
	v, err := f(this, args...)
	if err != nil {
		panic(err)
	}
	return v
}

// new is a new object of a constructor; it throws what that throws.
func (m *machine) new(construct goja.Constructor, target goja.Value, args ...goja.Value) *goja.Object {
	object, err := construct(target.ToObject(m.vm), args...)
	if err != nil {
		panic(err)
	}
	return object
}
