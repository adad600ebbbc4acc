package script

import (
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

// linearInLength are the methods of arrays that are linear in the length of the
// array and read it once.
const linearInLength = "at copyWithin every fill filter find findIndex findLast findLastIndex forEach map pop push reduce " +
	"reduceRight reverse shift slice some splice toReversed toSpliced unshift with"

// installArrays bounds the methods of arrays. A length says nothing about the
// memory that is really used: an array of four billion missing elements takes
// none, but a loop over it takes minutes.
func (m *machine) installArrays() {
	prototype := m.builtin("Array.prototype")
	for name := range strings.FieldsSeq(linearInLength) {
		m.replace(prototype, name, func(native goja.Callable, call goja.FunctionCall) goja.Value {
			m.lengthOf(call.This)
			return m.call(native, call.This, call.Arguments...)
		})
	}
	m.method(prototype, "concat", 1, m.concat)
	m.method(prototype, "flat", 0, m.flat)
	m.method(prototype, "flatMap", 1, m.flatMap)
	m.method(prototype, "includes", 1, m.includes)
	m.method(prototype, "indexOf", 1, m.indexOf)
	m.method(prototype, "join", 1, m.join)
	m.method(prototype, "lastIndexOf", 1, m.lastIndexOf)
	m.method(prototype, "toLocaleString", 0, m.joinLocale)
	m.replace(prototype, "sort", m.sort)
	m.replace(prototype, "toSorted", m.sort)
	m.replace(m.builtin("Array"), "from", func(native goja.Callable, call goja.FunctionCall) goja.Value {
		if object, ok := call.Argument(0).(*goja.Object); ok && object.GetSymbol(goja.SymIterator) == nil {
			m.lengthOf(object)
		}
		return m.call(native, call.This, call.Arguments...)
	})
}

// lengthOf is the length of an array, of a string, or of an object that has a
// length as arguments objects have it. It throws if there are too many elements,
// or if the length could be another one when it is read again.
func (m *machine) lengthOf(v goja.Value) int {
	length := 0
	switch v := v.(type) {
	case goja.String:
		length = v.Length()
	case *goja.Object:
		if !m.isArrayLike(v) {
			panic(m.vm.NewTypeError("%s is not an array", v.ClassName()))
		}
		length = m.truncated(v.Get("length"))
	}
	if length > maxArray {
		m.rangeError("Invalid array length")
	}
	return max(length, 0)
}

// maxInherited is through how many prototypes an array may inherit: each look at
// a missing element walks through all of them.
const maxInherited = 100

func (m *machine) isArrayLike(object *goja.Object) bool {
	prototype := object.Prototype()
	for range maxInherited {
		if prototype == nil {
			break
		}
		prototype = prototype.Prototype()
	}
	if prototype != nil {
		return false
	}
	switch object.ClassName() {
	case "Array", "String":
		return true
	}
	descriptor, ok := m.call(m.natives.descriptor, nil, object, m.vm.ToValue("length")).(*goja.Object)
	if !ok {
		return false
	}
	value := descriptor.Get("value")
	return value != nil && goja.IsNumber(value)
}

// element is an element of an object that has a length.
func (m *machine) element(object *goja.Object, i int) goja.Value {
	if v := object.Get(strconv.Itoa(i)); v != nil {
		return v
	}
	return goja.Undefined()
}

// sort gives the engine's functions an order that can be interrupted.
func (m *machine) sort(native goja.Callable, call goja.FunctionCall) goja.Value {
	m.lengthOf(call.This)
	order := call.Argument(0)
	if goja.IsUndefined(order) {
		order = m.function("", 2, func(call goja.FunctionCall) goja.Value {
			return m.vm.ToValue(m.text16(call.Argument(0)).CompareTo(m.text16(call.Argument(1))))
		})
	}
	return m.call(native, call.This, order)
}

func (m *machine) includes(call goja.FunctionCall) goja.Value {
	what := call.Argument(0)
	isNaN := goja.IsNaN(what)
	found := m.find(call, 1, func(v goja.Value) bool { return v.StrictEquals(what) || isNaN && goja.IsNaN(v) })
	return m.vm.ToValue(found >= 0)
}

func (m *machine) indexOf(call goja.FunctionCall) goja.Value {
	return m.vm.ToValue(m.find(call, 1, call.Argument(0).StrictEquals))
}

func (m *machine) lastIndexOf(call goja.FunctionCall) goja.Value {
	return m.vm.ToValue(m.find(call, -1, call.Argument(0).StrictEquals))
}

// find is the index of the first element that is wanted, from the second
// argument on and in steps, or -1.
func (m *machine) find(call goja.FunctionCall, step int, wanted func(goja.Value) bool) int {
	array := call.This.ToObject(m.vm)
	length := m.lengthOf(array)
	i := 0
	if step < 0 {
		i = length - 1
	}
	if len(call.Arguments) > 1 {
		if i = m.truncated(call.Arguments[1]); i < 0 {
			i = max(i+length, min(step, 0))
		}
		i = min(i, length-max(-step, 0))
	}
	for ; 0 <= i && i < length; i += step {
		m.check()
		if wanted(m.element(array, i)) {
			return i
		}
	}
	return -1
}
