package sqlstore

import (
	"context"
	"strings"
)

// sizes are the numbers of rows that bulk statements exist for, so that a few
// texts, which stay prepared, fit any number of rows. More rows in a statement
// gain nothing on SQLite (5.1 µs per row at 16 and at 64, 7 µs at 1).
var sizes = [...]int{64, 16, 4, 1}

// textLimit is how much text of documents is gathered before it is written, in bytes.
const textLimit = 4 << 20

// bulk is a statement for many rows: its text for each of the sizes.
type bulk struct {
	columns int
	texts   [len(sizes)]string
}

// newBulk makes the texts of a statement. row is a row of VALUES with a `?` for
// each parameter. SQLite's own anonymous parameters are needed because it looks
// named ones up one by one, which is quadratic.
func newBulk(d Dialect, head, row, tail string) *bulk {
	b := &bulk{columns: strings.Count(row, "?")}
	for i, size := range sizes {
		var text strings.Builder
		text.WriteString(head)
		n := 0
		for r := range size {
			if r > 0 {
				text.WriteString(", ")
			}
			for part, rest, more := strings.Cut(row, "?"); ; part, rest, more = strings.Cut(rest, "?") {
				text.WriteString(part)
				if !more {
					break
				}
				n++
				text.WriteString(d.Placeholder(n))
			}
		}
		text.WriteString(tail)
		b.texts[i] = text.String()
	}
	return b
}

// fitting is the statement of the smallest size that takes n rows, and its size.
func (b *bulk) fitting(n int) (text string, size int) {
	for i := len(sizes) - 1; i > 0; i-- {
		if sizes[i] >= n {
			return b.texts[i], sizes[i]
		}
	}
	return b.texts[0], sizes[0]
}

// buffer holds the rows of a bulk statement until they are written. It is used
// again and again.
type buffer struct {
	args  []any
	docs  []byte
	spans []span
}

// span is where a document stands in a buffer's docs, and which argument it is.
type span struct{ arg, from, to int }

// writer adds rows to a bulk statement, value by value, and runs the statement
// whenever there are enough.
type writer struct {
	*buffer
	ctx  context.Context
	tx   transaction
	bulk *bulk
}

// writer takes a buffer from the store; its end gives it back.
func (s *Store) writer(ctx context.Context, tx transaction, b *bulk) *writer {
	return &writer{buffer: s.buffers.Get().(*buffer), ctx: ctx, tx: tx, bulk: b}
}

// end gives a writer's buffer back. What was not flushed is dropped.
func (s *Store) end(w *writer) {
	w.clear()
	s.buffers.Put(w.buffer)
}

// row ends a row.
func (w *writer) row() error {
	if len(w.args) < sizes[0]*w.bulk.columns && len(w.docs) < textLimit {
		return nil
	}
	return w.flush()
}

// flush writes the rows gathered so far.
func (w *writer) flush() error {
	docs := string(w.docs)
	for _, s := range w.spans {
		w.args[s.arg] = docs[s.from:s.to]
	}
	args := w.args
	for i, size := range sizes {
		for n := size * w.bulk.columns; len(args) >= n; args = args[n:] {
			if _, err := w.tx.ExecContext(w.ctx, w.bulk.texts[i], args[:n]...); err != nil {
				return err
			}
		}
	}
	w.clear()
	return nil
}

// clear forgets all rows, and lets go of what they hold. A buffer that one huge
// document has blown up is not kept.
func (w *writer) clear() {
	clear(w.args)
	w.args, w.spans, w.docs = w.args[:0], w.spans[:0], w.docs[:0]
	if cap(w.docs) > 2*textLimit {
		w.docs = nil
	}
}
