package script

import (
	"math"

	"github.com/dop251/goja"
)

// result is what exec returns: an array of the match and its groups, or null.
func (p *pattern) result(found match, text goja.String) goja.Value {
	if found == nil {
		return goja.Null()
	}
	m := p.machine
	items := make([]any, len(found))
	for i, value := range found.values(text) {
		items[i] = value
	}
	array := m.vm.NewArray(items...)
	m.setOwn(array, "index", m.vm.ToValue(found[0].start))
	m.setOwn(array, "input", text)
	m.setOwn(array, "groups", p.groups(found, text))
	return array
}

// values are the texts of the match and its groups.
func (f match) values(text goja.String) []goja.Value {
	values := make([]goja.Value, len(f))
	for i, s := range f {
		values[i] = goja.Undefined()
		if s.start >= 0 {
			values[i] = text.Substring(s.start, s.end)
		}
	}
	return values
}

// groups is an object of the named groups, or undefined if there are none.
func (p *pattern) groups(found match, text goja.String) goja.Value {
	var groups *goja.Object
	for i, value := range found.values(text) {
		if found[i].name == "" {
			continue
		}
		if groups == nil {
			groups = p.machine.vm.CreateObject(nil)
		}
		p.machine.setOwn(groups, found[i].name, value)
	}
	if groups == nil {
		return goja.Undefined()
	}
	return groups
}

// patternOf is an argument as a regular expression; what is not one is the
// source of one.
func (m *machine) patternOf(v goja.Value, flags string) *pattern {
	if isRegExp(v) {
		return m.pattern(v)
	}
	return m.pattern(m.newRegExp(nil, v, m.vm.ToValue(flags)))
}

// match is String.prototype.match.
func (m *machine) match(call goja.FunctionCall) goja.Value {
	text := m.thisText(call)
	p := m.patternOf(call.Argument(0), "")
	if !p.global {
		return p.result(p.exec(text), text)
	}
	p.setLastIndex(0)
	l := &list{machine: m}
	p.all(text, func(found match) bool {
		l.add(text.Substring(found[0].start, found[0].end))
		return true
	})
	if len(l.items) == 0 {
		return goja.Null()
	}
	return l.array()
}

// matchAll is String.prototype.matchAll, but for finding all matches at once.
func (m *machine) matchAll(call goja.FunctionCall) goja.Value {
	text := m.thisText(call)
	p := m.patternOf(call.Argument(0), "g")
	if !p.global {
		panic(m.vm.NewTypeError("String.prototype.matchAll called with a non-global RegExp argument"))
	}
	l := &list{machine: m}
	p.all(text, func(found match) bool {
		l.add(p.result(found, text))
		return true
	})
	return m.call(m.natives.arrayValues, l.array())
}

// search is String.prototype.search.
func (m *machine) search(call goja.FunctionCall) goja.Value {
	text := m.thisText(call)
	p := m.patternOf(call.Argument(0), "")
	found := p.find(text, 0, p.sticky)
	if found == nil {
		return m.vm.ToValue(-1)
	}
	return m.vm.ToValue(found[0].start)
}

// split is String.prototype.split.
func (m *machine) split(call goja.FunctionCall) goja.Value {
	text := m.thisText(call)
	limit := uint32(math.MaxUint32)
	if argument := call.Argument(1); !goja.IsUndefined(argument) {
		limit = uint32(argument.ToInteger())
	}
	l := &list{machine: m}
	add := func(v goja.Value) bool {
		if uint32(len(l.items)) < limit {
			l.add(v)
		}
		return uint32(len(l.items)) < limit
	}
	switch separator := call.Argument(0); {
	case limit == 0:
	case goja.IsUndefined(separator):
		add(text)
	case isRegExp(separator):
		m.pattern(separator).split(text, add)
	default:
		m.splitAt(text, m.text16(separator), add)
	}
	return l.array()
}

func (m *machine) splitAt(text, separator goja.String, add func(goja.Value) bool) {
	width := separator.Length()
	if width == 0 {
		for i := range text.Length() {
			if !add(text.Substring(i, i+1)) {
				return
			}
		}
		return
	}
	start := 0
	for {
		i := m.index(text, separator, start)
		if i < 0 {
			add(text.Substring(start, text.Length()))
			return
		}
		if !add(text.Substring(start, i)) {
			return
		}
		start = i + width
	}
}

// split takes a text apart at the matches. Unlike for the other functions, an
// empty match at the end of the part before it does not count.
func (p *pattern) split(text goja.String, add func(goja.Value) bool) {
	if text.Length() == 0 {
		if p.find(text, 0, true) == nil {
			add(text)
		}
		return
	}
	start := 0
	for from := 0; from < text.Length(); {
		found := p.find(text, from, false)
		if found == nil || found[0].start >= text.Length() {
			break
		}
		if found[0].end == start {
			from = p.next(text, max(from, found[0].start))
			continue
		}
		if !add(text.Substring(start, found[0].start)) {
			return
		}
		for _, group := range found.values(text)[1:] {
			if !add(group) {
				return
			}
		}
		start = found[0].end
		from = start
	}
	add(text.Substring(start, text.Length()))
}
