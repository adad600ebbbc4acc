package javaregexp

import (
	"unicode"

	"github.com/heitan/heitan/expr/internal/regex"
)

// terminators are the characters that end a line for ., ^ and $. A carriage
// return and a line feed together end one line.
func terminators() regex.Set {
	return regex.SetOf('\n', '\n', '\r', '\r', 0x85, 0x85, 0x2028, 0x2029)
}

func (p *parser) lineTerminators() regex.Set {
	if p.flags.unixLines {
		return regex.Single('\n')
	}
	return terminators()
}

func (p *parser) anyCharacter() regex.Set {
	if p.flags.dotAll {
		return regex.All()
	}
	return p.lineTerminators().Complement()
}

func assert(holds func(text []rune, at int) bool) regex.Node { return regex.Assert{Holds: holds} }

func textStart() regex.Node { return assert(func(_ []rune, at int) bool { return at == 0 }) }

func textEnd() regex.Node { return assert(func(text []rune, at int) bool { return at == len(text) }) }

// insideCRLF reports whether a position is between a carriage return and a line
// feed.
func insideCRLF(text []rune, at int) bool {
	return at > 0 && at < len(text) && text[at-1] == '\r' && text[at] == '\n'
}

func (p *parser) lineStart() regex.Node {
	if !p.flags.multiline {
		return textStart()
	}
	ends, unix := p.lineTerminators(), p.flags.unixLines
	return assert(func(text []rune, at int) bool {
		if at == 0 {
			return true
		}
		return at < len(text) && ends.Has(text[at-1]) && (unix || !insideCRLF(text, at))
	})
}

func (p *parser) lineEnd() regex.Node {
	ends, unix := p.lineTerminators(), p.flags.unixLines
	if !p.flags.multiline {
		return lastLineEnd(ends, unix)
	}
	return assert(func(text []rune, at int) bool {
		return at == len(text) || ends.Has(text[at]) && (unix || !insideCRLF(text, at))
	})
}

// lastLineEnd is the end of the text or before the line terminator there.
func lastLineEnd(ends regex.Set, unix bool) regex.Node {
	return assert(func(text []rune, at int) bool {
		switch len(text) - at {
		case 0:
			return true
		case 1:
			return ends.Has(text[at]) && (unix || !insideCRLF(text, at))
		case 2:
			return !unix && insideCRLF(text, at+1)
		}
		return false
	})
}

// boundary is \b. Until Java 18 its words are those of Unicode, unlike \w.
func boundary(text []rune, at int) bool {
	return (at > 0 && isWord(text, at-1)) != (at < len(text) && isWord(text, at))
}

// isWord reports whether a character is a letter, a digit or _, or a mark on one.
func isWord(text []rune, at int) bool {
	for ; at >= 0; at-- {
		switch r := text[at]; {
		case r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.Nd, r):
			return true
		case !unicode.Is(unicode.Mn, r):
			return false
		}
	}
	return false
}
