package javaregexp

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/heitan/heitan/expr/internal/regex"
)

// parser makes nodes of a pattern.
type parser struct {
	rest     string
	flags    flags
	group    int            // the number of the last group that was begun
	names    map[string]int // of the groups so far
	referred int            // the largest number of a group that was referred to
	depth    int
}

// flags are the embedded flags.
type flags struct {
	ignoreCase, unicodeCase, multiline, dotAll, comments, unixLines bool
}

// maxNested is how many groups or classes may be inside each other.
const maxNested = 100

func (p *parser) read() rune {
	r, size := utf8.DecodeRuneInString(p.rest)
	p.rest = p.rest[size:]
	return r
}

// take consumes a prefix if it comes next.
func (p *parser) take(prefix string) bool {
	rest, ok := strings.CutPrefix(p.rest, prefix)
	p.rest = rest
	return ok
}

func (p *parser) disjunction() (regex.Node, error) {
	var parts regex.Choice
	for {
		part, err := p.alternative()
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		if !p.take("|") {
			break
		}
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return parts, nil
}

func (p *parser) alternative() (regex.Node, error) {
	var terms regex.Sequence
	for p.rest != "" && p.rest[0] != '|' && p.rest[0] != ')' {
		atoms, err := p.atoms()
		if err != nil {
			return nil, err
		}
		if len(atoms) == 0 {
			continue
		}
		last := len(atoms) - 1
		if atoms[last], err = p.quantified(atoms[last]); err != nil {
			return nil, err
		}
		terms = append(terms, atoms...)
	}
	return terms, nil
}

// atoms are the parts of the next construct, of which a quantifier repeats the
// last: one, several for a quotation, or none for flags and comments.
func (p *parser) atoms() ([]regex.Node, error) {
	if p.flags.comments && p.skipComment() {
		return nil, nil
	}
	if p.take(`\Q`) {
		var atoms []regex.Node
		for _, r := range p.quoted() {
			atoms = append(atoms, p.character(r))
		}
		return atoms, nil
	}
	if p.take(`\E`) {
		return nil, nil
	}
	if p.take("(") {
		n, err := p.parenthesized()
		if n == nil || err != nil {
			return nil, err
		}
		return []regex.Node{n}, nil
	}
	n, err := p.atom()
	return []regex.Node{n}, err
}

func (p *parser) atom() (regex.Node, error) {
	switch r := p.read(); r {
	case '\\':
		return p.escape()
	case '[':
		set, err := p.class(0)
		return regex.Chars{Set: set}, err
	case '*', '+', '?':
		return nil, errors.New("dangling meta character '" + string(r) + "'")
	case '{':
		return nil, errors.New("illegal repetition")
	case '.':
		return regex.Chars{Set: p.anyCharacter()}, nil
	case '^':
		return p.lineStart(), nil
	case '$':
		return p.lineEnd(), nil
	default:
		return p.character(r), nil
	}
}

func (p *parser) character(r rune) regex.Node {
	return regex.Chars{Set: p.folded(regex.Single(r))}
}

func (p *parser) skipComment() bool {
	if p.take("#") {
		if _, rest, ok := strings.Cut(p.rest, "\n"); ok {
			p.rest = rest
		} else {
			p.rest = ""
		}
		return true
	}
	skipped := strings.TrimLeft(p.rest, " \t\n\v\f\r")
	found := len(skipped) < len(p.rest)
	p.rest = skipped
	return found
}

// quantified repeats a part if a quantifier comes next. A possessive one gives
// nothing back.
func (p *parser) quantified(part regex.Node) (regex.Node, error) {
	least, most, ok, err := p.quantifier()
	if err != nil || !ok {
		return part, err
	}
	repeat := regex.Repeat{Part: part, Min: least, Max: most, EndsEmpty: true}
	switch {
	case p.take("?"):
		repeat.Lazy = true
	case p.take("+"):
		return regex.Atomic{Part: repeat}, nil
	}
	return repeat, nil
}

func (p *parser) quantifier() (least, most int, ok bool, err error) {
	switch {
	case p.take("*"):
		return 0, -1, true, nil
	case p.take("+"):
		return 1, -1, true, nil
	case p.take("?"):
		return 0, 1, true, nil
	case !p.take("{"):
		return 0, 0, false, nil
	}
	count, rest, ok := strings.Cut(p.rest, "}")
	if !ok {
		return 0, 0, false, errors.New("unclosed counted closure")
	}
	p.rest = rest
	first, second, isRange := strings.Cut(count, ",")
	if least, err = number(first); err != nil {
		return 0, 0, false, err
	}
	switch {
	case !isRange:
		return least, least, true, nil
	case second == "":
		return least, -1, true, nil
	}
	if most, err = number(second); err == nil && most < least {
		err = errors.New("illegal repetition range")
	}
	return least, most, true, err
}

func number(digits string) (int, error) {
	n, err := strconv.Atoi(digits)
	if err != nil || strings.Trim(digits, "0123456789") != "" {
		return 0, errors.New("illegal repetition")
	}
	return n, nil
}
