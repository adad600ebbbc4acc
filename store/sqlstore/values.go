package sqlstore

import (
	"strconv"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
)

func (w *writer) int(n int64)   { w.args = append(w.args, n) }
func (w *writer) bool(b bool)   { w.args = append(w.args, b) }
func (w *writer) text(s string) { w.args = append(w.args, s) }
func (w *writer) null()         { w.args = append(w.args, nil) }

// time is microseconds, null for the zero time.
func (w *writer) time(t time.Time) {
	if t.IsZero() {
		w.null()
		return
	}
	w.int(t.UnixMicro())
}

// doc is a document's JSON text, null for an empty one.
func (w *writer) doc(o *params.Object) {
	if o.Len() == 0 {
		w.null()
		return
	}
	w.json(o)
}

// list is a list of strings as JSON text, null for an empty one.
func (w *writer) list(items []string) {
	if len(items) == 0 {
		w.null()
		return
	}
	list := make(params.List, len(items))
	for i, item := range items {
		list[i] = item
	}
	w.json(list)
}

// json is any value's JSON text.
func (w *writer) json(v params.Value) {
	from := len(w.docs)
	w.docs = params.AppendJSON(w.docs, v)
	w.gathered(from)
}

// ids is a list of ids as `1,2,3`, null for an empty one.
func (w *writer) ids(ids []heitan.TaskID) {
	if len(ids) == 0 {
		w.null()
		return
	}
	from := len(w.docs)
	for i, id := range ids {
		if i > 0 {
			w.docs = append(w.docs, ',')
		}
		w.docs = strconv.AppendInt(w.docs, int64(id), 10)
	}
	w.gathered(from)
}

// pos is `file:line:column`, null for no place.
func (w *writer) pos(p params.Pos) {
	if p.IsZero() {
		w.null()
		return
	}
	from := len(w.docs)
	w.docs = append(append(w.docs, storable(p.File)...), ':')
	w.docs = append(strconv.AppendInt(w.docs, int64(p.Line), 10), ':')
	w.docs = strconv.AppendInt(w.docs, int64(p.Column), 10)
	w.gathered(from)
}

// gathered makes what was appended to docs since from an argument.
func (w *writer) gathered(from int) {
	w.spans = append(w.spans, span{arg: len(w.args), from: from, to: len(w.docs)})
	w.null()
}
