package script

import (
	"strings"
	"sync"

	"github.com/dop251/goja"
)

// constructorNames are the functions that make objects.
const constructorNames = "Array Boolean Date Error EvalError Function Map Number Object RangeError ReferenceError RegExp Set String " +
	"SyntaxError TypeError URIError"

// constructors makes functions that know whether they were called with new,
// which functions of Go cannot learn. As functions of a script they are also
// counted when they call each other.
var constructors = sync.OnceValue(func() *goja.Program {
	return goja.MustCompile("constructors", `(function (construct, call) {
	return function () {
		return new.target ? construct(new.target, arguments) : call(arguments);
	};
})`, true)
})

// installConstructors replaces all constructors. Most only do what the engine's
// own do.
func (m *machine) installConstructors() {
	made, err := m.vm.RunProgram(constructors())
	m.must(err)
	makeConstructor := m.callback(made)
	for name := range strings.FieldsSeq(constructorNames) {
		construct := func(call goja.FunctionCall) goja.Value {
			return m.construct(name, call.Argument(0), m.elements(call.Argument(1))...)
		}
		native := m.native("", name)
		plain := func(call goja.FunctionCall) goja.Value {
			return m.call(native, nil, m.elements(call.Argument(0))...)
		}
		switch name {
		case "Date":
			construct, plain = m.makeDate, m.dateText
		case "Function":
			construct, plain = m.refuseCode, m.refuseCode
		case "RegExp":
			construct = m.makeRegExp
			plain = func(call goja.FunctionCall) goja.Value {
				return m.makeRegExp(goja.FunctionCall{Arguments: []goja.Value{nil, call.Argument(0)}})
			}
		}
		by := m.call(makeConstructor, nil, m.function("construct", 2, construct), m.function("call", 1, plain))
		m.replaceConstructor(name, by.ToObject(m.vm))
	}
	m.hidden(m.global, "eval", m.function("eval", 1, m.refuseCode))
	generators, err := m.vm.RunProgram(generatorFunction())
	m.must(err)
	m.must(generators.ToObject(m.vm).Prototype().DefineDataProperty("constructor", m.global.Get("Function"),
		goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

var generatorFunction = sync.OnceValue(func() *goja.Program {
	return goja.MustCompile("generator", "(function* () {})", true)
})

// refuseCode throws: text cannot become code at run time, because nothing could
// bound what the parser does with it.
func (m *machine) refuseCode(goja.FunctionCall) goja.Value {
	m.throw("EvalError", "text cannot be evaluated as code in a template")
	return nil
}

// replaceConstructor puts another function in the place of a constructor, with
// the same functions and constants. The objects it makes are still recognised
// by instanceof.
func (m *machine) replaceConstructor(name string, by *goja.Object) {
	native := m.builtin(name)
	for _, property := range native.GetOwnPropertyNames() {
		switch property {
		case "name", "length":
			m.must(by.DefineDataProperty(property, native.Get(property), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE))
		case "prototype":
			m.must(by.DefineDataProperty(property, native.Get(property), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
		default:
			m.hidden(by, property, native.Get(property))
		}
	}
	m.hidden(native.Get("prototype").ToObject(m.vm), "constructor", by)
	m.hidden(m.global, name, by)
}

// hidden sets a property as built-in ones are: it can be changed but is not
// enumerated.
func (m *machine) hidden(object *goja.Object, name string, value goja.Value) {
	m.must(object.DefineDataProperty(name, value, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

// construct is a new object of a built-in class, or of the one that target is the
// constructor of, if it is not nil. It throws what the constructor throws.
func (m *machine) construct(class string, target goja.Value, args ...goja.Value) *goja.Object {
	newTarget, _ := target.(*goja.Object)
	object, err := m.natives.constructors[class](newTarget, args...)
	if err != nil {
		panic(err)
	}
	return object
}

// create is a new object of a built-in class.
func (m *machine) create(class string, args ...goja.Value) *goja.Object {
	return m.construct(class, nil, args...)
}
