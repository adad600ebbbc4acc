package jsregexp

import (
	"errors"

	"github.com/heitan/heitan/expr/internal/regex"
)

func (p *parser) disjunction() (regex.Node, error) {
	if p.depth++; p.depth > maxNested {
		return nil, errors.New("too many groups inside each other")
	}
	defer func() { p.depth-- }()
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
	for p.at < len(p.text) && p.peek() != '|' && p.peek() != ')' {
		term, err := p.term()
		if err != nil {
			return nil, err
		}
		terms = append(terms, term)
	}
	return terms, nil
}

// term is an assertion, or an atom with its quantifier.
func (p *parser) term() (regex.Node, error) {
	if assertion, ok := p.assertion(); ok {
		return assertion, nil
	}
	firstGroup := p.group + 1
	atom, repeatable, err := p.atom()
	if err != nil {
		return nil, err
	}
	least, most, ok, err := p.quantifier()
	if err != nil || !ok {
		return atom, err
	}
	if !repeatable {
		return nil, errors.New("Nothing to repeat")
	}
	repeat := regex.Repeat{Part: atom, Min: least, Max: most, Lazy: p.take("?")}
	if p.group >= firstGroup {
		repeat.FirstGroup, repeat.LastGroup = firstGroup, p.group
	}
	return repeat, nil
}

func (p *parser) assertion() (regex.Node, bool) {
	multiline := p.flags.Multiline
	switch {
	case p.take("^"):
		return regex.Assert{Holds: func(text []rune, at int) bool {
			return at == 0 || multiline && isLineTerminator(text[at-1])
		}}, true
	case p.take("$"):
		return regex.Assert{Holds: func(text []rune, at int) bool {
			return at == len(text) || multiline && isLineTerminator(text[at])
		}}, true
	case p.take(`\b`):
		return regex.Assert{Holds: p.isBoundary()}, true
	case p.take(`\B`):
		isBoundary := p.isBoundary()
		return regex.Assert{Holds: func(text []rune, at int) bool { return !isBoundary(text, at) }}, true
	}
	return nil, false
}

func isLineTerminator(r rune) bool { return r == '\n' || r == '\r' || r == 0x2028 || r == 0x2029 }

func (p *parser) isBoundary() func(text []rune, at int) bool {
	set := p.folded(word())
	return func(text []rune, at int) bool {
		return (at > 0 && set.Has(text[at-1])) != (at < len(text) && set.Has(text[at]))
	}
}

// atom is anything but an assertion, and whether it may be repeated.
func (p *parser) atom() (n regex.Node, repeatable bool, err error) {
	switch r := p.peek(); r {
	case '(':
		p.at++
		return p.parenthesized()
	case '.':
		p.at++
		if p.flags.DotAll {
			return regex.Chars{Set: regex.All()}, true, nil
		}
		return regex.Chars{Set: regex.SetOf('\n', '\n', '\r', '\r', 0x2028, 0x2029).Complement()}, true, nil
	case '[':
		p.at++
		set, err := p.class()
		return regex.Chars{Set: set}, true, err
	case '\\':
		p.at++
		n, err := p.atomEscape()
		return n, true, err
	case '*', '+', '?':
		return nil, false, errors.New("Nothing to repeat")
	case '{':
		if _, _, ok, _ := p.quantifier(); ok || p.flags.Unicode {
			return nil, false, errors.New("Nothing to repeat")
		}
	case ']', '}':
		if p.flags.Unicode {
			return nil, false, errors.New("Lone quantifier brackets")
		}
	}
	p.at++
	return p.character(p.text[p.at-1]), true, nil
}

func (p *parser) character(r rune) regex.Node {
	return regex.Chars{Set: p.folded(regex.Single(r))}
}

// parenthesized is what follows an opening parenthesis. Lookaheads may be
// repeated in the old syntax.
func (p *parser) parenthesized() (n regex.Node, repeatable bool, err error) {
	look := regex.Look{}
	repeatable = true
	index := 0
	switch {
	case !p.take("?"):
		p.group++
		index = p.group
	case p.take(":"):
	case p.take("="):
		repeatable = !p.flags.Unicode
	case p.take("!"):
		look.Negative, repeatable = true, !p.flags.Unicode
	case p.take("<="):
		look.Behind, repeatable = true, false
	case p.take("<!"):
		look.Behind, look.Negative, repeatable = true, true, false
	case p.take("<"):
		name := nameUntil(p.text[p.at:], '>')
		if !isName(name) {
			return nil, false, errors.New("Invalid capture group name")
		}
		p.at += len([]rune(name)) + 1
		p.group++
		index = p.group
	default:
		return nil, false, errors.New("Invalid group")
	}
	kind := p.text[p.at-1]
	part, err := p.disjunction()
	if err != nil {
		return nil, false, err
	}
	if !p.take(")") {
		return nil, false, errors.New("Unterminated group")
	}
	switch {
	case index > 0:
		return regex.Capture{Part: part, Index: index}, true, nil
	case kind == ':':
		return part, true, nil
	}
	look.Part = part
	return look, repeatable, nil
}

// quantifier reads *, +, ?, {n}, {n,} or {n,m}, without the ? that may follow.
func (p *parser) quantifier() (least, most int, ok bool, err error) {
	switch {
	case p.take("*"):
		return 0, -1, true, nil
	case p.take("+"):
		return 1, -1, true, nil
	case p.take("?"):
		return 0, 1, true, nil
	}
	begin := p.at
	if !p.take("{") {
		return 0, 0, false, nil
	}
	least, ok = p.decimal()
	most = least
	if ok && p.take(",") {
		if most, ok = p.decimal(); !ok {
			most, ok = -1, true
		}
	}
	if !ok || !p.take("}") {
		p.at = begin
		return 0, 0, false, nil
	}
	if most >= 0 && most < least {
		return 0, 0, false, errors.New("numbers out of order in {} quantifier")
	}
	return least, most, true, nil
}

// decimal reads a number; those that no text is long enough for are cut off.
func (p *parser) decimal() (n int, ok bool) {
	const enough = 1 << 30
	for p.at < len(p.text) && '0' <= p.peek() && p.peek() <= '9' {
		n = min(n*10+int(p.peek()-'0'), enough)
		p.at++
		ok = true
	}
	return n, ok
}
