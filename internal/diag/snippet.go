package diag

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/heitan/heitan/params"
)

// Style colours parts of a shown diagnostic. A nil function leaves its part plain.
type Style struct {
	Error, Warning, Dim, Hint func(string) string
}

// Source gives the text of a file named in a position, or false if it cannot
// be read any more.
type Source func(file string) (text string, ok bool)

// contextLines is how many lines before the one with the problem are shown.
const contextLines = 1

// Write shows the problems one after the other: the line that tools can parse,
// the source line with a caret under the place, and the hint.
func Write(w io.Writer, list List, source Source, style Style) error {
	var b strings.Builder
	for i, d := range list {
		if i > 0 {
			b.WriteByte('\n')
		}
		writeOne(&b, d, source, style)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeOne(b *strings.Builder, d Diagnostic, source Source, style Style) {
	hint := d.Hint
	d.Hint = ""
	head := style.Error
	if d.Severity == Warning {
		head = style.Warning
	}
	b.WriteString(paint(head, harmless(d.Error())))
	b.WriteByte('\n')
	if text, ok := source(d.Pos.File); ok && !d.Pos.IsZero() {
		writeSnippet(b, text, int(d.Pos.Line), int(d.Pos.Column), style, head)
	}
	if hint != "" {
		fmt.Fprintf(b, "  %s\n", paint(style.Hint, "hint: "+harmless(hint)))
	}
}

// Snippet is the source line at a place, with its predecessor and a caret, or ""
// if the file cannot be read any more.
func Snippet(pos params.Pos, source Source, style Style) string {
	text, ok := source(pos.File)
	if !ok || pos.IsZero() {
		return ""
	}
	var b strings.Builder
	writeSnippet(&b, text, int(pos.Line), int(pos.Column), style, style.Error)
	return b.String()
}

// writeSnippet shows the line and its predecessor, and the caret. Tabs are kept
// before the caret so that it stands under its character.
func writeSnippet(b *strings.Builder, text string, line, column int, style Style, head func(string) string) {
	lines := strings.Split(text, "\n")
	if line > len(lines) {
		return
	}
	width := len(fmt.Sprint(line))
	for n := max(1, line-contextLines); n <= line; n++ {
		shown := clip(strings.TrimRight(lines[n-1], "\r"))
		fmt.Fprintf(b, "%s %s\n", paint(style.Dim, fmt.Sprintf("  %*d |", width, n)), shown)
	}
	var indent strings.Builder
	for i, r := range []rune(clip(lines[line-1])) {
		if i >= column-1 {
			break
		}
		switch {
		case r == '\t':
			indent.WriteByte('\t')
		case isWide(r):
			indent.WriteString("  ")
		default:
			indent.WriteByte(' ')
		}
	}
	fmt.Fprintf(b, "%s %s%s\n", paint(style.Dim, fmt.Sprintf("  %*s |", width, "")), indent.String(), paint(head, "^"))
}

// clip cuts a line that would flood the terminal, and hides control characters
// that could change it.
func clip(line string) string {
	const limit = 160
	clean := harmless(line)
	if runes := []rune(clean); len(runes) > limit {
		return string(runes[:limit]) + "…"
	}
	return clean
}

// harmless hides the control characters in a text, which could change the
// terminal. Messages cite what users, and those who send them files, have written.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError {
			return '\u00b7'
		}
		return r
	}, text)
}

// isWide reports whether a terminal shows r two columns wide, for the scripts
// our users write in.
func isWide(r rune) bool {
	return r >= 0x1100 && r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 ||
		r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe4f || r >= 0xff00 && r <= 0xff60 || r >= 0xffe0 && r <= 0xffe6 ||
		r >= 0x1f300 && r <= 0x1faff || r >= 0x20000 && r <= 0x3fffd
}

func paint(with func(string) string, text string) string {
	if with == nil {
		return text
	}
	return with(text)
}
