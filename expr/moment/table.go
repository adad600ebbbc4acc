package moment

import (
	"maps"
	"slices"

	"github.com/dop251/goja"
)

// member is a method, or a value that is made when it is first read.
type member struct {
	method func(b *binding, call goja.FunctionCall) goja.Value
	value  func(b *binding) goja.Value
}

// table holds the members of an object, makes functions of them when they are
// asked for, and lets scripts replace them. Functions and values that it makes
// are frozen, so that scripts can leave nothing in them.
type table struct {
	b       *binding
	members map[string]member
	made    map[string]goja.Value
	set     map[string]goja.Value // by scripts; nil values are deleted members
	// assigned is asked, where it is not nil, before a script sets a member.
	assigned  func(key string, value goja.Value)
	object    *goja.Object
	prototype *goja.Object
}

func newTable(b *binding, members map[string]member) *table {
	t := &table{b: b, members: members}
	t.object = b.vm.NewDynamicObject(t)
	t.prototype = t.object.Prototype()
	return t
}

// restorePrototype undoes what scripts can do to the object without the table
// being asked.
func (t *table) restorePrototype() {
	if t.object.Prototype() != t.prototype {
		t.b.must(t.object.SetPrototype(t.prototype))
		t.b.changed()
	}
}

// Get implements goja.DynamicObject.
func (t *table) Get(key string) goja.Value {
	if v, ok := t.set[key]; ok {
		return v
	}
	if v, ok := t.made[key]; ok {
		return v
	}
	m, ok := t.members[key]
	if !ok {
		return nil
	}
	v := t.make(key, m)
	if t.made == nil {
		t.made = map[string]goja.Value{}
	}
	t.made[key] = v
	return v
}

func (t *table) make(key string, m member) goja.Value {
	if m.value != nil {
		return m.value(t.b)
	}
	return t.b.function(key, m.method)
}

// function returns a frozen function object.
func (b *binding) function(name string, f func(*binding, goja.FunctionCall) goja.Value) *goja.Object {
	object := b.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		b.enter()
		return f(b, call)
	}).ToObject(b.vm)
	b.must(object.DefineDataProperty("name", b.vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
	return b.frozen(object)
}

func (b *binding) frozen(object *goja.Object) *goja.Object {
	if _, err := b.freeze(goja.Undefined(), object); err != nil {
		panic(err)
	}
	return object
}

// Set implements goja.DynamicObject.
func (t *table) Set(key string, value goja.Value) bool {
	if t.assigned != nil {
		t.assigned(key, value)
	}
	t.put(key, value)
	return true
}

func (t *table) put(key string, value goja.Value) {
	if t.set == nil {
		t.set = map[string]goja.Value{}
	}
	t.set[key] = value
	t.b.changed()
}

// Has implements goja.DynamicObject.
func (t *table) Has(key string) bool {
	if v, ok := t.set[key]; ok {
		return v != nil
	}
	_, ok := t.members[key]
	return ok
}

// Delete implements goja.DynamicObject.
func (t *table) Delete(key string) bool {
	if t.Has(key) {
		t.put(key, nil)
	}
	return true
}

// Keys implements goja.DynamicObject.
func (t *table) Keys() []string {
	keys := slices.Collect(maps.Keys(t.members))
	for key := range t.set {
		if _, ok := t.members[key]; !ok {
			keys = append(keys, key)
		}
	}
	keys = slices.DeleteFunc(keys, func(key string) bool { return !t.Has(key) })
	slices.Sort(keys)
	return keys
}
