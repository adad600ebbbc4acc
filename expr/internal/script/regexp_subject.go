package script

import (
	"sort"
	"unicode/utf16"

	"github.com/dop251/goja"
)

// subject is a text made ready for matching. Expressions are often matched again
// and again against the same text, so the machine keeps the last one.
type subject struct {
	text      goja.String
	unicode   bool
	runes     []rune // UTF-16 units, or characters in the Unicode mode
	positions []int  // of the characters in units; nil if they are the same
}

func (m *machine) subjectOf(text goja.String, unicode bool) *subject {
	s := &m.subject
	if s.text == nil || s.unicode != unicode || !s.text.SameAs(text) {
		*s = newSubject(text, unicode)
	}
	return s
}

func newSubject(text goja.String, unicode bool) subject {
	s := subject{text: text, unicode: unicode, runes: make([]rune, 0, text.Length())}
	for i := 0; i < text.Length(); {
		r, size := rune(text.CharAt(i)), 1
		if unicode {
			r, size = runeAt(text, i)
		}
		if size == 2 && s.positions == nil {
			s.positions = make([]int, len(s.runes), text.Length()+1)
			for n := range s.positions {
				s.positions[n] = n
			}
		}
		s.runes = append(s.runes, r)
		if s.positions != nil {
			s.positions = append(s.positions, i)
		}
		i += size
	}
	if s.positions != nil {
		s.positions = append(s.positions, text.Length())
	}
	return s
}

// position is where the character of an index begins in units.
func (s *subject) position(index int) int {
	if s.positions == nil {
		return index
	}
	return s.positions[index]
}

// index is the character at or before a position in units.
func (s *subject) index(position int) int {
	if s.positions == nil {
		return position
	}
	return sort.SearchInts(s.positions, position+1) - 1
}

// runeAt is the character at a position, and its length in units. Half a
// surrogate pair is a character by itself.
func runeAt(text goja.String, i int) (r rune, size int) {
	first := rune(text.CharAt(i))
	if utf16.IsSurrogate(first) && i+1 < text.Length() {
		if r := utf16.DecodeRune(first, rune(text.CharAt(i+1))); r != '\uFFFD' {
			return r, 2
		}
	}
	return first, 1
}
