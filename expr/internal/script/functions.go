package script

import "github.com/dop251/goja"

// installFunctions bounds the methods of functions.
func (m *machine) installFunctions() {
	m.method(m.builtin("Function.prototype"), "apply", 2, func(call goja.FunctionCall) goja.Value {
		return m.call(m.callback(call.This), call.Argument(0), m.elements(call.Argument(1))...)
	})
}

// elements are the elements of an array or of an arguments object.
func (m *machine) elements(v goja.Value) []goja.Value {
	if goja.IsUndefined(v) || goja.IsNull(v) {
		return nil
	}
	object, ok := v.(*goja.Object)
	if !ok {
		panic(m.vm.NewTypeError("a list of arguments must be an array"))
	}
	elements := make([]goja.Value, m.lengthOf(object))
	for i := range elements {
		elements[i] = m.element(object, i)
	}
	return elements
}

// callback is a value that must be a function.
func (m *machine) callback(v goja.Value) goja.Callable {
	f, ok := goja.AssertFunction(v)
	if !ok {
		panic(m.vm.NewTypeError("%s is not a function", describe(v)))
	}
	return f
}

// describe names a value in the text of an error, without calling a function of
// the script for it.
func describe(v goja.Value) string {
	if object, ok := v.(*goja.Object); ok {
		return "[object " + object.ClassName() + "]"
	}
	return v.String()
}
