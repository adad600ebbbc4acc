package expr

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/heitan/heitan/expr/internal/script"
	"github.com/heitan/heitan/params"
)

// path is an expression that only reads: names, or list indexes, behind each
// other. Whether it begins with this makes no difference, as that is the scope.
type path struct {
	steps  [maxSteps]step
	length int
}

// maxSteps is how long a path may be to be looked up without JavaScript.
const maxSteps = 8

// step is a name or an index.
type step struct {
	name   string
	index  int
	number bool
}

func (s step) String() string {
	if s.number {
		return strconv.Itoa(s.index)
	}
	return s.name
}

// parsePath reads an expression such as a.b, this["x-y"] or list[0].name. What
// looks otherwise is left to JavaScript.
func parsePath(text string) (p path, ok bool) {
	name, rest := cutName(strings.Trim(text, " \t\r\n"))
	if name != "this" {
		if name == "" || isReservedWord(name) {
			return path{}, false
		}
		p.steps[0].name, p.length = name, 1
	}
	for rest != "" {
		if p.length == maxSteps {
			return path{}, false
		}
		s := &p.steps[p.length]
		switch rest[0] {
		case '.':
			s.name, rest = cutName(rest[1:])
			ok = s.name != ""
		case '[':
			*s, rest, ok = cutBracket(rest[1:])
		default:
			ok = false
		}
		if !ok {
			return path{}, false
		}
		p.length++
	}
	return p, p.length > 0 && !p.steps[0].number
}

// cutName cuts an identifier of ASCII characters off the beginning of text.
func cutName(text string) (name, rest string) {
	i := 0
	for i < len(text) && (isLetter(text[i]) || i > 0 && isDigit(text[i])) {
		i++
	}
	return text[:i], text[i:]
}

func isLetter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == '$'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// cutBracket reads a decimal index or a simple string, and a closing bracket.
func cutBracket(text string) (s step, rest string, ok bool) {
	if text == "" {
		return step{}, "", false
	}
	if quote := text[0]; quote == '"' || quote == '\'' {
		end := strings.IndexByte(text[1:], quote) + 1
		if end == 0 || !strings.HasPrefix(text[end+1:], "]") || !isPlain(text[1:end]) {
			return step{}, "", false
		}
		return step{name: text[1:end]}, text[end+2:], true
	}
	i := 0
	for i < len(text) && isDigit(text[i]) && i < 9 {
		s.index = s.index*10 + int(text[i]-'0')
		i++
	}
	if i == 0 || i > 1 && text[0] == '0' || !strings.HasPrefix(text[i:], "]") {
		return step{}, "", false
	}
	s.number = true
	return s, text[i+1:], true
}

// isPlain reports whether the inside of a string literal means itself.
func isPlain(text string) bool {
	return !strings.ContainsAny(text, "\\\n\r\u2028\u2029") && utf8.ValidString(text)
}

// isReservedWord reports whether a name cannot be that of a variable.
func isReservedWord(name string) bool {
	switch name {
	case "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else", "enum",
		"export", "extends", "false", "finally", "for", "function", "if", "implements", "import", "in", "instanceof", "interface",
		"let", "new", "null", "package", "private", "protected", "public", "return", "static", "super", "switch", "this", "throw",
		"true", "try", "typeof", "var", "void", "while", "with", "yield":
		return true
	}
	return false
}

// outcome is what came of looking up a path.
type outcome uint8

const (
	found     outcome = iota // a value of the document
	undefined                // a member that does not exist
	unknown                  // for JavaScript to say
)

// lookUp follows a path. The result is that of JavaScript; where more than the
// document decides it, it is unknown. The error is a member of null or undefined.
func (p *path) lookUp(s scope) (params.Value, outcome, error) {
	v, ok := s.Get(p.steps[0].name)
	if !ok {
		return nil, unknown, nil // perhaps a built-in object, or inherited
	}
	out := found
	for i := 1; i < p.length; i++ {
		if v == nil {
			return nil, unknown, noMember(out, p.steps[i])
		}
		if v, out = member(v, p.steps[i]); out == unknown {
			return nil, unknown, nil
		}
	}
	return v, out, nil
}

// noMember is the error of reading a member of null or undefined.
func noMember(of outcome, s step) error {
	value := "null"
	if of == undefined {
		value = "undefined"
	}
	return &script.Exception{Message: `TypeError: Cannot read property "` + s.String() + `" from ` + value}
}

// member is what a value has under a name or an index.
func member(v params.Value, s step) (params.Value, outcome) {
	switch v := v.(type) {
	case *params.Object:
		name := s.String()
		if value, ok := v.Get(name); ok {
			return value, found
		}
		if !isInherited(name) {
			return nil, undefined
		}
	case params.List:
		switch {
		case s.number && s.index < len(v):
			return v[s.index], found
		case s.number:
			return nil, undefined
		case s.name == "length":
			return int64(len(v)), found
		}
	case string:
		if !s.number && s.name == "length" {
			return int64(utf16Length(v)), found
		}
	}
	return nil, unknown
}

// isInherited reports whether all objects have a property of that name.
func isInherited(name string) bool {
	switch name {
	case "__proto__", "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf":
		return true
	}
	return false
}

func utf16Length(text string) int {
	n := 0
	for _, r := range text {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}
