package script

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/internal/javaregexp"
	"github.com/heitan/heitan/expr/internal/regex"
)

// javaStringMethods are the methods of java.lang.String that Nashorn offers on
// strings and JavaScript does not have. replaceAll exists in both worlds: with a
// RegExp it is that of JavaScript, with a text it is that of Java. Left out is
// what needs arrays or streams of Java (getBytes, getChars, chars, lines) and
// format.
const javaStringMethods = "codePointBefore codePointCount compareTo compareToIgnoreCase contains contentEquals equals equalsIgnoreCase " +
	"hashCode intern isBlank isEmpty matches offsetByCodePoints regionMatches replaceAll replaceFirst strip stripLeading stripTrailing " +
	"subSequence toCharArray"

type javaMethod struct {
	arguments int
	call      func(m *machine, text goja.String, args []goja.Value) any
}

func (m *machine) installJavaStrings() {
	prototype := m.builtin("String.prototype")
	for name := range strings.FieldsSeq(javaStringMethods) {
		method := javaMethods[name]
		m.method(prototype, name, method.arguments, func(call goja.FunctionCall) goja.Value {
			text := m.thisText(call)
			args := make([]goja.Value, max(method.arguments, len(call.Arguments)))
			for i := range args {
				args[i] = call.Argument(i)
			}
			return m.vm.ToValue(method.call(m, text, args))
		})
	}
}

var javaMethods = map[string]javaMethod{
	"codePointBefore": {1, func(m *machine, text goja.String, args []goja.Value) any {
		return codePointBefore(text, m.within(args[0], 1, text.Length()))
	}},
	"codePointCount": {2, func(m *machine, text goja.String, args []goja.Value) any {
		start, end := m.javaRange(text, args)
		return len(utf16.Decode(units(text, start, end)))
	}},
	"compareTo": {1, func(m *machine, text goja.String, args []goja.Value) any {
		return javaCompare(text, m.text16(args[0]), func(unit uint16) uint16 { return unit })
	}},
	"compareToIgnoreCase": {1, func(m *machine, text goja.String, args []goja.Value) any {
		return javaCompare(text, m.text16(args[0]), foldUnit)
	}},
	"contains": {1, func(m *machine, text goja.String, args []goja.Value) any {
		return m.index(text, m.text16(args[0]), 0) >= 0
	}},
	"contentEquals": {1, func(m *machine, text goja.String, args []goja.Value) any {
		return text.SameAs(m.text16(args[0]))
	}},
	"equals": {1, func(_ *machine, text goja.String, args []goja.Value) any {
		return goja.IsString(args[0]) && text.SameAs(args[0])
	}},
	"equalsIgnoreCase": {1, func(_ *machine, text goja.String, args []goja.Value) any {
		other, ok := args[0].(goja.String)
		return ok && text.Length() == other.Length() && javaCompare(text, other, foldUnit) == 0
	}},
	"hashCode": {0, func(_ *machine, text goja.String, _ []goja.Value) any { return javaHash(text) }},
	"intern":   {0, func(_ *machine, text goja.String, _ []goja.Value) any { return text }},
	"isBlank": {0, func(_ *machine, text goja.String, _ []goja.Value) any {
		return strings.TrimFunc(text.String(), isJavaSpace) == ""
	}},
	"isEmpty": {0, func(_ *machine, text goja.String, _ []goja.Value) any { return text.Length() == 0 }},
	"matches": {1, func(m *machine, text goja.String, args []goja.Value) any {
		found, err := m.javaPattern(args[0]).Matches(text.String(), m.interruption)
		m.javaFailed(err)
		return found
	}},
	"offsetByCodePoints": {2, func(m *machine, text goja.String, args []goja.Value) any {
		return m.offsetByCodePoints(text, args)
	}},
	"regionMatches": {4, func(m *machine, text goja.String, args []goja.Value) any { return m.regionMatches(text, args) }},
	"replaceAll": {2, func(m *machine, text goja.String, args []goja.Value) any {
		if isRegExp(args[0]) {
			p := m.pattern(args[0])
			if !p.global {
				panic(m.vm.NewTypeError("replaceAll must be called with a global RegExp"))
			}
			return m.replaceMatches(text, p, args[1])
		}
		return m.javaReplace(text, args, true)
	}},
	"replaceFirst": {2, func(m *machine, text goja.String, args []goja.Value) any { return m.javaReplace(text, args, false) }},
	"strip": {0, func(_ *machine, text goja.String, _ []goja.Value) any {
		return strings.TrimFunc(text.String(), isJavaSpace)
	}},
	"stripLeading": {0, func(_ *machine, text goja.String, _ []goja.Value) any {
		return strings.TrimLeftFunc(text.String(), isJavaSpace)
	}},
	"stripTrailing": {0, func(_ *machine, text goja.String, _ []goja.Value) any {
		return strings.TrimRightFunc(text.String(), isJavaSpace)
	}},
	"subSequence": {2, func(m *machine, text goja.String, args []goja.Value) any {
		start, end := m.javaRange(text, args)
		return text.Substring(start, end)
	}},
	"toCharArray": {0, func(m *machine, text goja.String, _ []goja.Value) any {
		l := &list{machine: m}
		for i := range text.Length() {
			l.add(text.Substring(i, i+1))
		}
		return l.array()
	}},
}

// javaPattern compiles a regular expression of Java, or remembers it.
func (m *machine) javaPattern(v goja.Value) *javaregexp.Regexp {
	source := m.text16(v).String()
	if re, ok := m.engine.javaPatterns.get(source); ok {
		return re
	}
	err := checkPattern(source)
	var re *javaregexp.Regexp
	if err == nil {
		re, err = javaregexp.Compile(source)
	}
	if err != nil {
		m.throw("Error", "java.util.regex.PatternSyntaxException: "+err.Error())
	}
	m.engine.javaPatterns.put(strings.Clone(source), re, 1)
	return re
}

func (m *machine) javaReplace(text goja.String, args []goja.Value, all bool) goja.Value {
	if _, ok := goja.AssertFunction(args[1]); ok && all {
		// Java has no such method; in JavaScript the pattern is plain text.
		return m.replaceEach(text, m.text16(args[0]), args[1])
	}
	re := m.javaPattern(args[0])
	replaced, err := re.Replace(text.String(), m.text16(args[1]).String(), all, maxString, m.interruption)
	m.javaFailed(err)
	return m.vm.ToValue(replaced)
}

// javaFailed throws what kept a match or a replacement from ending.
func (m *machine) javaFailed(err error) {
	switch {
	case err == nil:
	case errors.Is(err, regex.ErrTooMuch), errors.Is(err, javaregexp.ErrTooLong), m.interruption() != nil:
		m.matchFailed(err)
	default:
		m.throw("Error", "java.lang.IllegalArgumentException: "+err.Error())
	}
}

// isJavaSpace is Character.isWhitespace.
func isJavaSpace(r rune) bool {
	switch r {
	case 0xa0, 0x2007, 0x202f, 0x85:
		return false
	case 0x1c, 0x1d, 0x1e, 0x1f:
		return true
	}
	return unicode.IsSpace(r)
}
