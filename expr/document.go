package expr

import (
	"context"
	"fmt"

	"github.com/heitan/heitan/expr/internal/script"
	"github.com/heitan/heitan/params"
)

// maxValues is how many values a document may have to be evaluated. One that
// shares its parts over and over could have any number of them.
const maxValues = 10_000_000

// Document renders the templates in the whole configuration of a task: inherited
// are the exported and stored parameters and the built-in ones, own the task's
// own keys, which are merged over them.
//
// The keys of the merged document are visited once, in order: inherited ones
// first, then those that only the task has. Each sees the inherited parameters as
// they were written, overlaid with the keys visited before. What is inside of an
// object or a list sees the inherited parameters as they were written and the
// keys before it in its innermost object; but a list at the top sees what a text
// there would. Keys are never rendered, and neither is what stands under _do and
// _else_do, at any depth.
//
// It returns the whole document and the task's own keys with their values in it.
// Both share with the arguments what holds no template. Entries keep their
// places. The error is an [*Error]: that of the first template that fails.
func (e *Evaluator) Document(ctx context.Context, inherited, own *params.Object) (all, ownEvaluated *params.Object, err error) {
	all = inherited.Merge(own)
	if all.HasTemplate() {
		r := &rendering{evaluator: e, ctx: ctx, parameters: inherited}
		defer r.end()
		top := &overlay{}
		d := &document{rendering: r, scope: scope{raw: inherited, evaluated: top}}
		rendered, failure := d.object(all, "", func(key string, v params.Value, changed bool) {
			// What is inherited and unchanged is found without the overlay.
			if changed || own.Has(key) {
				top.set(key, v)
			}
		})
		if failure != nil {
			return nil, nil, failure
		}
		all = rendered
	}
	return all, pick(all, own), nil
}

// pick is own with the values that its keys have in all.
func pick(all, own *params.Object) *params.Object {
	entries := make([]params.Entry, 0, own.Len())
	same := true
	for e := range own.Entries() {
		v, _ := all.Get(e.Key)
		same = same && identical(v, e.Value)
		e.Value = v
		entries = append(entries, e)
	}
	if same && own != nil {
		return own
	}
	return params.New(entries...)
}

// identical reports whether two values are certainly the same, in constant time.
func identical(a, b params.Value) bool {
	switch a := a.(type) {
	case params.List:
		b, ok := b.(params.List)
		return ok && len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
	case *params.Object:
		return a == b
	}
	switch b.(type) {
	case params.List, *params.Object:
		return false
	}
	return a == b
}

// document renders the values of an object.
type document struct {
	*rendering
	scope scope
	pos   params.Pos // of the nearest entry that has one
}

// isDeferred reports whether what stands under a key is rendered by the tasks
// that are made of it.
func isDeferred(key string) bool { return key == "_do" || key == "_else_do" }

// object renders the entries of an object in order, and tells visited of each.
// It returns the object itself if nothing changed.
func (d *document) object(o *params.Object, path string, visited func(key string, v params.Value, changed bool)) (*params.Object, *Error) {
	if !o.HasTemplate() {
		return o, nil
	}
	entries := make([]params.Entry, 0, o.Len())
	changed := false
	for e := range o.Entries() {
		v := e.Value
		if !isDeferred(e.Key) && params.HasTemplate(v) {
			inner := *d
			if !e.Pos.IsZero() {
				inner.pos = e.Pos
			}
			var err *Error
			if v, err = inner.value(v, pathKey(path, e.Key)); err != nil {
				return nil, err
			}
		}
		different := !identical(v, e.Value)
		changed = changed || different
		e.Value = v
		entries = append(entries, e)
		visited(e.Key, v, different)
	}
	if !changed {
		return o, nil
	}
	return params.New(entries...), nil
}

// value renders a value that has a template somewhere.
func (d *document) value(v params.Value, path string) (params.Value, *Error) {
	if err := d.visit(path); err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case string:
		text, err := d.text(v, d.scope)
		if err != nil {
			err.Path, err.Pos = path, d.pos
		}
		return text, err
	case params.List:
		list := make(params.List, len(v))
		for i, element := range v {
			if list[i] = element; params.HasTemplate(element) {
				var err *Error
				if list[i], err = d.value(element, pathIndex(path, i)); err != nil {
					return nil, err
				}
			}
		}
		return list, nil
	case *params.Object:
		own := &overlay{}
		nested := document{rendering: d.rendering, scope: scope{raw: d.parameters, evaluated: own}, pos: d.pos}
		return nested.object(v, path, func(key string, v params.Value, _ bool) { own.set(key, v) })
	}
	return v, nil
}

// visit counts the values that are looked at, and fails when there are too many
// or when the context is done.
func (d *document) visit(path string) *Error {
	d.visited++
	var err error
	if d.visited%1024 == 0 {
		err = d.ctx.Err()
	}
	if d.visited > maxValues {
		err = fmt.Errorf("%w: the document has too many values", script.ErrTooLarge)
	}
	if err == nil {
		return nil
	}
	failure := evaluationError(segment{}, err)
	failure.Path, failure.Pos = path, d.pos
	return failure
}
