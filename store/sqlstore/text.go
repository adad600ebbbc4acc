package sqlstore

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/heitan/heitan"
)

// maxName is the longest name that is part of a unique key, in bytes.
// PostgreSQL's index entries hold some 2,700.
const maxName = 1000

// checkName says what is wrong with a name that somebody gave.
func checkName(what, name string) error {
	if len(name) > maxName {
		return &heitan.Error{
			Kind: heitan.Invalid, Msg: fmt.Sprintf("%s %.40q... has %d bytes", what, name, len(name)),
			Hint: fmt.Sprintf("names have up to %d bytes", maxName),
		}
	}
	return checkText(what, name)
}

// checkText says what is wrong with a text that somebody gave.
func checkText(what, text string) error {
	if storable(text) == text {
		return nil
	}
	return &heitan.Error{
		Kind: heitan.Invalid, Msg: fmt.Sprintf("%s %.40q cannot be stored", what, text),
		Hint: "text must be UTF-8 without NUL characters",
	}
}

// storable is a text that every database takes: valid UTF-8 without NUL, which
// PostgreSQL has no place for. Tasks are made while attempts run, so a strange
// name must not keep a whole commit from being written.
func storable(text string) string {
	if utf8.ValidString(text) && strings.IndexByte(text, 0) < 0 {
		return text
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}
