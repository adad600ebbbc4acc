package javaregexp

import (
	"errors"

	"github.com/heitan/heitan/expr/internal/regex"
)

// Regexp is a compiled pattern. It may be used from any number of goroutines.
type Regexp struct {
	search, whole *regex.Regexp
	groups        int
	names         map[string]int
}

// Compile compiles a pattern. The error says what is wrong with it.
func Compile(pattern string) (*Regexp, error) {
	p := &parser{rest: pattern, names: map[string]int{}}
	node, err := p.disjunction()
	if err != nil {
		return nil, err
	}
	if p.rest != "" {
		return nil, errors.New("unmatched closing ')'")
	}
	slots := max(p.group, p.referred) // one that does not exist never matches
	return &Regexp{
		search: regex.Compile(node, slots),
		whole:  regex.Compile(regex.Sequence{node, textEnd()}, slots),
		groups: p.group,
		names:  p.names,
	}, nil
}

// Matches reports whether the whole text matches, as String.matches does. Now and
// then it calls check, whose error ends it.
func (r *Regexp) Matches(text string, check func() error) (bool, error) {
	found, err := r.whole.Match([]rune(text), 0, true, check)
	return found != nil, err
}
