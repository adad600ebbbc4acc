package params

import "slices"

// Merge lays over on top of o: objects under the same key are merged in the
// same way; every other value, null included, replaces what was there. Keys of
// o keep their places, new ones follow. What is verbatim stays so if both are.
func (o *Object) Merge(over *Object) *Object {
	if over.Len() == 0 {
		return o.orEmpty()
	}
	if o.Len() == 0 {
		return over
	}
	own := make([]Entry, 0, over.Len())
	for _, e := range over.entries() {
		if above, ok := e.Value.(*Object); ok {
			if below, ok := o.Object(e.Key); ok {
				e.Value = below.Merge(above)
			}
		}
		own = append(own, e)
	}
	merged := newLayer(o, own)
	if o.verbatim && over.verbatim {
		return merged.Verbatim()
	}
	return merged
}

// Object is the object under a key, and whether there is one.
func (o *Object) Object(key string) (*Object, bool) {
	v, _ := o.Get(key)
	object, ok := v.(*Object)
	return object, ok
}

// With is o with one key set, replacing its value whole.
func (o *Object) With(key string, v Value) *Object {
	return o.WithEntry(Entry{Key: key, Value: v})
}

// WithEntry is With for an entry that may carry a place in a file.
func (o *Object) WithEntry(e Entry) *Object {
	return newLayer(o, []Entry{e})
}

// Without is o without the given keys. A key that is missing is no error.
func (o *Object) Without(keys ...string) *Object {
	if !slices.ContainsFunc(keys, o.Has) {
		return o.orEmpty()
	}
	own := make([]Entry, 0, o.Len())
	for _, e := range o.entries() {
		if !slices.Contains(keys, e.Key) {
			own = append(own, e)
		}
	}
	return newLayer(nil, own)
}

func (o *Object) orEmpty() *Object {
	if o == nil {
		return Empty()
	}
	return o
}
