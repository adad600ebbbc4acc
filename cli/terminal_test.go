package cli

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// terminal is a model of a terminal, as far as the live view uses one. It fails
// the test on what could change more than the text: other control characters and
// sequences, or a cursor that leaves the screen at its top.
type terminal struct {
	t             *testing.T
	width, height int
	rows          [][]string // cells; a wide character's second cell is ""
	row, column   int
	writes        int
	raw           strings.Builder
	scrolled      []string // rows that left the screen at its top
}

func newTerminal(t *testing.T, width, height int) *terminal {
	return &terminal{t: t, width: width, height: height, rows: [][]string{nil}}
}

func (m *terminal) size() (width, height int) { return m.width, m.height }

// Write shows what is written.
func (m *terminal) Write(p []byte) (int, error) {
	m.writes++
	m.raw.Write(p)
	for text := string(p); text != ""; {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == 0x1b:
			size = m.sequence(text)
		case r == '\r':
			m.column = 0
		case r == '\n':
			m.column = 0
			m.down()
		case r == '\t':
			m.put(strings.Repeat(" ", 8-m.column%8))
		case r < ' ' || r >= 0x7f && r < 0xa0:
			m.t.Errorf("the control character %q reached the terminal", r)
		default:
			m.put(string(r))
		}
		text = text[size:]
	}
	return len(p), nil
}

func (m *terminal) sequence(text string) int {
	end := strings.IndexFunc(text[2:], func(r rune) bool { return r >= '@' && r < 0x7f }) + 2
	if text[1] != '[' || end < 2 {
		m.t.Fatalf("an unknown sequence reached the terminal: %.20q", text)
	}
	n := 1
	_, _ = fmt.Sscanf(text[2:end], "%d", &n)
	switch text[end] {
	case 'm':
	case 'A':
		if m.row -= n; m.row < 0 {
			m.row = 0
			m.t.Errorf("the cursor left the screen at its top")
		}
	case 'B':
		m.row = min(m.row+n, len(m.rows)-1)
	case 'K':
		m.cut()
	case 'J':
		m.cut()
		m.rows = m.rows[:m.row+1]
	default:
		m.t.Fatalf("an unknown sequence reached the terminal: %.20q", text)
	}
	return end + 1
}

func (m *terminal) cut() { m.rows[m.row] = m.rows[m.row][:min(m.column, len(m.rows[m.row]))] }

func (m *terminal) down() {
	if m.row++; m.row == len(m.rows) {
		m.rows = append(m.rows, nil)
	}
	if len(m.rows) > m.height {
		m.scrolled = append(m.scrolled, strings.Join(m.rows[0], ""))
		m.rows = m.rows[1:]
		m.row--
	}
}

func (m *terminal) put(text string) {
	for _, r := range text {
		width := ansi.StringWidth(string(r))
		if width == 0 { // a mark on the character before
			if m.column > 0 {
				m.rows[m.row][m.column-1] += string(r)
			}
			continue
		}
		if m.column+width > m.width {
			m.column = 0
			m.down()
		}
		line := m.rows[m.row]
		for len(line) < m.column+width {
			line = append(line, " ")
		}
		line[m.column] = string(r)
		for i := 1; i < width; i++ {
			line[m.column+i] = ""
		}
		m.rows[m.row] = line
		m.column += width
	}
}

// resize makes the terminal narrower as most do: rows that do not fit are broken.
func (m *terminal) resize(width, height int) {
	var rows [][]string
	for i, line := range m.rows {
		for len(line) > width {
			rows = append(rows, line[:width])
			line = line[width:]
		}
		rows = append(rows, line)
		if i == m.row {
			m.row = len(rows) - 1
			break
		}
	}
	m.column = len(rows[m.row])
	m.width, m.height, m.rows = width, height, rows
	for len(m.rows) > height {
		m.scrolled = append(m.scrolled, strings.Join(m.rows[0], ""))
		m.rows = m.rows[1:]
		m.row--
	}
}

// screen is the text that is seen.
func (m *terminal) screen() string {
	lines := make([]string, len(m.rows))
	for i, line := range m.rows {
		lines[i] = strings.TrimRight(strings.Join(line, ""), " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}
