package script

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/dlclark/regexp2/v2"
	"github.com/dop251/goja"
)

// maxBacktracking bounds the memory of a match, in machine words.
const maxBacktracking = 4 << 20

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
	source, flags := goja.Value(goja.Undefined()), goja.Value(goja.Undefined())
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
	re                      *regexp2.Regexp
	global, sticky, unicode bool
}

// pattern makes a RegExp object ready, or throws if v is none.
func (m *machine) pattern(v goja.Value) *pattern {
	if !isRegExp(v) {
		panic(m.vm.NewTypeError("a method of regular expressions was called on something else"))
	}
	object := v.ToObject(m.vm)
	flags := object.Get("flags").String()
	p := &pattern{
		machine: m, object: object,
		global: strings.Contains(flags, "g"), sticky: strings.Contains(flags, "y"), unicode: strings.Contains(flags, "u"),
	}
	key := patternKey{source: patternText(m.text16(object.Get("source")), p.unicode), flags: flags}
	re, ok := m.engine.patterns.get(key)
	if !ok {
		var err error
		if re, err = compilePattern(key); err != nil {
			m.throw("SyntaxError", "Invalid regular expression: "+err.Error())
		}
		m.engine.patterns.put(key, re, 1)
	}
	// The timeout is part of the compiled expression, which others use too.
	limited := *re
	limited.MatchTimeout = m.timeLeft()
	p.re = &limited
	return p
}

func compilePattern(key patternKey) (*regexp2.Regexp, error) {
	if err := checkPattern(key.source); err != nil {
		return nil, err
	}
	options := regexp2.ECMAScript
	for _, flag := range key.flags {
		switch flag {
		case 'i':
			options |= regexp2.IgnoreCase
		case 'm':
			options |= regexp2.Multiline
		case 's':
			options |= regexp2.Singleline
		case 'u':
			options |= regexp2.Unicode
		}
	}
	return regexp2.Compile(key.source, options,
		regexp2.OptionMaintainCaptureOrder(), regexp2.OptionMaxBacktrackingStackSize(maxBacktracking))
}

// patternText is the source of a regular expression for matching single UTF-16
// units, or whole characters in the Unicode mode.
func patternText(source goja.String, unicode bool) string {
	var b strings.Builder
	for i := 0; i < source.Length(); i++ {
		unit := rune(source.CharAt(i))
		if unit < 0xd800 || unit > 0xdfff {
			b.WriteRune(unit)
			continue
		}
		if r, size := runeAt(source, i); unicode && size == 2 {
			b.WriteRune(r)
			i++
			continue
		}
		fmt.Fprintf(&b, `\u%04x`, unit)
	}
	return b.String()
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
	found := p.find(text, from)
	if p.sticky && found != nil && found[0].start != from {
		found = nil
	}
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

// find is the first match at or after a position, or nil.
func (p *pattern) find(text goja.String, from int) match {
	p.machine.check()
	s := p.machine.subjectOf(text, p.unicode)
	found, err := p.re.FindRunesMatchStartingAt(s.runes, s.index(from))
	if err != nil {
		p.machine.matchFailed(err)
	}
	if found == nil {
		return nil
	}
	groups := found.Groups()
	spans := make(match, len(groups))
	for i := range groups {
		g := &groups[i]
		if len(g.Captures) == 0 {
			spans[i].start = -1
		} else {
			spans[i].start, spans[i].end = s.position(g.RuneIndex), s.position(g.RuneIndex+g.RuneLength)
		}
		if _, err := strconv.Atoi(g.Name); err != nil {
			spans[i].name = g.Name
		}
	}
	return spans
}

// matchFailed throws what kept a match from ending.
func (m *machine) matchFailed(err error) {
	if errors.Is(err, regexp2.ErrBacktrackingStackLimit) {
		m.rangeError("the regular expression backtracks too much")
	}
	m.session.watch.stop(ErrTimeout)
	m.check()
}

// all calls f with each match in turn, as for a global expression, until f
// returns false.
func (p *pattern) all(text goja.String, f func(match) bool) {
	for from := 0; from <= text.Length(); {
		found := p.find(text, from)
		if found == nil || p.sticky && found[0].start != from || !f(found) {
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
