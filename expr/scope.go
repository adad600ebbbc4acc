package expr

import (
	"slices"

	"github.com/heitan/heitan/params"
)

// scope is what the expressions of a template see: the raw parameters, overlaid
// with the keys that were evaluated before.
type scope struct {
	raw       *params.Object
	evaluated *overlay // or nil
}

// overlay is the evaluated keys in their order.
type overlay struct {
	values map[string]params.Value
	names  []string
}

func (o *overlay) set(name string, v params.Value) {
	if o.values == nil {
		o.values = make(map[string]params.Value)
	}
	if _, ok := o.values[name]; !ok {
		o.names = append(o.names, name)
	}
	o.values[name] = v
}

// Get is the value of a name, and whether there is one.
func (s scope) Get(name string) (params.Value, bool) {
	if s.evaluated != nil {
		if v, ok := s.evaluated.values[name]; ok {
			return v, true
		}
	}
	return s.raw.Get(name)
}

// Names are all names in the order of the document.
func (s scope) Names() []string {
	names := s.raw.Keys()
	if s.evaluated == nil {
		return names
	}
	for _, name := range s.evaluated.names {
		if !s.raw.Has(name) {
			names = append(names, name)
		}
	}
	return slices.Clip(names)
}
