package jsdate

import (
	"strings"
	"unicode/utf8"
)

type tokenKind uint8

const (
	endToken tokenKind = iota
	numberToken
	wordToken
	symbolToken // one of : - + . )
	spaceToken  // one character
	otherToken
)

// wordKind says which words have a meaning.
type wordKind uint8

const (
	unknownWord wordKind = iota
	monthWord
	halfDayWord
	zoneWord
	separatorWord // T between date and time
)

type token struct {
	kind   tokenKind
	symbol rune     // of a symbol
	word   wordKind // of a word
	number int      // a number; of a word its month, its hours ahead of UTC, or 0 or 12
	length int      // characters
}

func (t token) isSymbol(r rune) bool    { return t.kind == symbolToken && t.symbol == r }
func (t token) isSign() bool            { return t.isSymbol('-') || t.isSymbol('+') }
func (t token) isFixed(digits int) bool { return t.kind == numberToken && t.length == digits }

// significantDigits are as many as V8 keeps of a number.
const significantDigits = 9

// milliseconds reads a number as the digits after a decimal point.
func (t token) milliseconds() int {
	n, length := t.number, min(t.length, significantDigits)
	for ; length < 3; length++ {
		n *= 10
	}
	for ; length > 3; length-- {
		n /= 10
	}
	return n
}

// scanner splits a text into tokens, one of them in advance.
type scanner struct {
	text   string
	ahead  token
	loaded bool
}

func newScanner(text string) scanner { return scanner{text: text} }

// peek is the next token.
func (s *scanner) peek() token {
	if !s.loaded {
		s.ahead, s.loaded = s.scan(), true
	}
	return s.ahead
}

func (s *scanner) next() token {
	t := s.peek()
	s.loaded = false
	return t
}

func (s *scanner) skip(symbol rune) bool {
	if !s.peek().isSymbol(symbol) {
		return false
	}
	s.next()
	return true
}

func (s *scanner) scan() token {
	if s.text == "" {
		return token{kind: endToken}
	}
	r, size := utf8.DecodeRuneInString(s.text)
	switch {
	case r >= '0' && r <= '9':
		return s.scanNumber()
	case strings.ContainsRune(":-+.)", r):
		s.text = s.text[size:]
		return token{kind: symbolToken, symbol: r}
	case IsSpace(r):
		s.text = s.text[size:]
		return token{kind: spaceToken}
	case r >= 'A':
		return s.scanWord()
	case r == '(':
		s.skipComment()
	default:
		s.text = s.text[size:]
	}
	return token{kind: otherToken}
}

func (s *scanner) scanNumber() token {
	digits := strings.IndexFunc(s.text, func(r rune) bool { return r < '0' || r > '9' })
	if digits < 0 {
		digits = len(s.text)
	}
	n := 0
	significant := strings.TrimLeft(s.text[:digits], "0")
	for i := range min(len(significant), significantDigits) {
		n = n*10 + int(significant[i]-'0')
	}
	s.text = s.text[digits:]
	return token{kind: numberToken, number: n, length: digits}
}

func (s *scanner) scanWord() token {
	end, length := len(s.text), 0
	for i, r := range s.text {
		if r < 'A' || IsSpace(r) {
			end = i
			break
		}
		length++
	}
	word := s.text[:end]
	s.text = s.text[end:]
	t := token{kind: wordToken, length: length}
	t.word, t.number = lookUp(word, length)
	return t
}

// skipComment drops text in parentheses, which may be nested and unclosed.
func (s *scanner) skipComment() {
	depth := 0
	for i, r := range s.text {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			s.text = s.text[i+1:]
			return
		}
	}
	s.text = ""
}

// IsSpace reports whether JavaScript counts a character as white space or as a
// line break.
func IsSpace(r rune) bool {
	switch r {
	case '\t', '\n', '\v', '\f', '\r', ' ', '\u00a0', '\u1680', '\u2028', '\u2029', '\u202f', '\u205f', '\u3000', '\ufeff':
		return true
	}
	return r >= '\u2000' && r <= '\u200a'
}
