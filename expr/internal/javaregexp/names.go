package javaregexp

import (
	"fmt"
	"strings"
	"sync"
	"unicode"

	"github.com/heitan/heitan/expr/internal/regex"
)

// property is the set of \p{name}: a POSIX class, a class of java.lang.Character,
// a category, a script or a binary property.
func property(name string) (regex.Set, error) {
	if class, ok := classes[name]; ok {
		return class(), nil
	}
	for _, prefix := range []string{"general_category=", "Is"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			name = rest
		}
	}
	if set, ok := regex.Property(name); ok {
		return set, nil
	}
	return nil, fmt.Errorf("unknown character property name {%s}", name)
}

// classes are the classes with names of their own; those of POSIX are ASCII.
var classes = map[string]func() regex.Set{
	"Lower":  func() regex.Set { return regex.SetOf('a', 'z') },
	"Upper":  func() regex.Set { return regex.SetOf('A', 'Z') },
	"ASCII":  func() regex.Set { return regex.SetOf(0, 0x7f) },
	"Alpha":  func() regex.Set { return regex.SetOf('a', 'z', 'A', 'Z') },
	"Digit":  digits,
	"Alnum":  func() regex.Set { return regex.SetOf('a', 'z', 'A', 'Z', '0', '9') },
	"Punct":  func() regex.Set { return regex.SetOf('!', '/', ':', '@', '[', '`', '{', '~') },
	"Graph":  func() regex.Set { return regex.SetOf('!', '~') },
	"Print":  func() regex.Set { return regex.SetOf(' ', '~') },
	"Blank":  func() regex.Set { return regex.SetOf(' ', ' ', '\t', '\t') },
	"Cntrl":  func() regex.Set { return regex.SetOf(0, 0x1f, 0x7f, 0x7f) },
	"XDigit": func() regex.Set { return regex.SetOf('0', '9', 'a', 'f', 'A', 'F') },
	"Space":  whitespace,

	"javaLowerCase":     lowercase,
	"javaUpperCase":     uppercase,
	"javaLetter":        letter,
	"javaDigit":         digit,
	"javaLetterOrDigit": func() regex.Set { return letter().Union(digit()) },
	"javaAlphabetic":    alphabetic,
	"javaWhitespace": func() regex.Set {
		breaking := regex.FromTable(unicode.Z).Intersection(regex.SetOf(0xa0, 0xa0, 0x2007, 0x2007, 0x202f, 0x202f).Complement())
		return breaking.Union(regex.SetOf('\t', '\r', 0x1c, 0x1f))
	},
	"IsAlphabetic": alphabetic,
	"IsLowercase":  lowercase,
	"IsUppercase":  uppercase,
	"IsDigit":      digit,
	"IsLetter":     letter,
}

func letter() regex.Set    { return regex.FromTable(unicode.Letter) }
func digit() regex.Set     { return regex.FromTable(unicode.Nd) }
func lowercase() regex.Set { return regex.FromTable(unicode.Lower, unicode.Other_Lowercase) }
func uppercase() regex.Set { return regex.FromTable(unicode.Upper, unicode.Other_Uppercase) }

func alphabetic() regex.Set {
	return regex.FromTable(unicode.Letter, unicode.Nl, unicode.Other_Alphabetic)
}

// escapedClasses are \d, \w, \s, \h and \v; in upper case they mean the rest.
var escapedClasses = map[rune]func() regex.Set{'d': digits, 'w': word, 's': whitespace, 'h': horizontal, 'v': vertical}

func digits() regex.Set     { return regex.SetOf('0', '9') }
func word() regex.Set       { return regex.SetOf('a', 'z', 'A', 'Z', '_', '_', '0', '9') }
func whitespace() regex.Set { return regex.SetOf(' ', ' ', '\t', '\r') }
func vertical() regex.Set   { return regex.SetOf('\n', '\r', 0x85, 0x85, 0x2028, 0x2029) }

func horizontal() regex.Set {
	return regex.SetOf(' ', ' ', '\t', '\t', 0xa0, 0xa0, 0x1680, 0x1680, 0x180e, 0x180e, 0x2000, 0x200a,
		0x202f, 0x202f, 0x205f, 0x205f, 0x3000, 0x3000)
}

// folded adds to a set what (?i) makes equal to its members: letters of ASCII, or
// of Unicode with (?u).
func (p *parser) folded(set regex.Set) regex.Set {
	switch {
	case !p.flags.ignoreCase:
		return set
	case p.flags.unicodeCase:
		return set.Close(unicodeClasses())
	}
	return set.Close(asciiClasses())
}

func (p *parser) fold() func(rune) rune {
	switch {
	case !p.flags.ignoreCase:
		return nil
	case p.flags.unicodeCase:
		return foldUnicode
	}
	return foldASCII
}

func foldASCII(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

func foldUnicode(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }

var asciiClasses = sync.OnceValue(func() map[rune][]rune { return regex.FoldClasses(foldASCII, 'z') })

var unicodeClasses = sync.OnceValue(func() map[rune][]rune { return regex.FoldClasses(foldUnicode, 0x1e943) })
