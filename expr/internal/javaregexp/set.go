package javaregexp

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// set is a set of characters: ranges in order that neither overlap nor touch.
type set []span

type span struct{ first, last rune }

func singleton(r rune) set { return set{{r, r}} }

// setOf makes a set of pairs of first and last characters.
func setOf(bounds ...rune) set {
	var s set
	for i := 0; i+1 < len(bounds); i += 2 {
		s = append(s, span{bounds[i], bounds[i+1]})
	}
	return s.normal()
}

// fromTable is the set of a table of the Unicode database.
func fromTable(table *unicode.RangeTable) set {
	var s set
	add := func(first, last, stride rune) {
		if stride == 1 {
			s = append(s, span{first, last})
			return
		}
		for r := first; r <= last; r += stride {
			s = append(s, span{r, r})
		}
	}
	for _, r := range table.R16 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	for _, r := range table.R32 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	return s.normal()
}

func (s set) normal() set {
	s = slices.Clone(s)
	slices.SortFunc(s, func(a, b span) int { return int(a.first - b.first) })
	out := s[:0]
	for _, next := range s {
		if n := len(out); n > 0 && next.first <= out[n-1].last+1 {
			out[n-1].last = max(out[n-1].last, next.last)
			continue
		}
		out = append(out, next)
	}
	return out
}

func (s set) union(t set) set { return append(slices.Clone(s), t...).normal() }

func (s set) complement() set {
	var out set
	next := rune(0)
	for _, r := range s {
		if next < r.first {
			out = append(out, span{next, r.first - 1})
		}
		next = r.last + 1
	}
	if next <= unicode.MaxRune {
		out = append(out, span{next, unicode.MaxRune})
	}
	return out
}

func (s set) intersection(t set) set { return s.complement().union(t.complement()).complement() }

// class writes the set as a character class.
func (s set) class() string {
	if len(s) == 0 {
		return `(?!)`
	}
	var b strings.Builder
	b.WriteByte('[')
	for _, r := range s {
		b.WriteString(escaped(r.first))
		if r.last > r.first {
			b.WriteByte('-')
			b.WriteString(escaped(r.last))
		}
	}
	b.WriteByte(']')
	return b.String()
}

// escaped is a character so that it means itself anywhere in a pattern.
func escaped(r rune) string {
	switch {
	case r == '_', '0' <= r && r <= '9', 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', r > 0xffff:
		return string(r)
	default:
		return fmt.Sprintf(`\u%04x`, r)
	}
}
