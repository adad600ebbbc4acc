package moment

import (
	"maps"
	"slices"
	"strings"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
)

// localeEntry is a locale that is known by its name.
type localeEntry struct {
	locale   *calendar.Locale
	previous *localeEntry // what moment.updateLocale(name, null) goes back to
}

// maxLocales is how many locales a script may define.
const maxLocales = 1000

// locale finds the locale for a name, a list of names, or something that has a
// locale. Unknown names are the global locale.
func (b *binding) locale(key goja.Value) *calendar.Locale {
	if m, ok := b.asMoment(key); ok {
		return b.named(m.Locale().Name)
	}
	if d, ok := b.asDuration(key); ok {
		return b.named(d.Locale().Name)
	}
	if !key.ToBoolean() {
		return b.lib.Locale
	}
	if !hasClass(key, "Array") {
		return b.named(key.String())
	}
	for _, name := range b.elements(key, maxLocales) {
		if l := b.find(name.String()); l != nil {
			return l
		}
	}
	return b.lib.Locale
}

func (b *binding) named(name string) *calendar.Locale {
	if l := b.find(name); l != nil {
		return l
	}
	return b.lib.Locale
}

// find looks for a name as it is, and then for the longest part of it that is the
// name of a locale, so that en-US is en.
func (b *binding) find(name string) *calendar.Locale {
	if entry, ok := b.locales[name]; ok {
		return entry.locale
	}
	name = strings.Replace(strings.ToLower(name), "_", "-", 1)
	for name != "" {
		if entry, ok := b.locales[name]; ok {
			return entry.locale
		}
		name = name[:max(strings.LastIndexByte(name, '-'), 0)]
	}
	return nil
}

// globalLocale reads (key, values). It returns the name of the global locale.
func globalLocale(b *binding, call goja.FunctionCall) goja.Value {
	key, values := call.Argument(0), call.Argument(1)
	switch {
	case !key.ToBoolean():
	case goja.IsUndefined(values):
		if l := b.locale(key); l != b.lib.Locale {
			b.useLocale(l)
		}
	default:
		b.define(key.String(), values)
	}
	return b.text(b.lib.Locale.Name)
}

func (b *binding) useLocale(l *calendar.Locale) {
	b.lib.Locale = l
	b.changed()
}

func globalLocaleData(b *binding, call goja.FunctionCall) goja.Value {
	return b.localeObject(b.locale(call.Argument(0)))
}

func listLocales(b *binding, _ goja.FunctionCall) goja.Value {
	return b.texts(slices.Sorted(maps.Keys(b.locales)))
}

// defineLocale reads (name, config).
func defineLocale(b *binding, call goja.FunctionCall) goja.Value {
	return b.define(call.Argument(0).String(), call.Argument(1))
}

func (b *binding) define(name string, config goja.Value) goja.Value {
	b.changed()
	if goja.IsNull(config) {
		delete(b.locales, name)
		return goja.Null()
	}
	options := config.ToObject(b.vm)
	parent := withoutLanguage()
	if entry, ok := b.locales[name]; ok {
		parent = entry.locale
	} else if base := options.Get("parentLocale"); base != nil && given(base) {
		entry, ok := b.locales[base.String()]
		if !ok {
			b.throw("Error", "moment: the parent locale %s is not defined", base.String())
		}
		parent = entry.locale
	}
	return b.register(name, &localeEntry{locale: b.configured(name, parent, options)})
}

// updateLocale reads (name, config).
func updateLocale(b *binding, call goja.FunctionCall) goja.Value {
	name, config := call.Argument(0).String(), call.Argument(1)
	entry, known := b.locales[name]
	if given(config) {
		parent := withoutLanguage()
		if known {
			parent = entry.locale
		}
		return b.register(name, &localeEntry{locale: b.configured(name, parent, config.ToObject(b.vm)), previous: entry})
	}
	b.changed()
	switch {
	case !known:
		return goja.Undefined()
	case entry.previous == nil:
		delete(b.locales, name)
		return goja.Undefined()
	}
	b.locales[name] = entry.previous
	return b.localeObject(entry.previous.locale)
}

// register makes a locale known and the global one.
func (b *binding) register(name string, entry *localeEntry) goja.Value {
	if len(b.locales) >= maxLocales {
		b.throw("RangeError", "moment: more than %d locales", maxLocales)
	}
	b.locales[name] = entry
	b.useLocale(entry.locale)
	return b.localeObject(entry.locale)
}
