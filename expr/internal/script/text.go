package script

import (
	"github.com/dop251/goja"
)

// text is the value of an expression as a template shows it: a string as it is,
// nothing for null and undefined, and JSON for all others. What has no JSON, such
// as a function, is shown as undefined.
func (m *machine) text(v goja.Value) (string, error) {
	limit := m.engine.limits.MaxResult
	switch {
	case v == nil, goja.IsUndefined(v), goja.IsNull(v):
		return "", nil
	case goja.IsString(v):
		if text := v.(goja.String); text.Length() <= limit {
			if s := text.String(); len(s) <= limit {
				return s, nil
			}
		}
		return "", ErrTooLarge
	}
	w := &jsonWriter{machine: m, limit: limit}
	defined := false
	thrown := m.vm.Try(func() { defined = w.write(goja.Undefined(), "", v) })
	switch {
	case w.full:
		return "", ErrTooLarge
	case thrown != nil:
		return "", m.failure(thrown)
	case !defined:
		return "undefined", nil
	}
	return string(w.out), nil
}
