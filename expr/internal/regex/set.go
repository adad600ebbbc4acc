package regex

import (
	"slices"
	"sort"
	"unicode"
)

// Set is a set of characters: ranges in order that neither overlap nor touch.
// Halves of surrogate pairs may be members.
type Set []Range

// Range is the characters from First to Last.
type Range struct{ First, Last rune }

// SetOf makes a set of pairs of first and last characters.
func SetOf(bounds ...rune) Set {
	var s Set
	for i := 0; i+1 < len(bounds); i += 2 {
		s = append(s, Range{bounds[i], bounds[i+1]})
	}
	return s.normal()
}

// Single is the set of one character.
func Single(r rune) Set { return Set{{r, r}} }

// All is the set of all characters.
func All() Set { return Set{{0, unicode.MaxRune}} }

// FromTable is the set of a table of the Unicode database.
func FromTable(tables ...*unicode.RangeTable) Set {
	var s Set
	add := func(first, last, stride rune) {
		if stride == 1 {
			s = append(s, Range{first, last})
			return
		}
		for r := first; r <= last; r += stride {
			s = append(s, Range{r, r})
		}
	}
	for _, table := range tables {
		for _, r := range table.R16 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
		for _, r := range table.R32 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
	}
	return s.normal()
}

func (s Set) normal() Set {
	slices.SortFunc(s, func(a, b Range) int { return int(a.First - b.First) })
	out := s[:0]
	for _, next := range s {
		if n := len(out); n > 0 && next.First <= out[n-1].Last+1 {
			out[n-1].Last = max(out[n-1].Last, next.Last)
			continue
		}
		out = append(out, next)
	}
	return out
}

// Union is the characters of any of the sets.
func (s Set) Union(others ...Set) Set {
	all := slices.Clone(s)
	for _, other := range others {
		all = append(all, other...)
	}
	return all.normal()
}

// Complement is the characters that are not in the set.
func (s Set) Complement() Set {
	var out Set
	next := rune(0)
	for _, r := range s {
		if next < r.First {
			out = append(out, Range{next, r.First - 1})
		}
		next = r.Last + 1
	}
	if next <= unicode.MaxRune {
		out = append(out, Range{next, unicode.MaxRune})
	}
	return out
}

// Intersection is the characters of both sets.
func (s Set) Intersection(t Set) Set {
	return s.Complement().Union(t.Complement()).Complement()
}

// Has reports whether a character is in the set.
func (s Set) Has(r rune) bool {
	i := sort.Search(len(s), func(i int) bool { return s[i].Last >= r })
	return i < len(s) && s[i].First <= r
}

// Only is the character of a set of one.
func (s Set) Only() (r rune, ok bool) {
	if len(s) != 1 || s[0].First != s[0].Last {
		return 0, false
	}
	return s[0].First, true
}

// Close adds to the set all characters that fold makes equal to one of them.
// classes are all characters that fold makes equal to another.
func (s Set) Close(classes map[rune][]rune) Set {
	var more Set
	for _, class := range classes {
		if slices.ContainsFunc(class, s.Has) {
			for _, r := range class {
				more = append(more, Range{r, r})
			}
		}
	}
	if len(more) == 0 {
		return s
	}
	return s.Union(more)
}

// FoldClasses are the classes of characters between first and last that fold
// makes equal, without those of a single character.
func FoldClasses(fold func(rune) rune, last rune) map[rune][]rune {
	classes := map[rune][]rune{}
	for r := rune(0); r <= last; r++ {
		if f := fold(r); f != r {
			if classes[f] == nil {
				classes[f] = []rune{f}
			}
			classes[f] = append(classes[f], r)
		}
	}
	return classes
}
