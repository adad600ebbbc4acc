package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// liveScreen keeps lines at the bottom of a terminal while others scroll by above
// them. The cursor rests behind the last of the lines. They must be shorter than
// the terminal is wide.
type liveScreen struct {
	to     io.Writer
	size   func() (width, height int)
	lines  []string // at the bottom now
	width  int      // of the terminal when they were drawn
	buffer strings.Builder
}

// measure is the size of the terminal; some do not tell theirs.
func (s *liveScreen) measure() (width, height int) {
	width, height = s.size()
	if width <= 0 || height <= 0 {
		return 80, 24
	}
	return width, height
}

// scroll lets text scroll by above the lines, which stay as they are. The text
// ends with a newline.
func (s *liveScreen) scroll(text []byte) { s.draw(text, s.lines) }

// draw lets text scroll by and replaces the lines at the bottom. All is written at
// once, so that nothing flickers, and only what has changed.
func (s *liveScreen) draw(text []byte, lines []string) {
	width, _ := s.measure()
	if len(text) == 0 && width == s.width && len(lines) == len(s.lines) {
		s.rewrite(lines)
	} else {
		s.erase(width)
		s.buffer.Write(text)
		s.buffer.WriteString(strings.Join(lines, "\n"))
	}
	s.lines, s.width = lines, width
	if s.buffer.Len() > 0 {
		_, _ = io.WriteString(s.to, s.buffer.String()) // a terminal that is gone shows nothing
		s.buffer.Reset()
	}
}

// rewrite replaces those lines that differ, and the last one, behind which the
// cursor is to rest.
func (s *liveScreen) rewrite(lines []string) {
	last := len(lines) - 1
	at := last
	for i, line := range lines {
		if line == s.lines[i] && (i < last || at == last) {
			continue
		}
		s.move(i - at)
		s.buffer.WriteString("\r" + line + "\x1b[K")
		at = i
	}
}

// move moves the cursor down by rows, or up if they are negative.
func (s *liveScreen) move(rows int) {
	switch {
	case rows > 0:
		fmt.Fprintf(&s.buffer, "\x1b[%dB", rows)
	case rows < 0:
		fmt.Fprintf(&s.buffer, "\x1b[%dA", -rows)
	}
}

// erase clears the lines. When a terminal becomes narrower it breaks lines that do
// not fit any more, so that they take more rows than there are lines. Nearly all
// do; the few that cut the lines instead lose some of the text above.
func (s *liveScreen) erase(width int) {
	if len(s.lines) == 0 {
		return
	}
	rows := 0
	for _, line := range s.lines {
		rows += max(1, (ansi.StringWidth(line)+width-1)/width)
	}
	s.buffer.WriteByte('\r')
	s.move(1 - rows)
	s.buffer.WriteString("\x1b[J")
}
