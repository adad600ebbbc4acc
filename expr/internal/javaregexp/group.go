package javaregexp

import (
	"errors"
	"fmt"
	"strings"

	"github.com/heitan/heitan/expr/internal/regex"
)

// parenthesized is what follows an opening parenthesis. It is nil for flags that
// hold from here on.
func (p *parser) parenthesized() (regex.Node, error) {
	if p.depth++; p.depth > maxNested {
		return nil, errors.New("too many groups inside each other")
	}
	defer func() { p.depth-- }()
	outer := p.flags
	wrap := func(part regex.Node) regex.Node { return part }
	switch {
	case !p.take("?"):
		wrap = p.capture("")
	case p.take(":"):
	case p.take("="):
		wrap = func(part regex.Node) regex.Node { return regex.Look{Part: part} }
	case p.take("!"):
		wrap = func(part regex.Node) regex.Node { return regex.Look{Part: part, Negative: true} }
	case p.take(">"):
		wrap = func(part regex.Node) regex.Node { return regex.Atomic{Part: part} }
	case p.take("<="):
		wrap = func(part regex.Node) regex.Node { return regex.Look{Part: part, Behind: true} }
	case p.take("<!"):
		wrap = func(part regex.Node) regex.Node { return regex.Look{Part: part, Behind: true, Negative: true} }
	case p.take("<"):
		name, rest, ok := strings.Cut(p.rest, ">")
		if !ok || !isGroupName(name) {
			return nil, errors.New("named capturing group has an invalid name")
		}
		if p.names[name] > 0 {
			return nil, fmt.Errorf("named capturing group <%s> is already defined", name)
		}
		p.rest = rest
		wrap = p.capture(name)
	default:
		grouped, err := p.readFlags()
		if err != nil || !grouped {
			return nil, err
		}
	}
	part, err := p.disjunction()
	if err != nil {
		return nil, err
	}
	if !p.take(")") {
		return nil, errors.New("unclosed group")
	}
	p.flags = outer
	return wrap(part), nil
}

// capture begins a group that remembers what it matches.
func (p *parser) capture(name string) func(regex.Node) regex.Node {
	p.group++
	index := p.group
	if name != "" {
		p.names[name] = index
	}
	return func(part regex.Node) regex.Node { return regex.Capture{Part: part, Index: index} }
}

// readFlags reads (?flags) or (?flags: and reports whether a group begins.
func (p *parser) readFlags() (grouped bool, err error) {
	on := true
	for p.rest != "" {
		switch r := p.read(); r {
		case 'i':
			p.flags.ignoreCase = on
		case 'u':
			p.flags.unicodeCase = on
		case 's':
			p.flags.dotAll = on
		case 'm':
			p.flags.multiline = on
		case 'x':
			p.flags.comments = on
		case 'd':
			p.flags.unixLines = on
		case '-':
			on = false
		case ')':
			return false, nil
		case ':':
			return true, nil
		default:
			return false, fmt.Errorf("unknown inline modifier '%c'", r)
		}
	}
	return false, errors.New("unclosed group")
}

func isGroupName(name string) bool {
	for i, r := range name {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}
