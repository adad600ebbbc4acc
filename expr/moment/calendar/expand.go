package calendar

import (
	"errors"
	"strings"
)

// ErrTooLong says that a text or a format is so long that it must be a mistake
// or an attack.
var ErrTooLong = errors.New("text or format is too long")

// maxFormat is the length in bytes that a format may have after its long date
// tokens were replaced.
const maxFormat = 1 << 20

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
