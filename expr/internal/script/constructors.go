package script

import (
	"sync"

	"github.com/dop251/goja"
)

// constructors are functions that must know whether they were called with new,
// which functions of Go cannot learn.
var constructors = sync.OnceValue(func() *goja.Program {
	return goja.MustCompile("constructors", `(function (makeDate, dateText, makeNumber, toNumber, makeRegExp, refuse) {
	return {
		Date: function Date(year, month, date, hours, minutes, seconds, ms) {
			return new.target ? makeDate(new.target, arguments) : dateText();
		},
		Number: function Number(value) {
			return new.target ? makeNumber(new.target, arguments) : toNumber(arguments);
		},
		RegExp: function RegExp(pattern, flags) {
			return makeRegExp(new.target || RegExp, pattern, flags);
		},
		Function: function Function(code) {
			refuse();
		},
		generator: function* () {},
	};
})`, true)
})

// installFunctions replaces what concerns all functions, and the constructors.
// Text cannot become code at run time, because nothing could bound what the
// parser does with it.
func (m *machine) installFunctions() {
	prelude, err := m.vm.RunProgram(constructors())
	m.must(err)
	make, _ := goja.AssertFunction(prelude)
	refuse := m.function("eval", 1, func(goja.FunctionCall) goja.Value {
		m.throw("EvalError", "text cannot be evaluated as code in a template")
		return nil
	})
	made := m.call(make, nil,
		m.function("makeDate", 2, m.makeDate), m.function("dateText", 0, m.dateText),
		m.function("makeNumber", 2, m.makeNumber), m.function("toNumber", 1, m.toNumber),
		m.function("makeRegExp", 3, m.makeRegExp), refuse,
	).ToObject(m.vm)
	for _, name := range []string{"Date", "Function", "Number", "RegExp"} {
		m.replaceConstructor(name, made.Get(name).ToObject(m.vm))
	}
	m.hidden(m.global, "eval", refuse)
	generators := made.Get("generator").ToObject(m.vm).Prototype()
	m.must(generators.DefineDataProperty("constructor", made.Get("Function"), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE))

	m.method(m.builtin("Function.prototype"), "apply", 2, m.apply)
}

// replaceConstructor puts another function in the place of a constructor, with
// the same functions and constants. The objects it makes are still recognised
// by instanceof.
func (m *machine) replaceConstructor(name string, by *goja.Object) {
	native := m.builtin(name)
	for _, property := range native.GetOwnPropertyNames() {
		switch property {
		case "length", "name", "prototype":
		default:
			m.hidden(by, property, native.Get(property))
		}
	}
	prototype := m.builtin(name + ".prototype")
	m.must(by.DefineDataProperty("prototype", prototype, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
	m.hidden(prototype, "constructor", by)
	m.hidden(m.global, name, by)
}

// hidden sets a property as built-in ones are: it can be changed but is not
// enumerated.
func (m *machine) hidden(object *goja.Object, name string, value goja.Value) {
	m.must(object.DefineDataProperty(name, value, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

// apply is Function.prototype.apply for lists of arguments that exist.
func (m *machine) apply(call goja.FunctionCall) goja.Value {
	f, ok := goja.AssertFunction(call.This)
	if !ok {
		panic(m.vm.NewTypeError("Function.prototype.apply was called on %s", call.This))
	}
	return m.call(f, call.Argument(0), m.elements(call.Argument(1))...)
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
