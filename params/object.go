package params

import (
	"iter"
	"sync/atomic"
)

const (
	// scanLimit is the number of entries up to which a linear search beats a map.
	scanLimit = 8
	// maxLayers bounds the chain a look-up may walk. The layer that would
	// exceed it is flattened instead.
	maxLayers = 8
)

// Entry is one key of an object with its value and, if it was written in a
// file, the place of the key.
type Entry struct {
	Key   string
	Value Value
	Pos   Pos
}

// Object is an ordered, immutable JSON object. A nil *Object is the empty
// object for every method, but is not a valid [Value].
type Object struct {
	base   *Object // nil, or what own is laid over
	own    []Entry // unique keys
	index  map[string]int32
	size   int // number of distinct keys in base and own
	layers int

	template bool
	verbatim bool                    // texts are no templates, whatever is in them
	flat     atomic.Pointer[[]Entry] // all entries in order, made when first iterated
}

// New makes an object of entries. A later entry replaces the value of an
// earlier one of the same key and keeps its place.
func New(entries ...Entry) *Object {
	own := make([]Entry, 0, len(entries))
	place := make(map[string]int, len(entries))
	for _, e := range entries {
		if i, ok := place[e.Key]; ok {
			own[i] = e
			continue
		}
		place[e.Key] = len(own)
		own = append(own, e)
	}
	return newLayer(nil, own)
}

// Of makes an object from alternating keys and values: Of("a", int64(1), "b", "x").
// It panics if a key is not a string, as only a programmer's mistake can cause that.
func Of(keysAndValues ...any) *Object {
	entries := make([]Entry, 0, len(keysAndValues)/2)
	for i := 0; i+1 < len(keysAndValues); i += 2 {
		entries = append(entries, Entry{Key: keysAndValues[i].(string), Value: keysAndValues[i+1]})
	}
	return New(entries...)
}

// Empty is the empty object.
func Empty() *Object { return &Object{} }

// newLayer lays own, whose keys are unique, over base, which may be nil.
func newLayer(base *Object, own []Entry) *Object {
	o := &Object{base: base, own: own, size: len(own), layers: 1}
	if len(own) > scanLimit {
		o.index = make(map[string]int32, len(own))
		for i := range own {
			o.index[own[i].Key] = int32(i)
		}
	}
	if base != nil {
		o.layers += base.layers
		o.template = base.template
		o.size = base.size
		for i := range own {
			if !base.Has(own[i].Key) {
				o.size++
			}
		}
	}
	for i := 0; i < len(own) && !o.template; i++ {
		o.template = HasTemplate(own[i].Value)
	}
	if o.layers > maxLayers {
		return newLayer(nil, o.entries())
	}
	return o
}

// Len is the number of keys.
func (o *Object) Len() int {
	if o == nil {
		return 0
	}
	return o.size
}

// Verbatim is the same object, whose texts are no templates even if they look like
// some. Objects that are taken out of it do not know that any more, and neither
// does JSON.
func (o *Object) Verbatim() *Object {
	same := newLayer(nil, o.entries())
	same.template, same.verbatim = false, true
	return same
}

// HasTemplate reports whether any text in the object may hold a template. It
// may still say so after the last template was overridden, but never misses one.
func (o *Object) HasTemplate() bool { return o != nil && o.template }

// Get is the value of a key.
func (o *Object) Get(key string) (Value, bool) {
	if e := o.find(key); e != nil {
		return e.Value, true
	}
	return nil, false
}

// Has reports whether the object has a key.
func (o *Object) Has(key string) bool { return o.find(key) != nil }

// Pos is where a key was written, or the zero Pos.
func (o *Object) Pos(key string) Pos {
	if e := o.find(key); e != nil {
		return e.Pos
	}
	return Pos{}
}

// find is the uppermost entry of a key, or nil.
func (o *Object) find(key string) *Entry {
	for ; o != nil; o = o.base {
		if e := o.findOwn(key); e != nil {
			return e
		}
	}
	return nil
}

func (o *Object) findOwn(key string) *Entry {
	if o.index != nil {
		if i, ok := o.index[key]; ok {
			return &o.own[i]
		}
		return nil
	}
	for i := range o.own {
		if o.own[i].Key == key {
			return &o.own[i]
		}
	}
	return nil
}

// Entries iterates over all entries in order.
func (o *Object) Entries() iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		for _, e := range o.entries() {
			if !yield(e) {
				return
			}
		}
	}
}

// All iterates over all keys and values in order.
func (o *Object) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for _, e := range o.entries() {
			if !yield(e.Key, e.Value) {
				return
			}
		}
	}
}

// Keys is the list of keys in order.
func (o *Object) Keys() []string {
	entries := o.entries()
	keys := make([]string, len(entries))
	for i := range entries {
		keys[i] = entries[i].Key
	}
	return keys
}

// entries is the flat list of all entries. It is shared and must not be changed.
func (o *Object) entries() []Entry {
	if o == nil {
		return nil
	}
	if o.base == nil {
		return o.own
	}
	if flat := o.flat.Load(); flat != nil {
		return *flat
	}
	all := make([]Entry, 0, o.size)
	for _, e := range o.base.entries() {
		if own := o.findOwn(e.Key); own != nil {
			e = *own
		}
		all = append(all, e)
	}
	for i := range o.own {
		if !o.base.Has(o.own[i].Key) {
			all = append(all, o.own[i])
		}
	}
	o.flat.Store(&all)
	return all
}

func (o *Object) equal(other *Object) bool {
	if o == other {
		return true
	}
	if o.Len() != other.Len() {
		return false
	}
	for key, v := range o.All() {
		w, ok := other.Get(key)
		if !ok || !Equal(v, w) {
			return false
		}
	}
	return true
}
