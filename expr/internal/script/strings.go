package script

import (
	"strings"

	"github.com/dop251/goja"
)

// installStrings bounds the methods of strings that make a text larger than what
// they are given, that search, or that work with regular expressions.
func (m *machine) installStrings() {
	prototype := m.builtin("String.prototype")
	for name := range strings.FieldsSeq("indexOf lastIndexOf includes") {
		m.replace(prototype, name, func(native goja.Callable, call goja.FunctionCall) goja.Value {
			text, pattern := m.thisText(call), call.Argument(0)
			if !isRegExp(pattern) { // which includes refuses
				pattern = m.text16(pattern)
				m.checkSearch(text, m.text16(pattern))
			}
			return m.call(native, text, append([]goja.Value{pattern}, call.Arguments[min(1, len(call.Arguments)):]...)...)
		})
	}
	for name := range strings.FieldsSeq("normalize localeCompare") {
		m.replace(prototype, name, func(native goja.Callable, call goja.FunctionCall) goja.Value {
			text := m.thisText(call)
			if text.Length() > maxArray {
				m.rangeError("the string is too long for %s", name)
			}
			return m.call(native, text, call.Arguments...)
		})
	}
	for name := range strings.FieldsSeq("padStart padEnd") {
		m.replace(prototype, name, func(native goja.Callable, call goja.FunctionCall) goja.Value {
			length := m.truncated(call.Argument(0))
			m.checkLength(length)
			return m.call(native, call.This, m.vm.ToValue(length), call.Argument(1))
		})
	}
	m.replace(prototype, "repeat", func(native goja.Callable, call goja.FunctionCall) goja.Value {
		text, count := m.thisText(call), m.truncated(call.Argument(0))
		if text.Length() > 0 && count > 0 {
			m.checkLength(min(count, maxString+1) * text.Length())
		}
		return m.call(native, text, m.vm.ToValue(count))
	})
	m.method(prototype, "concat", 1, func(call goja.FunctionCall) goja.Value {
		b := m.textBuilder()
		b.write(m.thisText(call))
		for _, argument := range call.Arguments {
			b.write(m.text16(argument))
		}
		return b.value()
	})
	m.hidden(prototype, "trimLeft", prototype.Get("trimStart"))
	m.hidden(prototype, "trimRight", prototype.Get("trimEnd"))
}

// thisText is the text that a method of strings is called on.
func (m *machine) thisText(call goja.FunctionCall) goja.String {
	if goja.IsUndefined(call.This) || goja.IsNull(call.This) {
		panic(m.vm.NewTypeError("a method of strings was called on %s", call.This))
	}
	return m.text16(call.This)
}

// text16 is a value as text, which may hold halves of surrogate pairs.
func (m *machine) text16(v goja.Value) goja.String {
	v = v.ToString() // leaves numbers and the like as they are
	if text, ok := v.(goja.String); ok {
		return text
	}
	return m.vm.ToValue(v.String()).(goja.String)
}

func (m *machine) checkLength(length int) {
	if length > maxString {
		m.rangeError("Invalid string length")
	}
}

// checkSearch throws if looking for a text in another could take too long, as
// the engine compares naively.
func (m *machine) checkSearch(text, pattern goja.String) {
	if pattern.Length()*max(text.Length()-pattern.Length(), 0) > maxSearch {
		m.rangeError("the strings are too long to search")
	}
}

// index is where pattern occurs in text at or after from, or -1.
func (m *machine) index(text, pattern goja.String, from int) int {
	m.checkSearch(text, pattern)
	return int(m.call(m.natives.indexOf, text, pattern, m.vm.ToValue(from)).ToInteger())
}

// textBuilder collects a text of bounded length.
type textBuilder struct {
	machine *machine
	builder goja.StringBuilder
	length  int
	writes  int
}

func (m *machine) textBuilder() *textBuilder { return &textBuilder{machine: m} }

func (b *textBuilder) write(text goja.String) { b.writePart(text, 0, text.Length()) }

func (b *textBuilder) writePart(text goja.String, start, end int) {
	b.length += end - start
	b.machine.checkLength(b.length)
	if b.writes++; b.writes%1024 == 0 {
		b.machine.check()
	}
	b.builder.WriteSubstring(text, start, end)
}

func (b *textBuilder) value() goja.String { return b.builder.String() }
