package jsregexp

import (
	"errors"
	"strings"
	"unicode"

	"github.com/heitan/heitan/expr/internal/regex"
)

// atomEscape is what follows a backslash outside of a class.
func (p *parser) atomEscape() (regex.Node, error) {
	if p.at == len(p.text) {
		return nil, errors.New(`\ at end of pattern`)
	}
	if p.peek() == 'k' && (p.flags.Unicode || p.hasNames()) {
		p.at++
		name := ""
		if p.take("<") {
			name = nameUntil(p.text[p.at:], '>')
			p.at += len([]rune(name)) + 1
		}
		index := p.indexOf(name)
		if index == 0 {
			return nil, errors.New("Invalid named reference")
		}
		return p.reference(index), nil
	}
	if '1' <= p.peek() && p.peek() <= '9' {
		begin := p.at
		if n, _ := p.decimal(); n < len(p.names) {
			return p.reference(n), nil
		}
		if p.flags.Unicode {
			return nil, errors.New("Invalid escape")
		}
		p.at = begin
	}
	set, err := p.escapedSet(false)
	return regex.Chars{Set: set}, err
}

func (p *parser) reference(index int) regex.Node {
	ref := regex.Reference{Index: index}
	if p.flags.IgnoreCase {
		ref.Fold = p.fold()
	}
	return ref
}

// escapedSet is the set of an escape. In a class \b and \- are characters.
func (p *parser) escapedSet(inClass bool) (regex.Set, error) {
	if p.at == len(p.text) {
		return nil, errors.New(`\ at end of pattern`)
	}
	r := p.text[p.at]
	p.at++
	switch r {
	case 'd':
		return digits(), nil
	case 'D':
		return digits().Complement(), nil
	case 'w':
		return p.folded(word()), nil
	case 'W':
		return p.folded(word()).Complement(), nil
	case 's':
		return space(), nil
	case 'S':
		return space().Complement(), nil
	case 'p', 'P':
		if p.flags.Unicode {
			return p.property(r == 'P')
		}
	case 'b':
		if inClass {
			return regex.Single('\b'), nil
		}
	}
	r, err := p.escapedCharacter(r, inClass)
	return p.folded(regex.Single(r)), err
}

// escapedCharacter is the character of an escape that begins with r.
func (p *parser) escapedCharacter(r rune, inClass bool) (rune, error) {
	switch r {
	case 't':
		return '\t', nil
	case 'n':
		return '\n', nil
	case 'v':
		return '\v', nil
	case 'f':
		return '\f', nil
	case 'r':
		return '\r', nil
	case 'c':
		return p.control(inClass)
	case 'x':
		if n, ok := p.hex(2); ok {
			return n, nil
		}
	case 'u':
		if n, ok := p.codePoint(); ok {
			return n, nil
		}
	case '0', '1', '2', '3', '4', '5', '6', '7':
		if !p.flags.Unicode {
			return p.octal(r), nil
		}
		if r == '0' && (p.peek() < '0' || p.peek() > '9') {
			return 0, nil
		}
	}
	if p.flags.Unicode && (!strings.ContainsRune(`^$\.*+?()[]{}|/`, r) && (r != '-' || !inClass)) {
		return 0, errors.New("Invalid escape")
	}
	return r, nil
}

// control is \cA to \cZ. In the old syntax anything else is a backslash.
func (p *parser) control(inClass bool) (rune, error) {
	r := p.peek()
	letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	if letter || inClass && !p.flags.Unicode && ('0' <= r && r <= '9' || r == '_') {
		p.at++
		return r % 32, nil
	}
	if p.flags.Unicode {
		return 0, errors.New("Invalid unicode escape")
	}
	p.at-- // the c is a character of its own
	return '\\', nil
}

func (p *parser) hex(digits int) (n rune, ok bool) {
	if len(p.text)-p.at < digits {
		return 0, false
	}
	for _, r := range p.text[p.at : p.at+digits] {
		d := strings.IndexRune("0123456789abcdef", unicode.ToLower(r))
		if d < 0 {
			return 0, false
		}
		n = n<<4 | rune(d)
	}
	p.at += digits
	return n, true
}

// codePoint is what follows \u: four digits, which may be followed by the other
// half of a surrogate pair, or {digits} in the Unicode mode.
func (p *parser) codePoint() (n rune, ok bool) {
	begin := p.at
	if p.flags.Unicode && p.take("{") {
		for n <= unicode.MaxRune {
			d, more := p.hex(1)
			if !more {
				break
			}
			n, ok = n<<4|d, true
		}
		if ok = ok && n <= unicode.MaxRune && p.take("}"); !ok {
			p.at = begin
		}
		return n, ok
	}
	if n, ok = p.hex(4); !ok || !p.flags.Unicode || n < 0xd800 || n > 0xdbff {
		return n, ok
	}
	begin = p.at
	if p.take(`\u`) {
		if low, ok := p.hex(4); ok && 0xdc00 <= low && low <= 0xdfff {
			return (n-0xd800)<<10 + (low - 0xdc00) + 0x10000, true
		}
	}
	p.at = begin
	return n, true
}

// octal is a character of up to three octal digits, the first of which is r.
func (p *parser) octal(r rune) rune {
	n := r - '0'
	for range 2 {
		d := p.peek()
		if d < '0' || d > '7' || n*8+d-'0' > 0o377 {
			break
		}
		n = n*8 + d - '0'
		p.at++
	}
	return n
}

// property is what follows \p or \P: {name} or {name=value}.
func (p *parser) property(negative bool) (regex.Set, error) {
	if !p.take("{") {
		return nil, errors.New("Invalid property name")
	}
	name := nameUntil(p.text[p.at:], '}')
	p.at += len([]rune(name)) + 1
	set, ok := regex.Property(name)
	if !ok || name == "" {
		return nil, errors.New("Invalid property name")
	}
	set = p.folded(set)
	if negative {
		set = set.Complement()
	}
	return set, nil
}
