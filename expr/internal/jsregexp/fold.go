package jsregexp

import (
	"sync"
	"unicode"

	"github.com/heitan/heitan/expr/internal/regex"
)

// folded adds to a set what the flag i makes equal to its members.
func (p *parser) folded(set regex.Set) regex.Set {
	switch {
	case !p.flags.IgnoreCase:
		return set
	case p.flags.Unicode:
		return set.Close(simpleClasses())
	}
	return set.Close(upperClasses())
}

// fold is Canonicalize of ECMA-262.
func (p *parser) fold() func(rune) rune {
	if p.flags.Unicode {
		return foldSimple
	}
	return foldUpper
}

// foldUpper is the upper case of a UTF-16 unit, unless that is one of several
// characters, or an ASCII character while the unit is none.
func foldUpper(r rune) rune {
	upper := unicode.ToUpper(r)
	if upper < 0x80 && r >= 0x80 || upper > 0xffff || hasLongUpper(r) {
		return r
	}
	return upper
}

// hasLongUpper reports whether the upper case of a character is several ones,
// while Unicode also has a single one for it.
func hasLongUpper(r rune) bool {
	return 0x1f80 <= r && r <= 0x1faf || r == 0x1fb3 || r == 0x1fbc || r == 0x1fc3 || r == 0x1fcc || r == 0x1ff3 || r == 0x1ffc
}

// foldSimple is the smallest of the characters that simple case folding makes
// equal.
func foldSimple(r rune) rune {
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	return least
}

var upperClasses = sync.OnceValue(func() map[rune][]rune { return regex.FoldClasses(foldUpper, 0xffff) })

var simpleClasses = sync.OnceValue(func() map[rune][]rune { return regex.FoldClasses(foldSimple, 0x1e943) })

func isName(name string) bool {
	for i, r := range name {
		if !unicode.IsLetter(r) && r != '$' && r != '_' && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return name != ""
}
