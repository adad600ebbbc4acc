package moment

import (
	"reflect"
	"slices"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
)

// properties are what scripts have set on an object.
type properties struct{ set map[string]goja.Value }

func (p *properties) put(key string, value goja.Value) {
	if p.set == nil {
		p.set = map[string]goja.Value{}
	}
	p.set[key] = value
}

func (p *properties) keys() []string {
	keys := make([]string, 0, len(p.set))
	for key := range p.set {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// momentObject is a moment as a script sees it. What the original keeps in
// properties that begin with an underscore can be read, and not set.
type momentObject struct {
	b *binding
	m *calendar.Moment
	properties
}

func (b *binding) momentObject(m *calendar.Moment) *goja.Object {
	object := b.vm.NewDynamicObject(&momentObject{b: b, m: m})
	b.must(object.SetPrototype(b.moments.object))
	return object
}

// behind returns the Go object behind a JavaScript object of this binding. It
// asks for the type first, since to export other objects may be expensive.
func behind[T any](v goja.Value) (t T, ok bool) {
	object, ok := v.(*goja.Object)
	if !ok || object.ExportType() != reflect.TypeFor[T]() {
		return t, false
	}
	t, ok = object.Export().(T)
	return t, ok
}

// asMoment returns the moment behind a value.
func (b *binding) asMoment(v goja.Value) (*calendar.Moment, bool) {
	o, ok := behind[*momentObject](v)
	if !ok || o.b != b {
		return nil, false
	}
	return o.m, true
}

// this returns the moment that a method was called on.
func (b *binding) this(call goja.FunctionCall) *calendar.Moment {
	m, ok := b.asMoment(call.This)
	if !ok {
		panic(b.vm.NewTypeError("moment: method called on something that is not a moment"))
	}
	return m
}

// Get implements goja.DynamicObject.
func (o *momentObject) Get(key string) goja.Value {
	if v, ok := o.set[key]; ok {
		return v
	}
	if key == "" || key[0] != '_' {
		return nil
	}
	origin := o.m.Origin()
	switch key {
	case "_isAMomentObject":
		return o.b.boolean(true)
	case "_i":
		return asValue(origin.Input)
	case "_f":
		return o.b.format(origin.Format)
	case "_strict":
		return asValue(origin.Strict)
	case "_isUTC":
		return o.b.boolean(o.m.Fixed())
	case "_offset":
		if o.m.IsFixed() {
			return o.b.number(o.m.Offset())
		}
	case "_d":
		return o.b.date(o.m.Clock())
	case "_isValid":
		return o.b.boolean(o.m.Valid())
	case "_locale":
		return o.b.localeObject(o.m.Locale())
	case "_pf":
		return o.b.flagsObject(o.m.Flags())
	}
	return nil
}

// Set implements goja.DynamicObject.
func (o *momentObject) Set(key string, value goja.Value) bool {
	if isInternal(key) {
		o.b.throw("TypeError", "moment: the property %s of a moment cannot be set", key)
	}
	o.put(key, value)
	return true
}

// Has implements goja.DynamicObject.
func (o *momentObject) Has(key string) bool { return o.Get(key) != nil }

// Delete implements goja.DynamicObject.
func (o *momentObject) Delete(key string) bool {
	delete(o.set, key)
	return !isInternal(key)
}

// Keys implements goja.DynamicObject.
func (o *momentObject) Keys() []string {
	keys := slices.DeleteFunc(internals(), func(key string) bool { return !o.Has(key) })
	return append(keys, o.keys()...)
}

func internals() []string {
	return []string{"_isAMomentObject", "_i", "_f", "_strict", "_isUTC", "_offset", "_pf", "_locale", "_d", "_isValid"}
}

func isInternal(key string) bool { return slices.Contains(internals(), key) }

// asValue is what was kept as any by the calendar; nil if there was nothing.
func asValue(v any) goja.Value {
	value, ok := v.(goja.Value)
	if !ok || goja.IsUndefined(value) {
		return nil
	}
	return value
}

// format is a format that was given by a script or derived from a text.
func (b *binding) format(v any) goja.Value {
	if text, ok := v.(string); ok {
		return b.text(text)
	}
	return asValue(v)
}

// orUndefined replaces nothing by undefined.
func orUndefined(v goja.Value) goja.Value {
	if v == nil {
		return goja.Undefined()
	}
	return v
}
