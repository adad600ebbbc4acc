package javaregexp

import (
	"fmt"
	"strings"
	"unicode"
)

// named is the set of \p{name}: a POSIX class, a class of java.lang.Character, a
// category, a script or a binary property.
func named(name string) (set, error) {
	if s, ok := posix[name]; ok {
		return s(), nil
	}
	for _, prefix := range []string{"script=", "sc=", "general_category=", "gc=", "Is"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			name = rest
			break
		}
	}
	if table, ok := tables()[strings.ToLower(strings.ReplaceAll(name, "_", ""))]; ok {
		return fromTable(table), nil
	}
	return nil, fmt.Errorf("unknown character property name {%s}", name)
}

// posix are the classes that have names of their own; without (?U) they are
// those of ASCII.
var posix = map[string]func() set{
	"Lower":  func() set { return setOf('a', 'z') },
	"Upper":  func() set { return setOf('A', 'Z') },
	"ASCII":  func() set { return setOf(0, 0x7f) },
	"Alpha":  func() set { return setOf('a', 'z', 'A', 'Z') },
	"Digit":  func() set { return setOf('0', '9') },
	"Alnum":  func() set { return setOf('a', 'z', 'A', 'Z', '0', '9') },
	"Punct":  func() set { return setOf('!', '/', ':', '@', '[', '`', '{', '~') },
	"Graph":  func() set { return setOf('!', '~') },
	"Print":  func() set { return setOf(' ', '~') },
	"Blank":  func() set { return setOf(' ', ' ', '\t', '\t') },
	"Cntrl":  func() set { return setOf(0, 0x1f, 0x7f, 0x7f) },
	"XDigit": func() set { return setOf('0', '9', 'a', 'f', 'A', 'F') },
	"Space":  whitespace,

	"javaLowerCase":     func() set { return fromTable(unicode.Lower).union(fromTable(unicode.Other_Lowercase)) },
	"javaUpperCase":     func() set { return fromTable(unicode.Upper).union(fromTable(unicode.Other_Uppercase)) },
	"javaLetter":        func() set { return fromTable(unicode.Letter) },
	"javaDigit":         func() set { return fromTable(unicode.Nd) },
	"javaLetterOrDigit": func() set { return fromTable(unicode.Letter).union(fromTable(unicode.Nd)) },
	"javaAlphabetic":    alphabetic,
	"javaWhitespace": func() set {
		breaking := fromTable(unicode.Z).intersection(setOf(0xa0, 0xa0, 0x2007, 0x2007, 0x202f, 0x202f).complement())
		return breaking.union(setOf('\t', '\r', 0x1c, 0x1f))
	},
	"IsAlphabetic": alphabetic,
	"IsLowercase":  func() set { return fromTable(unicode.Lower).union(fromTable(unicode.Other_Lowercase)) },
	"IsUppercase":  func() set { return fromTable(unicode.Upper).union(fromTable(unicode.Other_Uppercase)) },
	"IsDigit":      func() set { return fromTable(unicode.Nd) },
	"IsLetter":     func() set { return fromTable(unicode.Letter) },
}

func alphabetic() set {
	return fromTable(unicode.Letter).union(fromTable(unicode.Nl)).union(fromTable(unicode.Other_Alphabetic))
}

// tables are the categories, scripts and properties of Unicode by their names in
// lower case without underscores.
func tables() map[string]*unicode.RangeTable {
	all := map[string]*unicode.RangeTable{}
	for _, tables := range []map[string]*unicode.RangeTable{unicode.Properties, unicode.Scripts, unicode.Categories} {
		for name, table := range tables {
			all[strings.ToLower(strings.ReplaceAll(name, "_", ""))] = table
		}
	}
	return all
}

// The classes of a single letter. Their Java names are those of the escapes.

func digits() set     { return setOf('0', '9') }
func word() set       { return setOf('a', 'z', 'A', 'Z', '_', '_', '0', '9') }
func whitespace() set { return setOf(' ', ' ', '\t', '\r') }

func horizontal() set {
	return setOf(' ', ' ', '\t', '\t', 0xa0, 0xa0, 0x1680, 0x1680, 0x180e, 0x180e, 0x2000, 0x200a, 0x202f, 0x202f, 0x205f, 0x205f, 0x3000, 0x3000)
}

func vertical() set { return setOf('\n', '\r', 0x85, 0x85, 0x2028, 0x2029) }

// terminators are the single characters that end a line for ., ^ and $.
func terminators() set { return setOf('\n', '\n', '\r', '\r', 0x85, 0x85, 0x2028, 0x2029) }
