package script

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/dop251/goja"
)

// jsonWriter is JSON.stringify. The engine's own would follow a million arrays
// inside each other, and write out what many objects share as often as it is
// shared, without ever being interrupted.
type jsonWriter struct {
	machine  *machine
	limit    int // bytes
	out      []byte
	full     bool          // more was to be written than the limit allows
	replacer goja.Callable // or nil
	only     []string      // names of the properties to write, or nil
	gap      string        // what each level is indented by
	indent   string
}

func (m *machine) installJSON() {
	object := m.builtin("JSON")
	m.method(object, "stringify", 3, m.stringify)
	m.replace(object, "parse", m.parseJSON)
}

// stringify is JSON.stringify.
func (m *machine) stringify(call goja.FunctionCall) goja.Value {
	w := &jsonWriter{machine: m, limit: maxString}
	if replacer, ok := call.Argument(1).(*goja.Object); ok {
		if f, ok := goja.AssertFunction(replacer); ok {
			w.replacer = f
		} else if replacer.ClassName() == "Array" {
			w.only = m.propertyNames(replacer)
		}
	}
	w.gap = m.jsonGap(call.Argument(2))
	holder := goja.Undefined()
	if w.replacer != nil {
		object := m.vm.NewObject()
		m.setOwn(object, "", call.Argument(0))
		holder = object
	}
	if !w.write(holder, "", call.Argument(0)) {
		return goja.Undefined()
	}
	return m.vm.ToValue(string(w.out))
}

func (m *machine) propertyNames(list *goja.Object) []string {
	names := []string{}
	for _, v := range m.elements(list) {
		object, wrapped := v.(*goja.Object)
		wrapped = wrapped && (object.ClassName() == "String" || object.ClassName() == "Number")
		if !wrapped && !goja.IsString(v) && !goja.IsNumber(v) {
			continue
		}
		if name := m.text16(v).String(); !slices.Contains(names, name) {
			names = append(names, name)
		}
		if len(names) > maxNested {
			m.rangeError("too many properties to choose from")
		}
	}
	return names
}

func (m *machine) jsonGap(v goja.Value) string {
	v = unwrap1(v)
	switch {
	case goja.IsNumber(v):
		return strings.Repeat(" ", min(max(m.truncated(v), 0), 10))
	case goja.IsString(v):
		text := v.(goja.String)
		return text.Substring(0, min(text.Length(), 10)).String()
	}
	return ""
}

// write appends the property of a name. It returns false if there is nothing to
// write for such a value.
func (w *jsonWriter) write(holder goja.Value, name string, v goja.Value) bool {
	w.machine.check()
	v = w.replaced(holder, name, v)
	switch object := v.(type) {
	case *goja.Object:
		if _, ok := goja.AssertFunction(object); ok {
			return false
		}
		leave := w.enter(object)
		if object.ClassName() == "Array" {
			w.writeArray(object)
		} else {
			w.writeObject(object)
		}
		leave()
	case goja.String:
		w.writeString(object)
	case *goja.Symbol:
		return false
	default:
		if v == nil || goja.IsUndefined(v) {
			return false
		}
		w.writeText(jsonScalar(v))
	}
	return true
}

// replaced is what is written instead of a value: what its toJSON returns, what
// the replacer makes of it, and the primitive in an object around one.
func (w *jsonWriter) replaced(holder goja.Value, name string, v goja.Value) goja.Value {
	m := w.machine
	if object, ok := v.(*goja.Object); ok {
		if toJSON, ok := goja.AssertFunction(object.Get("toJSON")); ok {
			v = m.call(toJSON, object, m.vm.ToValue(name))
		}
	}
	if w.replacer != nil {
		v = m.call(w.replacer, holder, m.vm.ToValue(name), v)
	}
	return unwrap1(v)
}

// unwrap1 is the primitive inside a Number, String or Boolean object.
func unwrap1(v goja.Value) goja.Value {
	object, ok := v.(*goja.Object)
	if !ok {
		return v
	}
	switch object.ClassName() {
	case "Number":
		return object.ToNumber()
	case "String":
		return object.ToString()
	case "Boolean":
		valueOf, ok := goja.AssertFunction(object.Get("valueOf"))
		if !ok {
			return v
		}
		primitive, err := valueOf(object)
		if err != nil {
			panic(err)
		}
		return primitive
	}
	return v
}

func (w *jsonWriter) enter(object *goja.Object) (leave func()) {
	if slices.Contains(w.machine.nesting, object) {
		panic(w.machine.vm.NewTypeError("Converting circular structure to JSON"))
	}
	outer := w.indent
	w.indent += w.gap
	exit := w.machine.enter(object)
	return func() {
		exit()
		w.indent = outer
	}
}

func (w *jsonWriter) writeArray(array *goja.Object) {
	w.writeText("[")
	length := w.machine.lengthOf(array)
	for i := range length {
		w.separate(i == 0)
		if !w.write(array, strconv.Itoa(i), w.machine.element(array, i)) {
			w.writeText("null")
		}
	}
	w.close(length == 0, "]")
}

func (w *jsonWriter) writeObject(object *goja.Object) {
	names := w.only
	if names == nil {
		names = object.Keys()
	}
	w.writeText("{")
	empty := true
	for _, name := range names {
		start := len(w.out)
		w.separate(empty)
		w.writeString(w.machine.text16(w.machine.vm.ToValue(name)))
		w.writeText(":")
		if w.gap != "" {
			w.writeText(" ")
		}
		if !w.write(object, name, object.Get(name)) {
			w.out = w.out[:start]
			continue
		}
		empty = false
	}
	w.close(empty, "}")
}

func (w *jsonWriter) separate(first bool) {
	if !first {
		w.writeText(",")
	}
	if w.gap != "" {
		w.writeText("\n" + w.indent)
	}
}

func (w *jsonWriter) close(empty bool, bracket string) {
	if w.gap != "" && !empty {
		w.writeText("\n" + strings.TrimSuffix(w.indent, w.gap))
	}
	w.writeText(bracket)
}

func (w *jsonWriter) writeText(text string) {
	w.checkRoom(len(text))
	w.out = append(w.out, text...)
}

func (w *jsonWriter) checkRoom(more int) {
	if len(w.out)+more > w.limit {
		w.full = true
		w.machine.rangeError("Invalid string length")
	}
}

// writeString writes a string; halves of surrogate pairs are escaped.
func (w *jsonWriter) writeString(text goja.String) {
	w.checkRoom(text.Length())
	w.out = append(w.out, '"')
	for i := 0; i < text.Length(); {
		r, size := runeAt(text, i)
		w.out = appendJSONRune(w.out, r)
		i += size
	}
	w.writeText(`"`)
}

func appendJSONRune(out []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(out, '\\', byte(r))
	case '\b':
		return append(out, `\b`...)
	case '\f':
		return append(out, `\f`...)
	case '\n':
		return append(out, `\n`...)
	case '\r':
		return append(out, `\r`...)
	case '\t':
		return append(out, `\t`...)
	}
	if r < ' ' || utf16.IsSurrogate(r) {
		const digits = "0123456789abcdef"
		return append(out, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
	}
	return append(out, string(r)...)
}

// jsonScalar is null, a boolean or a number.
func jsonScalar(v goja.Value) string {
	if f := v.ToFloat(); goja.IsNumber(v) && (math.IsNaN(f) || math.IsInf(f, 0)) {
		return "null"
	}
	return v.String()
}
