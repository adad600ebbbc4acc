package script

import (
	"strings"
	"sync"

	"github.com/dop251/goja"
)

// intrinsic lists what scripts may use of a built-in object. What an upgrade of
// the engine adds is removed until it was looked at and stands here.
//
// A linear function does work in proportion to what it is given. If it loops
// over elements it does no more than constant work for each, not even a
// conversion or a comparison of strings, or calls a function for it. As every
// function begins with a look at whether the session is over, such a loop ends
// soon afterwards, whatever functions a script combines. The same look counts
// calls, as even the error of a function may call another one.
type intrinsic struct {
	object  string // path from the global object
	values  string // objects, constants and getters, as the engine has them
	linear  string // linear functions, as the engine has them but for that look
	bounded string // replaced by functions of this package
}

// intrinsics are all objects with functions that scripts can reach. BigInt,
// symbols, proxies, promises, typed arrays and the weak collections are left
// out: templates have no use for them, and each has ways to make a single step
// of the engine endless.
var intrinsics = sync.OnceValue(func() []intrinsic {
	return []intrinsic{
		{
			object:  "",
			values:  "Infinity JSON Math NaN undefined",
			linear:  "decodeURI decodeURIComponent encodeURI encodeURIComponent escape isFinite isNaN parseFloat parseInt unescape",
			bounded: constructorNames + " eval hasOwnProperty propertyIsEnumerable",
		},
		{
			object: "Object",
			linear: "create defineProperty getOwnPropertyDescriptor getPrototypeOf is isExtensible isFrozen isSealed hasOwn",
			bounded: "assign defineProperties entries freeze fromEntries getOwnPropertyNames keys preventExtensions seal setPrototypeOf " +
				"values",
		},
		{
			object:  "Object.prototype",
			linear:  "hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf",
			bounded: "__proto__",
		},
		{object: "Function.prototype", values: "arguments caller", linear: "bind call toString", bounded: "apply"},
		{
			object:  "Array",
			linear:  "isArray of",
			bounded: "from",
		},
		{
			object: "Array.prototype",
			linear: "entries keys toString values",
			bounded: "at concat copyWithin every fill filter find findIndex findLast findLastIndex flat flatMap forEach includes indexOf " +
				"join lastIndexOf map pop push reduce reduceRight reverse shift slice some sort splice toLocaleString " +
				"toReversed toSorted toSpliced unshift with",
		},
		{object: "String", bounded: "fromCharCode fromCodePoint"},
		{
			object: "String.prototype",
			linear: "at charAt charCodeAt codePointAt endsWith slice startsWith substr substring toLocaleLowerCase toLocaleUpperCase " +
				"toLowerCase toString toUpperCase trim trimEnd trimStart valueOf",
			bounded: "concat includes indexOf lastIndexOf localeCompare match matchAll normalize padEnd padStart repeat replace " +
				"replaceAll search split trimLeft trimRight " + javaStringMethods,
		},
		{object: "RegExp"},
		{
			object:  "RegExp.prototype",
			values:  "dotAll global ignoreCase multiline source sticky unicode",
			linear:  "toString",
			bounded: "exec flags test",
		},
		{object: "Boolean"},
		{object: "Boolean.prototype", linear: "toString valueOf"},
		{
			object: "Number",
			values: "EPSILON MAX_SAFE_INTEGER MAX_VALUE MIN_SAFE_INTEGER MIN_VALUE NEGATIVE_INFINITY NaN POSITIVE_INFINITY",
			linear: "isFinite isInteger isNaN isSafeInteger parseFloat parseInt",
		},
		{object: "Number.prototype", linear: "toExponential toFixed toLocaleString toPrecision toString valueOf"},
		{
			object: "Math",
			values: "E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2",
			linear: "abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 floor fround imul log log10 " +
				"log1p log2 pow random round sign sin sinh sqrt tan tanh trunc",
			bounded: "hypot max min",
		},
		{object: "JSON", bounded: "parse stringify"},
		{object: "Map"},
		{object: "Map.prototype", values: "size", linear: "clear delete entries get has keys set values", bounded: "forEach"},
		{object: "Set"},
		{object: "Set.prototype", values: "size", linear: "add clear delete entries has keys values", bounded: "forEach"},
		{object: "Date", linear: "UTC now", bounded: "parse"},
		{
			object: "Date.prototype",
			linear: "getTime getUTCDate getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes getUTCMonth getUTCSeconds " +
				"setTime setUTCDate setUTCFullYear setUTCHours setUTCMilliseconds setUTCMinutes setUTCMonth setUTCSeconds " +
				"toISOString toJSON toUTCString valueOf",
			bounded: localDateMethods + " toGMTString",
		},
		{object: "Error"},
		{object: "Error.prototype", values: "message", linear: "toString"},
		{object: "EvalError"},
		{object: "EvalError.prototype", values: "message"},
		{object: "RangeError"},
		{object: "RangeError.prototype", values: "message"},
		{object: "ReferenceError"},
		{object: "ReferenceError.prototype", values: "message"},
		{object: "SyntaxError"},
		{object: "SyntaxError.prototype", values: "message"},
		{object: "TypeError"},
		{object: "TypeError.prototype", values: "message"},
		{object: "URIError"},
		{object: "URIError.prototype", values: "message"},
	}
})

// kept are the properties that stay, by the object's path.
var kept = sync.OnceValue(func() map[string]map[string]bool {
	kept := map[string]map[string]bool{}
	for _, i := range intrinsics() {
		names := map[string]bool{}
		if i.object != "" {
			names = map[string]bool{"length": true, "name": true, "prototype": true, "constructor": true}
		}
		for name := range strings.FieldsSeq(i.values + " " + i.linear + " " + i.bounded) {
			names[name] = true
		}
		kept[i.object] = names
	}
	return kept
})

// isIntrinsicName reports whether a variable of that name would hide a built-in
// object or function.
func isIntrinsicName(name string) bool {
	return name == "moment" || kept()[""][name] || kept()["Object.prototype"][name]
}

// unlisted are the names of properties to be removed, by the object's path. They
// are the same in each machine, and finding them takes longer than the removal.
var unlisted = sync.OnceValue(func() map[string][]string {
	unlisted := map[string][]string{}
	m := newBareMachine()
	for path, keep := range kept() {
		for _, name := range m.builtin(path).GetOwnPropertyNames() {
			if !keep[name] {
				unlisted[path] = append(unlisted[path], name)
			}
		}
	}
	return unlisted
})

// newBareMachine makes a machine in which scripts find only the listed global
// variables. The rest of the engine's own global object is never made.
func newBareMachine() *machine {
	m := &machine{vm: goja.New()}
	all := m.vm.GlobalObject()
	m.global = m.vm.NewObject()
	listed := intrinsics()[0]
	for name := range strings.FieldsSeq(listed.values + " " + listed.linear + " " + listed.bounded) {
		if v := all.Get(name); v != nil {
			m.hidden(m.global, name, v)
		}
	}
	return m
}

// removeUnlisted takes from every built-in object what is not listed. The
// properties of functions themselves stay.
func (m *machine) removeUnlisted() {
	for path, names := range unlisted() {
		object := m.builtin(path)
		for _, name := range names {
			m.must(object.Delete(name))
		}
	}
}

// builtin is the built-in object at a path of names from the global object.
func (m *machine) builtin(path string) *goja.Object {
	object := m.global
	for name := range strings.SplitSeq(path, ".") {
		if name != "" {
			object = object.Get(name).ToObject(m.vm)
		}
	}
	return object
}

// installChecks makes the linear functions look first whether the session is over.
func (m *machine) installChecks() {
	for _, i := range intrinsics() {
		object := m.builtin(i.object)
		for name := range strings.FieldsSeq(i.linear) {
			m.replace(object, name, func(native goja.Callable, call goja.FunctionCall) goja.Value {
				return m.call(native, call.This, call.Arguments...)
			})
		}
	}
}

// replace puts a function in the place of one of the engine's, which it is given.
func (m *machine) replace(object *goja.Object, name string, by func(goja.Callable, goja.FunctionCall) goja.Value) {
	native := object.Get(name)
	f, ok := goja.AssertFunction(native)
	if !ok {
		panic(name + " is not a function")
	}
	length := native.ToObject(m.vm).Get("length").ToInteger()
	m.method(object, name, int(length), func(call goja.FunctionCall) goja.Value { return by(f, call) })
}

// method sets a built-in function of an object.
func (m *machine) method(object *goja.Object, name string, length int, f func(goja.FunctionCall) goja.Value) {
	m.must(object.DefineDataProperty(name, m.function(name, length, f), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

// function makes a built-in function, which throws when the session is over.
func (m *machine) function(name string, length int, f func(goja.FunctionCall) goja.Value) *goja.Object {
	checked := func(call goja.FunctionCall) goja.Value {
		m.check()
		return f(call)
	}
	function := m.vm.ToValue(checked).ToObject(m.vm)
	m.must(function.DefineDataProperty("name", m.vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	m.must(function.DefineDataProperty("length", m.vm.ToValue(length), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	return function
}

// must is for operations that fail only if the engine is not what this package
// was written for. newMachine turns the panic into an error.
func (m *machine) must(err error) {
	if err != nil {
		panic(err)
	}
}
