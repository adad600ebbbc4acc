package script

import (
	"errors"
	"fmt"

	"github.com/dop251/goja"
)

// freeze makes every object that a script can reach unchangeable, but for moment,
// which tells when it is changed. Programs that are not tame never run in a
// frozen machine.
func (m *machine) freeze() (err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("freeze the built-in objects: %v", x)
		}
	}()
	seen := map[*goja.Object]bool{}
	moment, _ := m.moment.(*goja.Object)
	seen[moment] = true
	m.reach(m.global, seen)
	for _, literal := range []string{"(function* () {})", "(function () {})", "(function () { return arguments })()"} {
		v, err := m.vm.RunString(literal)
		if err != nil {
			return err
		}
		m.reach(v.ToObject(m.vm).Prototype(), seen)
	}
	for _, iterable := range []goja.Value{m.vm.NewArray(), m.vm.ToValue(""), m.create("Map"), m.create("Set")} {
		iterator, ok := goja.AssertFunction(iterable.ToObject(m.vm).GetSymbol(goja.SymIterator))
		if !ok {
			return errors.New("freeze the built-in objects: an iterable without iterator")
		}
		m.reach(m.call(iterator, iterable).ToObject(m.vm).Prototype(), seen)
	}
	delete(seen, moment)
	for object := range seen {
		m.call(m.natives.freeze, nil, object)
	}
	return nil
}

// reach collects an object and all that can be reached from it through
// properties and prototypes.
func (m *machine) reach(object *goja.Object, seen map[*goja.Object]bool) {
	if object == nil || seen[object] {
		return
	}
	seen[object] = true
	m.reach(object.Prototype(), seen)
	for _, key := range m.ownKeys(object) {
		descriptor := m.call(m.natives.descriptor, nil, object, key).ToObject(m.vm)
		for _, part := range []string{"value", "get", "set"} {
			if value, ok := descriptor.Get(part).(*goja.Object); ok {
				m.reach(value, seen)
			}
		}
	}
}

// ownKeys are the names and symbols of an object's own properties.
func (m *machine) ownKeys(object *goja.Object) []goja.Value {
	var keys []goja.Value
	for _, name := range object.GetOwnPropertyNames() {
		keys = append(keys, m.vm.ToValue(name))
	}
	m.vm.ForOf(m.call(m.natives.symbols, nil, object), func(symbol goja.Value) bool {
		keys = append(keys, symbol)
		return true
	})
	return keys
}
