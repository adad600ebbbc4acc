package secrets

import (
	"bytes"
	"io"
	"slices"
	"sync"
)

// masked stands in the output where a secret was.
const masked = "***"

// minHidden is the length from which values are hidden: shorter ones stand in
// ordinary text by chance, and hiding them would only damage it.
const minHidden = 4

// Mask is a writer that hides secrets. A secret that is written in several
// pieces is found if no more than its own length lies between them and a line's
// end; lines without secrets pass at once.
type Mask struct {
	to io.Writer

	mu     sync.Mutex
	hidden [][]byte // longest first
	held   []byte   // the end of what was written, which may begin a secret
}

// NewMask makes a mask before a writer.
func NewMask(to io.Writer) *Mask { return &Mask{to: to} }

// Hide makes the mask hide a value from now on.
func (m *Mask) Hide(value string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for line := range bytes.Lines([]byte(value)) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) < minHidden || slices.ContainsFunc(m.hidden, func(h []byte) bool { return bytes.Equal(h, line) }) {
			continue
		}
		m.hidden = append(m.hidden, line)
	}
	slices.SortStableFunc(m.hidden, func(a, b []byte) int { return len(b) - len(a) })
}

// Write passes p on with secrets hidden. What may be the beginning of a secret is
// held back until more comes or Flush is called.
func (m *Mask) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.hidden) == 0 {
		return m.to.Write(p)
	}
	text := m.replace(append(m.held, p...))
	keep := m.partial(text)
	if _, err := m.to.Write(text[:len(text)-keep]); err != nil {
		return 0, err
	}
	m.held = slices.Clone(text[len(text)-keep:])
	return len(p), nil
}

// Text is a text with secrets hidden.
func (m *Mask) Text(text string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.hidden) == 0 {
		return text
	}
	return string(m.replace([]byte(text)))
}

func (m *Mask) replace(text []byte) []byte {
	for _, h := range m.hidden {
		text = bytes.ReplaceAll(text, h, []byte(masked))
	}
	return text
}

// partial is the length of the longest end of text that begins a secret.
func (m *Mask) partial(text []byte) int {
	longest := 0
	for _, h := range m.hidden {
		for n := min(len(h)-1, len(text)); n > longest; n-- {
			if bytes.HasSuffix(text, h[:n]) {
				longest = n
				break
			}
		}
	}
	return longest
}

// Flush passes on what was held back, because nothing follows.
func (m *Mask) Flush() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	held := m.held
	m.held = nil
	if len(held) == 0 {
		return nil
	}
	_, err := m.to.Write(held)
	return err
}
