package script

import (
	"unicode"

	"github.com/dop251/goja"
)

// javaCompare is String.compareTo of units that were folded: the difference of
// the first units that differ, or that of the lengths.
func javaCompare(a, b goja.String, fold func(uint16) uint16) int {
	for i := range min(a.Length(), b.Length()) {
		if x, y := fold(a.CharAt(i)), fold(b.CharAt(i)); x != y {
			return int(x) - int(y)
		}
	}
	return a.Length() - b.Length()
}

// foldUnit makes upper and lower case equal as Java does it, unit by unit.
func foldUnit(unit uint16) uint16 {
	return uint16(unicode.ToLower(unicode.ToUpper(rune(unit))))
}

// javaHash is String.hashCode.
func javaHash(text goja.String) int32 {
	var h int32
	for i := range text.Length() {
		h = 31*h + int32(text.CharAt(i))
	}
	return h
}

func units(text goja.String, start, end int) []uint16 {
	out := make([]uint16, 0, end-start)
	for i := start; i < end; i++ {
		out = append(out, text.CharAt(i))
	}
	return out
}

func codePointBefore(text goja.String, end int) rune {
	if end >= 2 {
		if r, size := runeAt(text, end-2); size == 2 {
			return r
		}
	}
	return rune(text.CharAt(end - 1))
}

// within is a position that must be between two others.
func (m *machine) within(v goja.Value, least, most int) int {
	i := m.truncated(v)
	if i < least || i > most {
		m.throw("Error", "java.lang.StringIndexOutOfBoundsException: index "+m.vm.ToValue(i).String())
	}
	return i
}

// javaRange are two arguments that are the beginning and the end of a part.
func (m *machine) javaRange(text goja.String, args []goja.Value) (start, end int) {
	end = m.within(args[1], 0, text.Length())
	return m.within(args[0], 0, end), end
}

func (m *machine) offsetByCodePoints(text goja.String, args []goja.Value) int {
	i := m.within(args[0], 0, text.Length())
	for n := m.truncated(args[1]); n != 0; {
		if n > 0 {
			m.within(m.vm.ToValue(i), 0, text.Length()-1)
			_, size := runeAt(text, i)
			i += size
			n--
			continue
		}
		m.within(m.vm.ToValue(i), 1, text.Length())
		if i--; codePointBefore(text, i+1) > 0xffff {
			i--
		}
		n++
	}
	return i
}

// regionMatches takes (from, other, otherFrom, length), with a boolean before
// them that says whether to ignore case.
func (m *machine) regionMatches(text goja.String, args []goja.Value) bool {
	fold := func(unit uint16) uint16 { return unit }
	if len(args) > 4 {
		if args[0].ToBoolean() {
			fold = foldUnit
		}
		args = args[1:]
	}
	from, other, otherFrom, length := m.truncated(args[0]), m.text16(args[1]), m.truncated(args[2]), m.truncated(args[3])
	if from < 0 || otherFrom < 0 || from+length > text.Length() || otherFrom+length > other.Length() {
		return false
	}
	for i := range max(length, 0) {
		if fold(text.CharAt(from+i)) != fold(other.CharAt(otherFrom+i)) {
			return false
		}
	}
	return true
}
