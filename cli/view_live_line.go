package cli

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// liveLine builds a line that fits the terminal.
type liveLine struct {
	strings.Builder
	env  Env
	left int // columns
}

// newLiveLine begins a line that stays a column shorter than the terminal, as some
// terminals go to the next line when the last column is written.
func newLiveLine(env Env, width int) *liveLine { return &liveLine{env: env, left: width - 1} }

// add appends text in a colour, or as much of it as fits.
func (l *liveLine) add(c color, text string) {
	if l.left <= 0 {
		return
	}
	width := columns(text)
	if width > l.left {
		text = ansi.Truncate(text, l.left, "...")
		width = l.left
	}
	l.left -= width
	l.WriteString(l.env.color(c).paint(text))
}

// columns is how many columns text takes that has no control characters.
func columns(text string) int {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return ansi.StringWidth(text)
		}
	}
	return len(text)
}

// cutLeft is the end of text in at most n columns.
func cutLeft(text string, n int) string {
	const sign = "..."
	width := columns(text)
	switch {
	case width <= n:
		return text
	case n <= len(sign):
		return ansi.TruncateLeft(text, width-n, "")
	}
	return ansi.TruncateLeft(text, width-n+len(sign), sign)
}

// padRight fills text up to n columns.
func padRight(text string, n int) string {
	return text + strings.Repeat(" ", max(0, n-columns(text)))
}
