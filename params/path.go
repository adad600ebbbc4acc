package params

import (
	"fmt"
	"strings"
)

// Lookup follows a path of keys from o and reports whether all of them exist.
func (o *Object) Lookup(path ...string) (Value, bool) {
	var v Value = o.orEmpty()
	for _, key := range path {
		object, ok := v.(*Object)
		if !ok {
			return nil, false
		}
		if v, ok = object.Get(key); !ok {
			return nil, false
		}
	}
	return v, true
}

// WithPath is o with the value at a path of at least one key set; missing
// objects on the way are made. It fails if something on the way exists and is
// not an object.
func (o *Object) WithPath(path []string, v Value) (*Object, error) {
	if len(path) == 1 {
		return o.With(path[0], v), nil
	}
	var child *Object
	if existing, ok := o.Get(path[0]); ok {
		if child, ok = existing.(*Object); !ok {
			return nil, fmt.Errorf("%q is a %s, so it cannot hold %q",
				path[0], Kind(existing), strings.Join(path[1:], "."))
		}
	}
	child, err := child.WithPath(path[1:], v)
	if err != nil {
		return nil, err
	}
	return o.With(path[0], child), nil
}

// WithoutPath is o without the value at a path of at least one key. A path that
// does not exist, or that leads through something other than an object, is no error.
func (o *Object) WithoutPath(path ...string) *Object {
	if len(path) == 1 {
		return o.Without(path[0])
	}
	child, ok := o.Object(path[0])
	if !ok {
		return o.orEmpty()
	}
	return o.With(path[0], child.WithoutPath(path[1:]...))
}
