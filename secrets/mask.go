package secrets

import (
	"bytes"
	"io"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/heitan/heitan/params"
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

	mu      sync.Mutex
	hidden  [][]byte
	held    []byte // the end of what was written, which may begin a secret
	covered int    // bytes of held that belong to a secret that is hidden already
}

// NewMask makes a mask before a writer.
func NewMask(to io.Writer) *Mask { return &Mask{to: to} }

// Hide makes the mask hide a value from now on, line by line, also as it stands in
// JSON and in URLs.
func (m *Mask) Hide(value string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for line := range strings.Lines(value) {
		line = strings.TrimRight(line, "\r\n")
		if len(line) < minHidden {
			continue
		}
		m.hide(line)
		quoted := params.JSON(line)
		m.hide(quoted[1 : len(quoted)-1])
		m.hide(url.QueryEscape(line))
		m.hide(url.PathEscape(line))
	}
}

func (m *Mask) hide(text string) {
	if !slices.ContainsFunc(m.hidden, func(h []byte) bool { return string(h) == text }) {
		m.hidden = append(m.hidden, []byte(text))
	}
}

// Write passes p on with secrets hidden. What may be the beginning of a secret is
// held back until more comes or Flush is called.
func (m *Mask) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.hidden) == 0 {
		return m.to.Write(p)
	}
	text := append(m.held, p...)
	keep := m.partial(text)
	if err := m.pass(text, len(text)-keep); err != nil {
		return 0, err
	}
	m.held = slices.Clone(text[len(text)-keep:])
	return len(p), nil
}

// pass writes the first bytes of text, up to cut, with secrets hidden.
func (m *Mask) pass(text []byte, cut int) error {
	shown, end := cover(text, cut, m.covered, m.find(text))
	m.covered = max(0, end-cut)
	if len(shown) == 0 {
		return nil
	}
	_, err := m.to.Write(shown)
	return err
}

// Text is a text with secrets hidden.
func (m *Mask) Text(text string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	shown, _ := cover([]byte(text), len(text), 0, m.find([]byte(text)))
	return string(shown)
}

// span is where a secret stands in a text.
type span struct{ start, end int }

// find is where secrets stand, in order. They may overlap.
func (m *Mask) find(text []byte) []span {
	var found []span
	for _, h := range m.hidden {
		for from := 0; ; {
			i := bytes.Index(text[from:], h)
			if i < 0 {
				break
			}
			found = append(found, span{from + i, from + i + len(h)})
			from += i + 1
		}
	}
	slices.SortFunc(found, func(a, b span) int { return a.start - b.start })
	return found
}

// cover is the first bytes of text, up to cut, with one sign for all secrets that
// overlap, and where the last of these ends. The first bytes, covered in number,
// belong to a secret whose sign was written before.
func cover(text []byte, cut, covered int, secrets []span) (shown []byte, end int) {
	end = covered
	for _, s := range secrets {
		if s.start >= cut {
			break
		}
		if s.start >= end {
			shown = append(append(shown, text[end:s.start]...), masked...)
		}
		end = max(end, s.end)
	}
	if end >= cut {
		return shown, end
	}
	if shown == nil {
		return text[end:cut], end
	}
	return append(shown, text[end:cut]...), end
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
	err := m.pass(held, len(held))
	m.covered = 0
	return err
}
