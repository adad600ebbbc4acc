package javaregexp

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/heitan/heitan/expr/internal/regex"
)

// escape is what follows a backslash outside of a class.
func (p *parser) escape() (regex.Node, error) {
	if p.rest == "" {
		return nil, errors.New("unexpected end after a backslash")
	}
	switch p.rest[0] {
	case 'b', 'B', 'A', 'z', 'G', 'Z', 'R':
		return p.assertion(p.read()), nil
	case 'k':
		return p.namedReference()
	case '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return p.numberedReference(), nil
	}
	set, err := p.escapedSet()
	return regex.Chars{Set: set}, err
}

func (p *parser) assertion(r rune) regex.Node {
	switch r {
	case 'b':
		return assert(boundary)
	case 'B':
		return assert(func(text []rune, at int) bool { return !boundary(text, at) })
	case 'A':
		return textStart()
	case 'z':
		return textEnd()
	case 'G':
		return regex.Start{}
	case 'Z':
		return lastLineEnd(p.lineTerminators(), p.flags.unixLines)
	}
	return regex.Choice{
		regex.Sequence{regex.Chars{Set: regex.Single('\r')}, regex.Chars{Set: regex.Single('\n')}},
		regex.Chars{Set: vertical()},
	}
}

// quoted is the text up to \E or the end.
func (p *parser) quoted() string {
	text, rest, _ := strings.Cut(p.rest, `\E`)
	p.rest = rest
	return text
}

func (p *parser) namedReference() (regex.Node, error) {
	if !p.take("k<") {
		return nil, errors.New(`\k is not followed by '<' for named capturing group`)
	}
	name, rest, _ := strings.Cut(p.rest, ">")
	p.rest = rest
	index := p.names[name]
	if index == 0 {
		return nil, fmt.Errorf("named capturing group <%s> does not exist", name)
	}
	return p.reference(index), nil
}

// numberedReference takes more than one digit only if there are so many groups
// before.
func (p *parser) numberedReference() regex.Node {
	index := int(p.read() - '0')
	for p.rest != "" && '0' <= p.rest[0] && p.rest[0] <= '9' {
		longer := index*10 + int(p.rest[0]-'0')
		if longer > p.group {
			break
		}
		index = longer
		p.rest = p.rest[1:]
	}
	return p.reference(index)
}

func (p *parser) reference(index int) regex.Node {
	p.referred = max(p.referred, index)
	return regex.Reference{Index: index, Fold: p.fold(), MustBeSet: true}
}

// escapedSet is the set of characters that an escape means, in a class or not.
func (p *parser) escapedSet() (regex.Set, error) {
	if p.rest == "" {
		return nil, errors.New("unexpected end after a backslash")
	}
	r := p.read()
	if class, ok := escapedClasses[unicode.ToLower(r)]; ok {
		set := class()
		if unicode.IsUpper(r) {
			set = set.Complement()
		}
		return set, nil
	}
	if r == 'p' || r == 'P' {
		set, err := p.property()
		if r == 'P' {
			set = set.Complement()
		}
		return set, err
	}
	c, err := p.escapedCharacter(r)
	return p.folded(regex.Single(c)), err
}

func (p *parser) property() (regex.Set, error) {
	if !p.take("{") {
		if p.rest == "" {
			return nil, errors.New("unknown character property")
		}
		return property(string(p.read()))
	}
	name, rest, ok := strings.Cut(p.rest, "}")
	if !ok {
		return nil, errors.New("unclosed character family")
	}
	p.rest = rest
	return property(name)
}

// escapedCharacter is the character of an escape that begins with r.
func (p *parser) escapedCharacter(r rune) (rune, error) {
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
		return p.digits(8, p.octalDigits())
	case 'x':
		if p.take("{") {
			digits, rest, ok := strings.Cut(p.rest, "}")
			if !ok {
				return 0, errors.New("unclosed hexadecimal escape sequence")
			}
			p.rest = digits + rest
			return p.digits(16, len(digits))
		}
		return p.digits(16, 2)
	case 'u':
		return p.unit()
	case 'c':
		if p.rest == "" {
			return 0, errors.New("illegal control escape sequence")
		}
		return p.read() ^ 64, nil
	}
	if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
		return 0, fmt.Errorf("illegal or unsupported escape sequence \\%c", r)
	}
	return r, nil
}

// octalDigits is how many of the next characters belong to \0n, \0nn or \0mnn.
func (p *parser) octalDigits() int {
	n := 0
	for n < 3 && n < len(p.rest) && '0' <= p.rest[n] && p.rest[n] <= '7' && (n < 2 || p.rest[0] <= '3') {
		n++
	}
	return n
}

// digits is the character whose number comes next.
func (p *parser) digits(base, count int) (rune, error) {
	if count == 0 || count > len(p.rest) {
		return 0, errors.New("illegal escape sequence of a character")
	}
	n, err := strconv.ParseUint(p.rest[:count], base, 32)
	if err != nil || n > utf8.MaxRune {
		return 0, errors.New("illegal escape sequence of a character")
	}
	p.rest = p.rest[count:]
	return rune(n), nil
}

// unit is the character of \uhhhh, or of two of them that are a surrogate pair.
func (p *parser) unit() (rune, error) {
	high, err := p.digits(16, 4)
	if err != nil || high < 0xd800 || high > 0xdbff {
		return high, err
	}
	before := p.rest
	if p.take(`\u`) {
		if low, err := p.digits(16, 4); err == nil && 0xdc00 <= low && low <= 0xdfff {
			return (high-0xd800)<<10 + (low - 0xdc00) + 0x10000, nil
		}
	}
	p.rest = before
	return high, nil
}
