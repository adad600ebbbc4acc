package javaregexp

import (
	"errors"

	"github.com/heitan/heitan/expr/internal/regex"
)

// class reads a character class after its opening bracket, with the unions and
// intersections that Java allows in it.
func (p *parser) class(depth int) (regex.Set, error) {
	if depth > maxNested {
		return nil, errors.New("too many classes inside each other")
	}
	negated := p.take("^")
	var result, part regex.Set
	intersecting := false
	finish := func() regex.Set {
		if intersecting {
			part = result.Intersection(part)
		}
		return part
	}
	for first := true; ; first = false {
		switch {
		case p.rest == "":
			return nil, errors.New("unclosed character class")
		case p.take("&&"):
			result = finish()
			part, intersecting = nil, true
		case p.rest[0] == ']' && !first:
			p.rest = p.rest[1:]
			if result = finish(); negated {
				result = result.Complement()
			}
			return result, nil
		default:
			set, err := p.classItem(depth)
			if err != nil {
				return nil, err
			}
			part = part.Union(set)
		}
	}
}

// classItem reads a nested class, a quotation, an escape, a character or a range.
func (p *parser) classItem(depth int) (regex.Set, error) {
	if p.take("[") {
		return p.class(depth + 1)
	}
	if p.take(`\Q`) {
		var set regex.Set
		for _, r := range p.quoted() {
			set = set.Union(regex.Single(r))
		}
		return p.folded(set), nil
	}
	low, lowSet, err := p.classCharacter()
	if err != nil || low < 0 {
		return lowSet, err
	}
	if len(p.rest) < 2 || p.rest[0] != '-' || p.rest[1] == ']' || p.rest[1] == '[' {
		return lowSet, nil
	}
	p.rest = p.rest[1:]
	high, _, err := p.classCharacter()
	if err != nil {
		return nil, err
	}
	if high < low {
		return nil, errors.New("illegal character range")
	}
	return p.folded(regex.SetOf(low, high)), nil
}

// classCharacter is the set of a character or of an escape, and the character, or
// -1 for an escape that stands for several.
func (p *parser) classCharacter() (rune, regex.Set, error) {
	if !p.take(`\`) {
		r := p.read()
		return r, p.folded(regex.Single(r)), nil
	}
	outer := p.flags
	p.flags.ignoreCase = false // to see whether it is one character
	set, err := p.escapedSet()
	p.flags = outer
	if r, ok := set.Only(); ok {
		return r, p.folded(set), err
	}
	return -1, set, err
}
