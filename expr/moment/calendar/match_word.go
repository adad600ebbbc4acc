package calendar

import (
	"unicode/utf8"

	"github.com/heitan/heitan/expr/moment/jsdate"
)

// maxWordRun is how many digits and how many letters a word may have.
const maxWordRun = 256

// word finds a name: letters, after digits or not, or words in Arabic script.
func word(text string) (start, end int) {
	for i := 0; i < len(text); {
		if run := digitRun(text[i:], len(text)); run > maxWordRun {
			i += run - maxWordRun
		}
		if n := wordAt(text[i:]); n > 0 {
			return i, i + n
		}
		if n := arabicAt(text[i:]); n > 0 {
			return i, i + n
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	return 0, 0
}

func wordAt(text string) int {
	n := digitRun(text, maxWordRun)
	letters := n + runeRun(text[n:], isWordLetter)
	if letters == n {
		return 0
	}
	return letters
}

// arabicAt is the length of one to three Arabic words, the first of which may
// contain slashes; a single word has two letters or more.
func arabicAt(text string) int {
	first := runeRun(text, func(r rune) bool { return isArabic(r) || r == '/' })
	if first == 0 {
		return 0
	}
	end := first
	for range 2 {
		space := spaceRun(text[end:])
		n := runeRun(text[end+space:], isArabic)
		if n == 0 {
			break
		}
		end += space + n
	}
	if end > first {
		return end
	}
	// The last letter counts as the second word.
	for end > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:end])
		if end -= size; isArabic(r) && end > 0 {
			return end + size
		}
	}
	return 0
}

// runeRun is the length in bytes of up to maxWordRun characters of a kind.
func runeRun(text string, kind func(rune) bool) int {
	count := 0
	for i, r := range text {
		if count == maxWordRun || !kind(r) {
			return i
		}
		count++
	}
	return len(text)
}

func spaceRun(text string) int {
	for i, r := range text {
		if !jsdate.IsSpace(r) {
			return i
		}
	}
	return len(text)
}

func isWordLetter(r rune) bool {
	return r == '\'' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' ||
		r >= 0xa0 && r <= 0x5ff || r >= 0x700 && r <= 0xd7ff ||
		r >= 0xf900 && r <= 0xfdcf || r >= 0xfdf0 && r <= 0xff07 || r >= 0xff10 && r <= 0xffef
}

func isArabic(r rune) bool { return r >= 0x600 && r <= 0x6ff }
