package script

import (
	"slices"

	"github.com/dop251/goja"
)

// list collects the elements of an array that is being made.
type list struct {
	machine *machine
	items   []any
}

func (l *list) add(v goja.Value) {
	if len(l.items) >= maxArray {
		l.machine.rangeError("Invalid array length")
	}
	if len(l.items)%1024 == 0 {
		l.machine.check()
	}
	l.items = append(l.items, v)
}

// addFlat adds the elements of an array, and those of arrays in it as deep as
// depth says. What is not an array is added itself.
func (l *list) addFlat(v goja.Value, depth int) {
	object, ok := v.(*goja.Object)
	if !ok || depth < 0 || object.ClassName() != "Array" {
		l.add(v)
		return
	}
	defer l.machine.enter(object)()
	for i := range l.machine.lengthOf(object) {
		l.addFlat(l.machine.element(object, i), depth-1)
	}
}

func (l *list) array() goja.Value { return l.machine.vm.NewArray(l.items...) }

func (m *machine) concat(call goja.FunctionCall) goja.Value {
	l := &list{machine: m}
	l.addFlat(call.This.ToObject(m.vm), 0)
	for _, argument := range call.Arguments {
		l.addFlat(argument, 0)
	}
	return l.array()
}

func (m *machine) flat(call goja.FunctionCall) goja.Value {
	depth := 1
	if argument := call.Argument(0); !goja.IsUndefined(argument) {
		depth = m.truncated(argument)
	}
	l := &list{machine: m}
	l.addFlat(call.This.ToObject(m.vm), max(depth, 0))
	return l.array()
}

func (m *machine) flatMap(call goja.FunctionCall) goja.Value {
	f := m.callback(call.Argument(0))
	array := call.This.ToObject(m.vm)
	l := &list{machine: m}
	for i := range m.lengthOf(array) {
		l.addFlat(m.call(f, call.Argument(1), m.element(array, i), m.vm.ToValue(i), array), 0)
	}
	return l.array()
}

// join is Array.prototype.join. The engine also calls it for the text of an array.
func (m *machine) join(call goja.FunctionCall) goja.Value {
	separator := m.vm.ToValue(",")
	if argument := call.Argument(0); !goja.IsUndefined(argument) {
		separator = argument
	}
	return m.joinElements(call.This, m.text16(separator), m.text16)
}

func (m *machine) joinLocale(call goja.FunctionCall) goja.Value {
	return m.joinElements(call.This, m.text16(m.vm.ToValue(",")), func(v goja.Value) goja.String {
		return m.text16(m.call(m.callback(v.ToObject(m.vm).Get("toLocaleString")), v))
	})
}

func (m *machine) joinElements(v goja.Value, separator goja.String, text func(goja.Value) goja.String) goja.Value {
	array := v.ToObject(m.vm)
	if slices.Contains(m.nesting, array) {
		return m.vm.ToValue("")
	}
	defer m.enter(array)()
	b := m.textBuilder()
	for i := range m.lengthOf(array) {
		if i > 0 {
			b.write(separator)
		}
		if v := m.element(array, i); !goja.IsUndefined(v) && !goja.IsNull(v) {
			b.write(text(v))
		}
	}
	return b.value()
}

// enter notes that the elements of an object are being visited, and returns what
// is to be called afterwards. It throws if too many objects are visited inside
// each other.
func (m *machine) enter(object *goja.Object) (leave func()) {
	if len(m.nesting) >= maxNested {
		m.rangeError("Maximum call stack size exceeded")
	}
	m.check()
	m.nesting = append(m.nesting, object)
	depth := len(m.nesting)
	return func() { m.nesting = m.nesting[:depth-1] }
}
