package script

import (
	"slices"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/params"
)

// binding is the global object of one evaluation: the names of the scope, whose
// values become JavaScript values when they are read, and what the script
// assigns. The built-in objects are inherited.
type binding struct {
	machine *machine
	scope   Scope
	values  map[string]goja.Value // read or assigned before; nil if deleted
	added   []string              // names that are not in the scope, in the order of assignment
}

// Get is the value of a name, or nil.
func (b *binding) Get(name string) goja.Value {
	if v, ok := b.values[name]; ok {
		return v
	}
	if isGuard(name) {
		return nil
	}
	v, ok := b.scope.Get(name)
	if !ok {
		return nil
	}
	value := b.machine.value(v)
	b.remember(name, value)
	return value
}

// Has reports whether a name has a value.
func (b *binding) Has(name string) bool {
	if v, ok := b.values[name]; ok {
		return v != nil
	}
	_, ok := b.scope.Get(name)
	return ok && !isGuard(name)
}

// Set assigns to a name.
func (b *binding) Set(name string, v goja.Value) bool {
	if isGuard(name) {
		return false
	}
	if _, ok := b.scope.Get(name); !ok && b.values[name] == nil {
		b.added = append(b.added, name)
	}
	b.remember(name, v)
	return true
}

// Delete removes a name.
func (b *binding) Delete(name string) bool {
	b.remember(name, nil)
	b.added = slices.DeleteFunc(b.added, func(added string) bool { return added == name })
	return true
}

// Keys are all names.
func (b *binding) Keys() []string {
	names := append(b.scope.Names(), b.added...)
	return slices.DeleteFunc(names, func(name string) bool {
		v, ok := b.values[name]
		return ok && v == nil || isGuard(name)
	})
}

func (b *binding) remember(name string, v goja.Value) {
	if b.values == nil {
		b.values = make(map[string]goja.Value)
	}
	b.values[name] = v
}

// value is a params value as a JavaScript value of this evaluation.
func (m *machine) value(v params.Value) goja.Value {
	if m.nodes++; m.nodes%1024 == 0 {
		m.check()
		if m.nodes > maxNodes {
			m.rangeError("the parameters are too large for an expression")
		}
	}
	switch v := v.(type) {
	case nil:
		return goja.Null()
	case params.List:
		elements := make([]any, len(v))
		for i := range v {
			elements[i] = m.value(v[i])
		}
		return m.vm.NewArray(elements...)
	case *params.Object:
		object := m.vm.NewObject()
		for key, element := range v.All() {
			m.setOwn(object, key, m.value(element))
		}
		return object
	default:
		return m.vm.ToValue(v)
	}
}

// setOwn gives an ordinary object a property of its own. A plain assignment
// would call a setter or fail where Object.prototype has the name.
func (m *machine) setOwn(object *goja.Object, name string, v goja.Value) {
	if !kept()["Object.prototype"][name] {
		m.must(object.Set(name, v))
		return
	}
	m.must(object.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE))
}
