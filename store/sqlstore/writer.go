package sqlstore

import "context"

// textLimit is how much text of documents is gathered before it is written, in bytes.
const textLimit = 4 << 20

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
