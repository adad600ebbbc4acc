package javaregexp

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dlclark/regexp2/v2"
)

// maxBacktracking bounds the memory of a match, in machine words.
const maxBacktracking = 4 << 20

// Errors of matching. A pattern or a replacement that is wrong has an error of
// its own.
var (
	ErrTimeout      = errors.New("the regular expression took too long")
	ErrBacktracking = errors.New("the regular expression backtracks too much")
	ErrTooLong      = errors.New("the replaced text is too long")
)

// Regexp is a compiled pattern. It may be used from any number of goroutines.
type Regexp struct {
	search, whole *regexp2.Regexp
}

// Compile compiles a pattern. The error says what is wrong with it.
func Compile(pattern string) (*Regexp, error) {
	translated, err := translate(pattern)
	if err != nil {
		return nil, err
	}
	search, err := compile(translated)
	if err != nil {
		return nil, err
	}
	whole, err := compile(`\A(?:` + translated + `)\z`)
	if err != nil {
		return nil, err
	}
	return &Regexp{search: search, whole: whole}, nil
}

func compile(pattern string) (*regexp2.Regexp, error) {
	re, err := regexp2.Compile(pattern, regexp2.None,
		regexp2.OptionMaintainCaptureOrder(), regexp2.OptionMaxBacktrackingStackSize(maxBacktracking))
	if err != nil {
		// The engine's text shows the rewritten pattern, which nobody knows.
		_, reason, _ := strings.Cut(err.Error(), "error parsing regexp: ")
		reason, _, _ = strings.Cut(reason, " in `")
		return nil, fmt.Errorf("invalid pattern: %s", reason)
	}
	return re, nil
}

// Matches reports whether the whole text matches, as String.matches does. It
// takes at most about as long as timeout says.
func (r *Regexp) Matches(text string, timeout time.Duration) (bool, error) {
	limited := *r.whole
	limited.MatchTimeout = timeout
	found, err := limited.MatchString(text)
	return found, matchError(err)
}

func matchError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, regexp2.ErrBacktrackingStackLimit):
		return ErrBacktracking
	}
	return ErrTimeout
}
