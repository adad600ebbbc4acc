package script

import (
	"strings"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/internal/jsregexp"
)

// installRegexps replaces everything that matches. The engine's own matching
// cannot be interrupted, and would call whatever a script has put in the place
// of exec as often as it likes.
func (m *machine) installRegexps() {
	prototype := m.builtin("RegExp.prototype")
	m.method(prototype, "exec", 1, func(call goja.FunctionCall) goja.Value {
		p, text := m.pattern(call.This), m.text16(call.Argument(0))
		return p.result(p.exec(text), text)
	})
	m.method(prototype, "test", 1, func(call goja.FunctionCall) goja.Value {
		return m.vm.ToValue(m.pattern(call.This).exec(m.text16(call.Argument(0))) != nil)
	})
	// The getter of flags reads the other properties, which scripts can redefine.
	descriptor := m.call(m.natives.descriptor, nil, prototype, m.vm.ToValue("flags")).ToObject(m.vm)
	flags := m.callback(descriptor.Get("get"))
	m.must(prototype.DefineAccessorProperty("flags",
		m.function("get flags", 0, func(call goja.FunctionCall) goja.Value { return m.call(flags, call.This) }),
		nil, goja.FLAG_TRUE, goja.FLAG_FALSE))
	prototype = m.builtin("String.prototype")
	m.method(prototype, "match", 1, m.match)
	m.method(prototype, "matchAll", 1, m.matchAll)
	m.method(prototype, "search", 1, m.search)
	m.method(prototype, "split", 2, m.split)
	m.method(prototype, "replace", 2, m.replaceText)
}

func isRegExp(v goja.Value) bool {
	object, ok := v.(*goja.Object)
	return ok && object.ClassName() == "RegExp"
}

// makeRegExp is the constructor; its arguments are new.target and the list of
// the constructor's arguments.
func (m *machine) makeRegExp(call goja.FunctionCall) goja.Value {
	source, flags := goja.Undefined(), goja.Undefined()
	switch args := m.elements(call.Argument(1)); len(args) {
	case 0:
	case 1:
		source = args[0]
	default:
		source, flags = args[0], args[1]
	}
	return m.newRegExp(call.Argument(0), source, flags)
}

func (m *machine) newRegExp(target, source, flags goja.Value) *goja.Object {
	if isRegExp(source) {
		if goja.IsUndefined(flags) {
			flags = source.ToObject(m.vm).Get("flags")
		}
		source = source.ToObject(m.vm).Get("source")
	}
	if goja.IsUndefined(source) {
		source = m.vm.ToValue("")
	}
	source = m.text16(source)
	if err := checkPattern(source.String()); err != nil {
		m.throw("SyntaxError", err.Error())
	}
	return m.construct("RegExp", target, source, flags)
}

// patternKey is what a compiled regular expression is remembered by.
type patternKey struct{ source, flags string }

// pattern is a regular expression object made ready to match.
type pattern struct {
	machine                 *machine
	object                  *goja.Object
	re                      *jsregexp.Regexp
	global, sticky, unicode bool
}

// pattern makes a RegExp object ready, or throws if v is none.
func (m *machine) pattern(v goja.Value) *pattern {
	if !isRegExp(v) {
		panic(m.vm.NewTypeError("a method of regular expressions was called on something else"))
	}
	object := v.ToObject(m.vm)
	flags := object.Get("flags").String()
	has := func(flag string) bool { return strings.Contains(flags, flag) }
	p := &pattern{machine: m, object: object, global: has("g"), sticky: has("y"), unicode: has("u")}

	source := newSubject(m.text16(object.Get("source")), p.unicode).runes
	key := patternKey{source: exactKey(source), flags: flags}
	re, ok := m.engine.patterns.get(key)
	if !ok {
		err := checkPattern(string(source))
		if err == nil {
			re, err = jsregexp.Compile(source, jsregexp.Flags{IgnoreCase: has("i"), Multiline: has("m"), DotAll: has("s"), Unicode: p.unicode})
		}
		if err != nil {
			m.throw("SyntaxError", "Invalid regular expression: "+err.Error())
		}
		m.engine.patterns.put(key, re, 1)
	}
	p.re = re
	return p
}

// exactKey is a string that differs wherever characters do, even if they are
// halves of surrogate pairs.
func exactKey(runes []rune) string {
	key := make([]byte, 0, 3*len(runes))
	for _, r := range runes {
		key = append(key, byte(r>>16), byte(r>>8), byte(r))
	}
	return string(key)
}

// match is where a regular expression and its groups matched, as positions in
// UTF-16 units. A group that took no part starts at -1.
type match []span

type span struct {
	start, end int
	name       string // of a named group
}

// exec is RegExp.prototype.exec: it goes by lastIndex and sets it. It returns nil
// if there is no match.
func (p *pattern) exec(text goja.String) match {
	from := 0
	moves := p.global || p.sticky
	if moves {
		if from = p.machine.truncated(p.object.Get("lastIndex")); from < 0 || from > text.Length() {
			p.setLastIndex(0)
			return nil
		}
	}
	found := p.find(text, from, p.sticky)
	switch {
	case moves && found == nil:
		p.setLastIndex(0)
	case moves:
		p.setLastIndex(found[0].end)
	}
	return found
}

func (p *pattern) setLastIndex(i int) {
	if err := p.object.Set("lastIndex", i); err != nil {
		panic(err)
	}
}

// find is the first match at or after a position, or exactly there, or nil.
func (p *pattern) find(text goja.String, from int, exactly bool) match {
	m := p.machine
	s := m.subjectOf(text, p.unicode)
	slots, err := p.re.Match(s.runes, s.index(from), exactly, m.interruption)
	if err != nil {
		m.matchFailed(err)
	}
	if slots == nil {
		return nil
	}
	spans := make(match, len(slots)/2)
	for i := range spans {
		spans[i] = span{start: -1, name: p.re.Names[i]}
		if slots[2*i] >= 0 {
			spans[i].start, spans[i].end = s.position(slots[2*i]), s.position(slots[2*i+1])
		}
	}
	return spans
}

// matchFailed throws what kept a match from ending.
func (m *machine) matchFailed(err error) {
	m.check()
	m.rangeError("%v", err)
}

// all calls f with each match in turn, as for a global expression, until f
// returns false.
func (p *pattern) all(text goja.String, f func(match) bool) {
	for from := 0; from <= text.Length(); {
		found := p.find(text, from, p.sticky)
		if found == nil || !f(found) {
			return
		}
		if from = found[0].end; found[0].start == found[0].end {
			from = p.next(text, from)
		}
	}
}

// next is the position after a character.
func (p *pattern) next(text goja.String, i int) int {
	if p.unicode && i < text.Length() {
		_, size := runeAt(text, i)
		return i + size
	}
	return i + 1
}
