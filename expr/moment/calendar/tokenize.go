package calendar

import (
	"strings"
	"unicode/utf8"
)

// tokenize splits a format. Line breaks outside of brackets are left out, as in
// the original.
func tokenize(format string) []token {
	tokens := make([]token, 0, len(format)/2+1)
	for i := 0; i < len(format); {
		n := tokenLength(format[i:])
		if n == 0 {
			_, size := utf8.DecodeRuneInString(format[i:])
			i += size
			continue
		}
		source := format[i : i+n]
		t := token{source: source, literal: !isPart(source)}
		if t.literal {
			t.text = literalText(source)
		}
		tokens = append(tokens, t)
		i += n
	}
	return tokens
}

// tokenLength is the length of the token with which a text begins, or 0 at a
// line break.
func tokenLength(text string) int {
	if n := bracketLength(text); n > 0 {
		return n
	}
	if text[0] == '\\' {
		if n := plainLength(text[1:]); n > 0 {
			return 1 + n
		}
		return 1
	}
	return plainLength(text)
}

// plainLength is the length of a token without brackets and backslash.
func plainLength(text string) int {
	if text == "" {
		return 0
	}
	if text[0] == 'S' {
		n := 1
		for n < len(text) && n < 9 && text[n] == 'S' {
			n++
		}
		return n
	}
	for _, member := range family(text[0]) {
		if strings.HasPrefix(text, member) {
			return len(member)
		}
	}
	r, size := utf8.DecodeRuneInString(text)
	if isLineBreak(r) {
		return 0
	}
	return size
}

// bracketLength is the length of text in brackets up to the last closing one
// before the next opening one, or 0.
func bracketLength(text string) int {
	if text[0] != '[' {
		return 0
	}
	inner := text[1:]
	if next := strings.IndexByte(inner, '['); next >= 0 {
		inner = inner[:next]
	}
	end := strings.LastIndexByte(inner, ']')
	if end < 0 {
		return 0
	}
	return end + 2
}

func isLineBreak(r rune) bool {
	return r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029'
}
