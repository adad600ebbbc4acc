package calendar

import (
	"strings"
	"unicode/utf8"
)

// maxDigits stands for any number of digits.
const maxDigits = 1 << 30

// match finds the first part of a text that a token may take, in the token's
// strict or its usual form; end is 0 if there is none. Tokens that are no part
// of a date, or a part that cannot be parsed, are looked for literally.
func (l *Locale) match(t token, strict bool, text string) (start, end int) {
	least := func(strictly int) int {
		if strict {
			return strictly
		}
		return 1
	}
	switch t.source {
	case "M", "D", "w", "W", "d", "e", "E", "H", "h", "k", "m", "s":
		return digits(text, 1, 2)
	case "YY", "gg", "GG", "MM", "DD", "ww", "WW", "HH", "hh", "kk", "mm", "ss":
		return digits(text, least(2), 2)
	case "YYYY", "gggg", "GGGG":
		return digits(text, least(4), 4)
	case "YYYYY", "YYYYYY", "ggggg", "GGGGG":
		return signedDigits(text, least(6), 6)
	case "Y", "x":
		return signedDigits(text, 1, maxDigits)
	case "MMM", "MMMM", "dd", "ddd", "dddd": // those of isName
		return word(text)
	case "Q":
		return digits(text, 1, 1)
	case "DDD":
		return digits(text, 1, 3)
	case "DDDD":
		return digits(text, 3, 3)
	case "Do":
		return l.ordinalDay(text, strict)
	case "hmm", "Hmm":
		return digits(text, 3, 4)
	case "hmmss", "Hmmss":
		return digits(text, 5, 6)
	case "a", "A":
		return halfDay(text)
	case "Z", "ZZ":
		return offset(text)
	case "X":
		return timestamp(text)
	case "S", "SS", "SSS", "SSSS", "SSSSS", "SSSSSS", "SSSSSSS", "SSSSSSSS", "SSSSSSSSS":
		n := len(t.source)
		switch {
		case n > 3:
			return digits(text, 1, maxDigits)
		case strict:
			return digits(text, n, n)
		}
		return digits(text, 1, 3)
	}
	if t.source == "g" || t.source == "G" {
		return signedDigits(text, 1, maxDigits)
	}
	search := searchText(t.source)
	if i := strings.Index(text, search); i >= 0 && search != "" {
		return i, i + len(search)
	}
	return 0, 0
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// digits finds the first run of at least and at most so many digits.
func digits(text string, least, most int) (start, end int) {
	for i := 0; i < len(text); {
		n := digitRun(text[i:], most)
		if n >= least {
			return i, i + n
		}
		i += n + 1
	}
	return 0, 0
}

func digitRun(text string, most int) int {
	n := 0
	for n < len(text) && n < most && isDigit(text[n]) {
		n++
	}
	return n
}

// signedDigits finds digits with or without a sign before them.
func signedDigits(text string, least, most int) (start, end int) {
	start, end = digits(text, least, most)
	if end > 0 && start > 0 && (text[start-1] == '+' || text[start-1] == '-') {
		start--
	}
	return start, end
}

// timestamp finds digits with a sign and up to three decimal digits.
func timestamp(text string) (start, end int) {
	start, end = signedDigits(text, 1, maxDigits)
	if end > 0 && end < len(text) && text[end] == '.' {
		if n := digitRun(text[end+1:], 3); n > 0 {
			end += 1 + n
		}
	}
	return start, end
}

func offset(text string) (start, end int) {
	for i := range len(text) {
		if n := matchOffset(text[i:], true); n > 0 {
			return i, i + n
		}
	}
	return 0, 0
}

// halfDay finds a or p with what is left of "a.m.".
func halfDay(text string) (start, end int) {
	start = strings.IndexAny(text, "aApP")
	if start < 0 {
		return 0, 0
	}
	end = start + 1
	for _, optional := range []string{".", "mM", "."} {
		if end < len(text) && strings.IndexByte(optional, text[end]) >= 0 {
			end++
		}
	}
	return start, end
}

// ordinalDay finds a day of the month with its suffix; unless it is strict the
// suffix may be missing.
func (l *Locale) ordinalDay(text string, strict bool) (start, end int) {
	for i := range len(text) {
		n := digitRun(text[i:], 2)
		for k := n; k > 0; k-- {
			for _, suffix := range l.OrdinalSuffixes {
				if strings.HasPrefix(text[i+k:], suffix) {
					return i, i + k + len(suffix)
				}
			}
		}
		if n > 0 && (!strict || len(l.OrdinalSuffixes) == 0) {
			return i, i + n
		}
	}
	return 0, 0
}

// searchText is the text that a token stands for which is no part of a date. In
// the original empty brackets come out as the word undefined.
func searchText(source string) string {
	source = strings.Replace(source, `\`, "", 1)
	if !strings.ContainsAny(source, `[\`) {
		return source
	}
	var b strings.Builder
	for i := 0; i < len(source); {
		rest := source[i:]
		switch {
		case rest[0] == '\\' && len(rest) > 1:
			r, size := utf8.DecodeRuneInString(rest[1:])
			if isLineBreak(r) {
				b.WriteByte('\\')
			}
			b.WriteString(rest[1 : 1+size])
			i += 1 + size
		case rest[0] == '[':
			end := strings.IndexAny(rest[1:], "[]")
			if end < 0 || rest[1+end] == '[' {
				b.WriteByte('[')
				i++
				continue
			}
			if end == 0 {
				b.WriteString("undefined")
			}
			b.WriteString(rest[1 : 1+end])
			i += end + 2
		default:
			b.WriteByte(rest[0])
			i++
		}
	}
	return b.String()
}
