package cli

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

const (
	// maxStyle bounds how long a colour's escape sequence may be, and all that are
	// kept for a task's next line.
	maxStyle = 64
	// maxVisible is how much of a line is looked at that is cut to the terminal.
	maxVisible = 4 << 10

	escape    = 0x1b
	styleOver = "\x1b[0m"
)

// visible is one line of text without colours and control characters, the
// beginning of it if it is very long. Of a text of several lines it is the first
// that is not empty.
func visible(text string) string {
	text, _, _ = strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	text = lastDrawn(text)
	if len(text) > maxVisible {
		text = text[:maxVisible]
	}
	clean, _ := appendClean(nil, text, "", false)
	return string(bytes.ReplaceAll(clean, []byte{'\t'}, []byte{' '}))
}

// lastDrawn is what remains to be seen of a line that was drawn several times
// over itself, as progress bars are.
func lastDrawn(line string) string {
	line = strings.TrimRight(line, "\r")
	return line[strings.LastIndexByte(line, '\r')+1:]
}

// appendClean appends a line that a task printed, in a form that changes nothing
// on the terminal but the place where it stands: escape sequences are left out,
// but for those that set colours, if these are wanted; so are control characters,
// but for tabs; bytes that are no text become U+FFFD.
//
// style are the colours in which the line begins, as the line before has left them;
// appendClean ends them with the line and returns those that the next begins with.
func appendClean(dst []byte, line, style string, colors bool) (cleaned []byte, next string) {
	line = lastDrawn(line)
	if style != "" {
		dst = append(dst, style...)
	}
	colored := style != ""
	for len(line) > 0 {
		n := plainPrefix(line)
		dst = append(dst, line[:n]...)
		if line = line[n:]; line == "" {
			break
		}
		size, isStyle := controlSize(line)
		switch {
		case isStyle && colors:
			dst = append(dst, line[:size]...)
			style = styleAfter(style, line[:size])
			colored = true
		case size == 0:
			_, size = utf8.DecodeRuneInString(line)
			dst = append(dst, "\uFFFD"...)
		}
		line = line[size:]
	}
	if colored {
		dst = append(dst, styleOver...)
	}
	return dst, style
}

// styleAfter are the colours after one more sequence.
func styleAfter(style, sequence string) string {
	switch {
	case sequence == "\x1b[m", sequence == styleOver:
		return ""
	case len(style)+len(sequence) > maxStyle:
		return sequence
	}
	return style + sequence
}

// plainPrefix is the length of the text before the first character that is not
// simply shown.
func plainPrefix(line string) int {
	for i := 0; i < len(line); {
		c := line[i]
		switch {
		case c >= ' ' && c < 0x7f || c == '\t':
			i++
		case c < utf8.RuneSelf:
			return i
		default:
			r, size := utf8.DecodeRuneInString(line[i:])
			if r == utf8.RuneError && size == 1 || r < 0xa0 {
				return i
			}
			i += size
		}
	}
	return len(line)
}

// controlSize is the length of the control character or escape sequence at the
// beginning of text, or 0 if it is neither, and whether it sets colours. Of a
// sequence that does not end in the line only the introduction counts.
func controlSize(text string) (size int, isStyle bool) {
	kind, size := introduction(text)
	switch kind {
	case '[':
		return csiSize(text, size)
	case ']', 'P', 'X', '^', '_':
		return stringSize(text, size), false
	}
	if kind >= ' ' && kind < '0' { // intermediates and a final byte
		for end := size; end < len(text); end++ {
			if text[end] >= '0' && text[end] < 0x7f {
				return end + 1, false
			}
			if text[end] < ' ' || text[end] >= 0x7f {
				break
			}
		}
	}
	return size, false
}

// introduction is the size of what begins an escape sequence, and its kind: the
// byte behind ESC. A control character of its own has the kind 0. Size 0 means
// that text begins with neither.
func introduction(text string) (kind byte, size int) {
	switch c := text[0]; {
	case c == escape && len(text) > 1 && text[1] >= ' ' && text[1] < 0x7f:
		return text[1], 2
	case c < ' ' || c == 0x7f:
		return 0, 1
	case c == 0xc2 && len(text) > 1 && text[1] >= 0x80 && text[1] < 0xa0: // C1 controls stand for ESC and a letter
		return text[1] - 0x40, 2
	}
	return 0, 0
}

// csiSize is the size of a control sequence: parameters, intermediates and a final byte.
func csiSize(text string, from int) (size int, isStyle bool) {
	isStyle = true
	for i := from; i < len(text); i++ {
		switch c := text[i]; {
		case c >= '0' && c <= ';':
		case c >= '@' && c < 0x7f:
			return i + 1, isStyle && c == 'm' && from == 2 && text[0] == escape && i < maxStyle
		case c >= ' ' && c < '@':
			isStyle = false
		default:
			return i, false
		}
	}
	return from, false
}

// stringSize is the size of a sequence that ends with BEL or the string terminator.
func stringSize(text string, from int) int {
	for i := from; i < len(text); i++ {
		switch {
		case text[i] == 0x07:
			return i + 1
		case text[i] == escape && i+1 < len(text) && text[i+1] == '\\', text[i] == 0xc2 && i+1 < len(text) && text[i+1] == 0x9c:
			return i + 2
		}
	}
	return from
}
