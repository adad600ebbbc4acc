package jsregexp

import (
	"errors"

	"github.com/heitan/heitan/expr/internal/regex"
)

// class is what follows an opening bracket.
func (p *parser) class() (regex.Set, error) {
	negated := p.take("^")
	var set regex.Set
	for !p.take("]") {
		if p.at == len(p.text) {
			return nil, errors.New("Unterminated character class")
		}
		part, err := p.classRange()
		if err != nil {
			return nil, err
		}
		set = set.Union(part)
	}
	if negated {
		set = set.Complement()
	}
	return set, nil
}

// classRange is a character, an escape or a range of characters.
func (p *parser) classRange() (regex.Set, error) {
	low, lowSet, err := p.classAtom()
	if err != nil {
		return nil, err
	}
	begin := p.at
	if !p.take("-") || p.peek() == ']' || p.at == len(p.text) {
		p.at = begin
		return lowSet, nil
	}
	high, highSet, err := p.classAtom()
	switch {
	case err != nil:
		return nil, err
	case low < 0 || high < 0:
		if p.flags.Unicode {
			return nil, errors.New("Invalid character class")
		}
		return lowSet.Union(highSet, regex.Single('-')), nil
	case high < low:
		return nil, errors.New("Range out of order in character class")
	}
	return p.folded(regex.SetOf(low, high)), nil
}

// classAtom is the set of a character or of an escape, and the character, or -1
// for an escape that stands for several.
func (p *parser) classAtom() (rune, regex.Set, error) {
	r := p.peek()
	p.at++
	if r != '\\' {
		return r, p.folded(regex.Single(r)), nil
	}
	switch p.peek() {
	case 'd', 'D', 'w', 'W', 's', 'S':
		set, err := p.escapedSet(true)
		return -1, set, err
	case 'p', 'P':
		if p.flags.Unicode {
			set, err := p.escapedSet(true)
			return -1, set, err
		}
	case 'b':
		p.at++
		return '\b', regex.Single('\b'), nil
	case -1:
		return 0, nil, errors.New(`\ at end of pattern`)
	}
	p.at++
	r, err := p.escapedCharacter(p.text[p.at-1], true)
	return r, p.folded(regex.Single(r)), err
}

func digits() regex.Set { return regex.SetOf('0', '9') }

func word() regex.Set { return regex.SetOf('0', '9', 'A', 'Z', 'a', 'z', '_', '_') }

func space() regex.Set {
	return regex.SetOf('\t', '\r', ' ', ' ', 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f,
		0x205f, 0x205f, 0x3000, 0x3000, 0xfeff, 0xfeff)
}
