package expr

import (
	"iter"
	"strings"
)

// segment is a piece of a template.
type segment struct {
	text       string // literal text as written, or the inside of ${...}
	offset     int    // of text in the template, in bytes
	expression bool
}

// segments takes a template apart by Digdag's extended syntax: ${ begins an
// expression and the brace that balances it ends it, whatever stands in quotes.
// An unclosed ${ and all that follows is literal, and so is the beginning of
// ${word: with a word of lower-case letters, which operators replace themselves.
func segments(template string) iter.Seq[segment] {
	return func(yield func(segment) bool) {
		done := 0 // up to here the segments were handed on
		for i := 0; ; {
			start := strings.Index(template[i:], "${")
			if start < 0 {
				break
			}
			start += i
			if i = start + len("${"); isReserved(template[i:]) {
				continue
			}
			end := closingBrace(template, i)
			if end < 0 {
				break
			}
			if start > done && !yield(segment{text: template[done:start], offset: done}) {
				return
			}
			if !yield(segment{text: template[i:end], offset: i, expression: true}) {
				return
			}
			done, i = end+1, end+1
		}
		if done < len(template) {
			yield(segment{text: template[done:], offset: done})
		}
	}
}

// isReserved reports whether text begins with lower-case letters and a colon.
func isReserved(text string) bool {
	word := 0
	for word < len(text) && 'a' <= text[word] && text[word] <= 'z' {
		word++
	}
	return word > 0 && word < len(text) && text[word] == ':'
}

// closingBrace is where the brace is that balances one before i, or -1.
func closingBrace(text string, i int) int {
	for open := 1; i < len(text); i++ {
		switch text[i] {
		case '{':
			open++
		case '}':
			if open--; open == 0 {
				return i
			}
		}
	}
	return -1
}

// literal is how literal text is rendered: two dollar signs become one.
func literal(text string) string { return strings.ReplaceAll(text, "$$", "$") }
