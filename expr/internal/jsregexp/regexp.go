package jsregexp

import (
	"errors"

	"github.com/heitan/heitan/expr/internal/regex"
)

// Flags are the flags that change what a pattern means.
type Flags struct {
	IgnoreCase bool // i
	Multiline  bool // m
	DotAll     bool // s
	Unicode    bool // u
}

// Regexp is a compiled expression.
type Regexp struct {
	*regex.Regexp

	// Names are the names of the groups by their number, "" for those without.
	// The first is that of the whole match.
	Names []string
}

// Compile compiles a pattern. The error says what is wrong with it.
func Compile(pattern []rune, flags Flags) (*Regexp, error) {
	p := &parser{text: pattern, flags: flags}
	if err := p.countGroups(); err != nil {
		return nil, err
	}
	node, err := p.disjunction()
	if err != nil {
		return nil, err
	}
	if p.at < len(p.text) {
		return nil, errors.New("Unmatched ')'")
	}
	return &Regexp{Regexp: regex.Compile(node, len(p.names)-1), Names: p.names}, nil
}

// maxNested is how many groups may be inside each other.
const maxNested = 200

type parser struct {
	text  []rune
	at    int
	flags Flags

	names []string // of all groups, found before parsing
	group int      // the number of the last group that was begun
	depth int
}

// countGroups finds the groups and their names, which references may precede.
func (p *parser) countGroups() error {
	p.names = []string{""}
	inClass := false
	for i := 0; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '\\':
			i++
		case c == '[':
			inClass = true
		case c == ']':
			inClass = false
		case c != '(' || inClass:
		case i+1 == len(p.text) || p.text[i+1] != '?':
			p.names = append(p.names, "")
		case i+3 < len(p.text) && p.text[i+2] == '<' && p.text[i+3] != '=' && p.text[i+3] != '!':
			name := nameUntil(p.text[i+3:], '>')
			if p.indexOf(name) > 0 {
				return errors.New("Duplicate capture group name")
			}
			p.names = append(p.names, name)
		}
	}
	return nil
}

func nameUntil(text []rune, end rune) string {
	for i, r := range text {
		if r == end {
			return string(text[:i])
		}
	}
	return ""
}

// indexOf is the number of the group of a name, or 0.
func (p *parser) indexOf(name string) int {
	for i, n := range p.names {
		if n != "" && n == name {
			return i
		}
	}
	return 0
}

func (p *parser) hasNames() bool {
	for _, name := range p.names {
		if name != "" {
			return true
		}
	}
	return false
}

// peek is the next character, or -1 at the end.
func (p *parser) peek() rune {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return -1
}

// take consumes what comes next if it is that.
func (p *parser) take(what string) bool {
	runes := []rune(what)
	if len(p.text)-p.at < len(runes) {
		return false
	}
	for i, r := range runes {
		if p.text[p.at+i] != r {
			return false
		}
	}
	p.at += len(runes)
	return true
}
