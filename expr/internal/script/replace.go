package script

import (
	"github.com/dop251/goja"
)

// replaceText is String.prototype.replace.
func (m *machine) replaceText(call goja.FunctionCall) goja.Value {
	text := m.thisText(call)
	if isRegExp(call.Argument(0)) {
		return m.replaceMatches(text, m.pattern(call.Argument(0)), call.Argument(1))
	}
	what := m.text16(call.Argument(0))
	with := m.replacement(text, call.Argument(1))
	b := m.textBuilder()
	at := m.index(text, what, 0)
	if at < 0 {
		return text
	}
	b.writePart(text, 0, at)
	with(b, match{{start: at, end: at + what.Length()}}, goja.Undefined())
	b.writePart(text, at+what.Length(), text.Length())
	return b.value()
}

// replaceEach replaces every occurrence of a text.
func (m *machine) replaceEach(text, what goja.String, by goja.Value) goja.Value {
	with := m.replacement(text, by)
	b := m.textBuilder()
	done := 0
	for from := 0; from <= text.Length(); {
		at := m.index(text, what, from)
		if at < 0 {
			break
		}
		b.writePart(text, done, at)
		done = at + what.Length()
		with(b, match{{start: at, end: done}}, goja.Undefined())
		from = max(done, at+1)
	}
	b.writePart(text, done, text.Length())
	return b.value()
}

// replaceMatches replaces the matches of a regular expression, all of them if it
// is global.
func (m *machine) replaceMatches(text goja.String, p *pattern, by goja.Value) goja.Value {
	with := m.replacement(text, by)
	b := m.textBuilder()
	done := 0
	step := func(found match) bool {
		b.writePart(text, done, found[0].start)
		with(b, found, p.groups(found, text))
		done = found[0].end
		return true
	}
	if p.global {
		p.setLastIndex(0)
		p.all(text, step)
	} else if found := p.exec(text); found != nil {
		step(found)
	}
	b.writePart(text, done, text.Length())
	return b.value()
}

// replacement is what writes the replacement of a match of a text: the result of
// a function, or a template.
func (m *machine) replacement(text goja.String, by goja.Value) func(*textBuilder, match, goja.Value) {
	f, ok := goja.AssertFunction(by)
	if !ok {
		template := m.text16(by)
		return func(b *textBuilder, found match, groups goja.Value) {
			b.writeTemplate(template, text, found, groups)
		}
	}
	return func(b *textBuilder, found match, groups goja.Value) {
		args := append(found.values(text), m.vm.ToValue(found[0].start), text)
		if !goja.IsUndefined(groups) {
			args = append(args, groups)
		}
		b.write(m.text16(m.call(f, goja.Undefined(), args...)))
	}
}

// writeTemplate writes a replacement in which $ stands for parts of the match
// (GetSubstitution of ECMA-262).
func (b *textBuilder) writeTemplate(template, text goja.String, found match, groups goja.Value) {
	end := template.Length()
	for i := 0; i < end; {
		if template.CharAt(i) != '$' || i+1 == end {
			from := i
			for i++; i < end && template.CharAt(i) != '$'; i++ {
			}
			b.writePart(template, from, i)
			continue
		}
		switch c := template.CharAt(i + 1); {
		case c == '$':
			b.writePart(template, i, i+1)
			i += 2
		case c == '&':
			b.writePart(text, found[0].start, found[0].end)
			i += 2
		case c == '`':
			b.writePart(text, 0, found[0].start)
			i += 2
		case c == '\'':
			b.writePart(text, found[0].end, text.Length())
			i += 2
		case c == '<' && !goja.IsUndefined(groups):
			i += b.writeNamed(template, i, groups)
		default:
			group, width := groupNumber(template, i+1, len(found)-1)
			if group == 0 {
				b.writePart(template, i, i+1)
			} else if s := found[group]; s.start >= 0 {
				b.writePart(text, s.start, s.end)
			}
			i += 1 + width
		}
	}
}

// writeNamed writes the group of $<name> at i and returns how long that is.
func (b *textBuilder) writeNamed(template goja.String, i int, groups goja.Value) int {
	for end := i + 2; end < template.Length(); end++ {
		if template.CharAt(end) != '>' {
			continue
		}
		name := template.Substring(i+2, end).String()
		if v := groups.ToObject(b.machine.vm).Get(name); v != nil && !goja.IsUndefined(v) {
			b.write(b.machine.text16(v))
		}
		return end + 1 - i
	}
	b.writePart(template, i, i+2)
	return 2
}

// groupNumber reads the number of a group of at most two digits at i, and how
// many it took. The number is 0 if there is no such group.
func groupNumber(template goja.String, i, groups int) (number, width int) {
	for width < 2 && i+width < template.Length() {
		c := template.CharAt(i + width)
		if c < '0' || c > '9' {
			break
		}
		next := number*10 + int(c-'0')
		if next > groups {
			break
		}
		number = next
		width++
	}
	if number == 0 {
		return 0, 0
	}
	return number, width
}
