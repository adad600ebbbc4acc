package javaregexp

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// escape rewrites what follows a backslash outside of a class.
func (t *translator) escape() error {
	if t.rest == "" {
		return errors.New("unexpected end after a backslash")
	}
	switch c := t.rest[0]; c {
	case 'b', 'B', 'A', 'z', 'G':
		t.rest = t.rest[1:]
		t.write(`\` + string(rune(c)))
		return nil
	case 'Z':
		t.rest = t.rest[1:]
		t.write(lastLineEnd)
		return nil
	case 'R':
		t.rest = t.rest[1:]
		t.write(`(?>\r\n|` + vertical().class() + `)`)
		return nil
	case 'Q':
		t.rest = t.rest[1:]
		for _, r := range t.quoted() {
			t.write(escaped(r))
		}
		return nil
	case 'E':
		t.rest = t.rest[1:]
		return nil
	case 'k':
		name, ok := t.reference()
		if !ok {
			return errors.New(`\k is not followed by '<' for named capturing group`)
		}
		t.write(`\k<` + name + `>`)
		return nil
	case '1', '2', '3', '4', '5', '6', '7', '8', '9':
		t.rest = t.rest[1:]
		t.write(`(?:\` + string(rune(c)) + `)`)
		return nil
	}
	s, err := t.escapedSet()
	if err != nil {
		return err
	}
	if len(s) == 1 && s[0].first == s[0].last {
		t.write(escaped(s[0].first))
		return nil
	}
	t.write(s.class())
	return nil
}

// quoted is the text up to \E or the end.
func (t *translator) quoted() string {
	text, rest, _ := strings.Cut(t.rest, `\E`)
	t.rest = rest
	return text
}

func (t *translator) reference() (name string, ok bool) {
	if !t.take("k<") {
		return "", false
	}
	name, t.rest, ok = strings.Cut(t.rest, ">")
	return name, ok && isGroupName(name)
}

// escapedSet is the set of characters that an escape means, in a class or not.
func (t *translator) escapedSet() (set, error) {
	if t.rest == "" {
		return nil, errors.New("unexpected end after a backslash")
	}
	switch r := t.read(); r {
	case 'd':
		return digits(), nil
	case 'D':
		return digits().complement(), nil
	case 'w':
		return word(), nil
	case 'W':
		return word().complement(), nil
	case 's':
		return whitespace(), nil
	case 'S':
		return whitespace().complement(), nil
	case 'h':
		return horizontal(), nil
	case 'H':
		return horizontal().complement(), nil
	case 'v':
		return vertical(), nil
	case 'V':
		return vertical().complement(), nil
	case 'p', 'P':
		s, err := t.property()
		if r == 'P' {
			s = s.complement()
		}
		return s, err
	default:
		c, err := t.escapedCharacter(r)
		return singleton(c), err
	}
}

func (t *translator) property() (set, error) {
	if !t.take("{") {
		if t.rest == "" {
			return nil, errors.New("unknown character property")
		}
		return named(string(t.read()))
	}
	name, rest, ok := strings.Cut(t.rest, "}")
	if !ok {
		return nil, errors.New("unclosed character family")
	}
	t.rest = rest
	return named(name)
}

// escapedCharacter is the character of an escape that begins with r.
func (t *translator) escapedCharacter(r rune) (rune, error) {
	switch r {
	case 't':
		return '\t', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 'f':
		return '\f', nil
	case 'a':
		return '\a', nil
	case 'e':
		return 0x1b, nil
	case '0':
		return t.number(8, t.octalDigits())
	case 'x':
		if t.take("{") {
			digits, rest, ok := strings.Cut(t.rest, "}")
			if !ok {
				return 0, errors.New("unclosed hexadecimal escape sequence")
			}
			t.rest = digits + rest
			return t.number(16, len(digits))
		}
		return t.number(16, 2)
	case 'u':
		return t.unit()
	case 'c':
		if t.rest == "" {
			return 0, errors.New("illegal control escape sequence")
		}
		return t.read() ^ 64, nil
	}
	if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
		return 0, fmt.Errorf("illegal or unsupported escape sequence \\%c", r)
	}
	return r, nil
}

// octalDigits is how many of the next characters belong to \0n, \0nn or \0mnn.
func (t *translator) octalDigits() int {
	n := 0
	for n < 3 && n < len(t.rest) && '0' <= t.rest[n] && t.rest[n] <= '7' && (n < 2 || t.rest[0] <= '3') {
		n++
	}
	return n
}

func (t *translator) number(base, digits int) (rune, error) {
	if digits == 0 || digits > len(t.rest) {
		return 0, errors.New("illegal escape sequence of a character")
	}
	n, err := strconv.ParseUint(t.rest[:digits], base, 32)
	if err != nil || n > utf8.MaxRune {
		return 0, errors.New("illegal escape sequence of a character")
	}
	t.rest = t.rest[digits:]
	return rune(n), nil
}

// unit is the character of \uhhhh, or of two of them that are a surrogate pair.
func (t *translator) unit() (rune, error) {
	high, err := t.number(16, 4)
	if err != nil || high < 0xd800 || high > 0xdbff || !t.take(`\u`) {
		return high, err
	}
	low, err := t.number(16, 4)
	if err != nil {
		return 0, err
	}
	return (high-0xd800)<<10 + (low - 0xdc00) + 0x10000, nil
}
