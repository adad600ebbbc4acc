package moment

import (
	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
)

// localeObject is a locale as a script sees it.
type localeObject struct {
	b *binding
	l *calendar.Locale
}

func (b *binding) localeObject(l *calendar.Locale) *goja.Object {
	if object, ok := b.localeObjects[l]; ok {
		return object
	}
	object := b.vm.NewDynamicObject(&localeObject{b: b, l: l})
	b.must(object.SetPrototype(b.localeData.object))
	if b.localeObjects == nil {
		b.localeObjects = map[*calendar.Locale]*goja.Object{}
	}
	b.localeObjects[l] = object
	return object
}

// thisLocale returns the locale that a method was called on.
func (b *binding) thisLocale(call goja.FunctionCall) *calendar.Locale {
	if o, ok := behind[*localeObject](call.This); ok && o.b == b {
		return o.l
	}
	panic(b.vm.NewTypeError("moment: method called on something that is not locale data"))
}

// Get implements goja.DynamicObject.
func (o *localeObject) Get(key string) goja.Value {
	switch key {
	case "_abbr":
		return o.b.text(o.l.Name)
	case "_week":
		return o.b.object("dow", o.l.FirstWeekday, "doy", o.l.FirstWeek)
	}
	return nil
}

// Set implements goja.DynamicObject.
func (o *localeObject) Set(key string, _ goja.Value) bool {
	o.b.throw("TypeError", "moment: %s of locale data cannot be set, use moment.updateLocale", key)
	return false
}

// Has implements goja.DynamicObject.
func (o *localeObject) Has(key string) bool { return o.Get(key) != nil }

// Delete implements goja.DynamicObject.
func (o *localeObject) Delete(key string) bool { return !o.Has(key) }

// Keys implements goja.DynamicObject.
func (o *localeObject) Keys() []string { return []string{"_abbr", "_week"} }
