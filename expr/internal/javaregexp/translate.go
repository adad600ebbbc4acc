package javaregexp

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// flags are the embedded flags that the rewriting takes care of.
type flags struct {
	dotAll, multiline, comments, unixLines, ignoreCase bool
}

// translator reads a Java pattern and writes one that means the same to the
// engine.
type translator struct {
	rest   string
	out    strings.Builder
	flags  flags
	groups []open // that are not closed yet
	atom   int    // where in out the last atom begins, -1 if there is none to repeat
}

// open is a group: what to go back to when it ends.
type open struct {
	flags flags
	start int
}

// maxGroups is how many groups may be inside each other.
const maxGroups = 100

func translate(pattern string) (string, error) {
	t := &translator{rest: pattern, atom: -1}
	for t.rest != "" {
		if err := t.next(); err != nil {
			return "", err
		}
	}
	if len(t.groups) > 0 {
		return "", errors.New("unclosed group")
	}
	return t.out.String(), nil
}

// next rewrites one construct.
func (t *translator) next() error {
	r := t.read()
	switch r {
	case '\\':
		return t.escape()
	case '[':
		s, err := t.class()
		t.write(s.class())
		return err
	case '(':
		return t.openGroup()
	case ')':
		return t.closeGroup()
	case '*', '+', '?':
		return t.quantifier(string(r))
	case '{':
		return t.counted()
	case '|':
		t.out.WriteByte('|')
		t.atom = -1
	case '.':
		t.write(t.anyCharacter())
	case '^':
		t.write(t.lineStart())
	case '$':
		t.write(t.lineEnd())
	default:
		if t.flags.comments && t.skipComment(r) {
			return nil
		}
		t.write(escaped(r))
	}
	return nil
}

func (t *translator) read() rune {
	r, size := utf8.DecodeRuneInString(t.rest)
	t.rest = t.rest[size:]
	return r
}

// take consumes a prefix if it comes next.
func (t *translator) take(prefix string) bool {
	rest, ok := strings.CutPrefix(t.rest, prefix)
	t.rest = rest
	return ok
}

// write writes something that can be repeated.
func (t *translator) write(atom string) {
	t.atom = t.out.Len()
	t.out.WriteString(atom)
}

func (t *translator) skipComment(r rune) bool {
	if r == '#' {
		end := strings.IndexByte(t.rest, '\n')
		if end < 0 {
			end = len(t.rest)
		}
		t.rest = t.rest[end:]
		return true
	}
	return strings.ContainsRune(" \t\n\v\f\r", r)
}

func (t *translator) anyCharacter() string {
	switch {
	case t.flags.dotAll:
		return setOf(0, utf8.MaxRune).class()
	case t.flags.unixLines:
		return singleton('\n').complement().class()
	}
	return terminators().complement().class()
}

func (t *translator) lineStart() string {
	switch {
	case !t.flags.multiline:
		return `\A`
	case t.flags.unixLines:
		return `(?:\A|(?<=\n))(?!\z)`
	}
	return `(?:\A|(?<=[\n\u0085\u2028\u2029]|\r(?!\n)))(?!\z)`
}

func (t *translator) lineEnd() string {
	switch {
	case !t.flags.multiline && t.flags.unixLines:
		return `(?=\n?\z)`
	case !t.flags.multiline:
		return lastLineEnd
	case t.flags.unixLines:
		return `(?=\n|\z)`
	}
	return `(?=[\r\u0085\u2028\u2029]|(?<!\r)\n|\z)`
}

// lastLineEnd is the end of the text or the line terminator before it.
const lastLineEnd = `(?=(?:\r\n|(?<!\r)\n|[\r\u0085\u2028\u2029])?\z)`

// counted rewrites {n}, {n,} or {n,m}.
func (t *translator) counted() error {
	end := strings.IndexByte(t.rest, '}')
	if end < 0 {
		return errors.New("unclosed counted closure")
	}
	count := t.rest[:end]
	least, most, limited := strings.Cut(count, ",")
	if !isNumber(least) || most != "" && !isNumber(most) {
		return errors.New("illegal repetition")
	}
	if limited && most != "" && (len(most) < len(least) || len(most) == len(least) && most < least) {
		return errors.New("illegal repetition range")
	}
	t.rest = t.rest[end+1:]
	return t.quantifier("{" + count + "}")
}

func isNumber(text string) bool {
	return text != "" && len(text) < 10 && strings.Trim(text, "0123456789") == ""
}

// quantifier repeats the last atom; a possessive one gives nothing back.
func (t *translator) quantifier(q string) error {
	start := t.atom
	if t.atom = -1; start < 0 {
		return errors.New("dangling meta character '" + q[:1] + "'")
	}
	switch {
	case t.take("?"):
		q += "?"
	case t.take("+"):
		written := t.out.String()
		t.out.Reset()
		t.out.WriteString(written[:start] + "(?>" + written[start:] + q + ")")
		return nil
	}
	t.out.WriteString(q)
	return nil
}
