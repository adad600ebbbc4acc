package calendar

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// ErrTooLong says that a text or a format is so long that it must be a mistake
// or an attack.
var ErrTooLong = errors.New("text or format is too long")

// maxFormat is the length in bytes that a format may have after its long date
// tokens were replaced.
const maxFormat = 1 << 20

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

// longDateLength is the length of a long date token with which a text begins, or
// of brackets or an escaped token, which stay as they are.
func longDateLength(text string) (length int, isToken bool) {
	if n := bracketLength(text); n > 0 {
		return n, false
	}
	escape := 0
	if text[0] == '\\' {
		escape = 1
	}
	n := longDateTokenLength(text[escape:])
	if n == 0 {
		return 0, false
	}
	return escape + n, escape == 0
}

func longDateTokenLength(text string) int {
	switch {
	case strings.HasPrefix(text, "LTS"):
		return 3
	case strings.HasPrefix(text, "LT"):
		return 2
	}
	for _, letter := range []byte("Ll") {
		n := 0
		for n < len(text) && n < 4 && text[n] == letter {
			n++
		}
		if n > 0 {
			return n
		}
	}
	return 0
}

// expand replaces long date tokens such as LT by the locale's formats, which may
// contain such tokens again, up to a depth of six.
func (l *Locale) expand(format string) (string, error) {
	for range 6 {
		expanded, changed, err := l.expandOnce(format)
		if err != nil || !changed {
			return expanded, err
		}
		format = expanded
	}
	return format, nil
}

func (l *Locale) expandOnce(format string) (expanded string, changed bool, err error) {
	if len(format) > maxFormat {
		return "", false, ErrTooLong
	}
	if !strings.ContainsAny(format, "Ll") {
		return format, false, nil
	}
	var b strings.Builder
	for i := 0; i < len(format); {
		n, isToken := longDateLength(format[i:])
		switch {
		case n == 0:
			b.WriteByte(format[i])
			n = 1
		case isToken:
			if long, ok := l.LongDate(format[i : i+n]); ok {
				b.WriteString(long)
				changed = true
				break
			}
			fallthrough
		default:
			b.WriteString(format[i : i+n])
		}
		if b.Len() > maxFormat {
			return "", false, ErrTooLong
		}
		i += n
	}
	return b.String(), changed, nil
}

// tokenCache keeps the tokens of short formats, since a script uses few formats
// many times.
type tokenCache map[cacheKey][]token

type cacheKey struct {
	locale *Locale
	format string
}

const (
	maxCached       = 64
	maxCachedFormat = 100
)

// tokensOf splits a format after it was expanded.
func (l *Library) tokensOf(locale *Locale, format string) ([]token, error) {
	key := cacheKey{locale, format}
	if tokens, ok := l.tokens[key]; ok {
		return tokens, nil
	}
	expanded, err := locale.expand(format)
	if err != nil {
		return nil, err
	}
	tokens := tokenize(expanded)
	if len(format) <= maxCachedFormat && len(expanded) <= maxCachedFormat {
		if l.tokens == nil || len(l.tokens) >= maxCached {
			l.tokens = tokenCache{}
		}
		l.tokens[key] = tokens
	}
	return tokens, nil
}
