package calendar

import "strings"

// token is a piece of a format.
type token struct {
	source  string // as it is written in the format
	literal bool   // no part of a date
	text    string // of a literal: what it prints
}

// Families of tokens by their first letter, longest first: a letter in a format
// stands for the first of its family that matches. The pipe in w| and W| is a
// slip of the original; they are copied as text.
func family(letter byte) []string {
	switch letter {
	case 'Y':
		return []string{"YYYYYY", "YYYYY", "YYYY", "YY", "Y"}
	case 'M':
		return []string{"Mo", "MMMM", "MMM", "MM", "M"}
	case 'D':
		return []string{"Do", "DDDo", "DDDD", "DDD", "DD", "D"}
	case 'd':
		return []string{"dddd", "ddd", "dd", "do", "d"}
	case 'w':
		return []string{"wo", "ww", "w|", "w"}
	case 'W':
		return []string{"Wo", "WW", "W|", "W"}
	case 'Q':
		return []string{"Qo", "Q"}
	case 'g':
		return []string{"ggggg", "gggg", "gg", "g"}
	case 'G':
		return []string{"GGGGG", "GGGG", "GG", "G"}
	case 'H':
		return []string{"Hmmss", "Hmm", "HH", "H"}
	case 'h':
		return []string{"hmmss", "hmm", "hh", "h"}
	case 'k':
		return []string{"kk", "k"}
	case 'm':
		return []string{"mm", "m"}
	case 's':
		return []string{"ss", "s"}
	case 'z':
		return []string{"zz", "z"}
	case 'Z':
		return []string{"ZZ", "Z"}
	}
	return nil
}

// isName reports whether a token is the name of a month or a weekday.
func (t token) isName() bool {
	switch t.source {
	case "MMM", "MMMM", "dd", "ddd", "dddd":
		return true
	}
	return false
}

// isPart reports whether a token is a part of a date.
func isPart(source string) bool {
	switch source {
	case "Y", "YY", "YYYY", "YYYYY", "YYYYYY", "gg", "gggg", "ggggg", "GG", "GGGG", "GGGGG",
		"Q", "Qo", "M", "MM", "Mo", "MMM", "MMMM",
		"w", "ww", "wo", "W", "WW", "Wo",
		"D", "DD", "Do", "DDD", "DDDD", "DDDo",
		"d", "do", "dd", "ddd", "dddd", "e", "E",
		"H", "HH", "h", "hh", "k", "kk", "hmm", "hmmss", "Hmm", "Hmmss", "a", "A", "m", "mm", "s", "ss",
		"S", "SS", "SSS", "SSSS", "SSSSS", "SSSSSS", "SSSSSSS", "SSSSSSSS", "SSSSSSSSS",
		"Z", "ZZ", "z", "zz", "X", "x":
		return true
	}
	return false
}

// literalText is what is printed for a token that is no part of a date: brackets
// around it or backslashes in it are left out.
func literalText(source string) string {
	if i := strings.IndexByte(source, '['); i >= 0 && i+1 < len(source) {
		return strings.TrimSuffix(strings.TrimPrefix(source, "["), "]")
	}
	return strings.ReplaceAll(source, `\`, "")
}
