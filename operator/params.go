package operator

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/heitan/heitan/params"
)

// Params reads a task's evaluated params with the types an operator needs. As
// evaluated templates are always text, every type is also read from text.
//
// A key is looked up among the task's own keys, then among all params, then in
// the map named after the operator (`pg: {host: ...}` for pg>). Methods with a
// default return it if the key is missing or null; those without report that
// the key is required.
//
// Problems are gathered: read everything, then ask Err once.
type Params struct {
	all      *params.Object // evaluated: params of the scope below the task's own keys
	own      *params.Object // evaluated: the task's own keys only
	defaults *params.Object
	used     map[string]bool
	problems []error
}

// NewParams makes a reader of a task's evaluated params. own holds the keys
// written on the task itself; all holds those too, over the params it inherits.
func NewParams(all, own *params.Object) *Params {
	return &Params{all: all, own: own, used: make(map[string]bool)}
}

// WithDefaults is a reader of the same params that also looks into the map of
// the given name. Used keys and problems are shared.
func (p *Params) WithDefaults(name string) *Params {
	p.defaults, _ = p.all.Object(name)
	return p
}

// Own is a reader of the task's own keys only. Used keys are shared.
func (p *Params) Own() *Params {
	return &Params{all: p.own, own: p.own, used: p.used}
}

// All are all params, the task's own keys included.
func (p *Params) All() *params.Object { return p.all }

// Command is the value behind `type>:`.
func (p *Params) Command() (params.Value, bool) { return p.Get("_command") }

// CommandText is the text behind `type>:`, which is required.
func (p *Params) CommandText() string { return p.String("_command") }

// Get is the value of a key. Null counts as missing. A map that stands among the
// defaults too is merged over it.
func (p *Params) Get(key string) (params.Value, bool) {
	p.used[key] = true
	v, _ := p.all.Get(key)
	otherwise, _ := p.defaults.Get(key)
	if v == nil {
		return otherwise, otherwise != nil
	}
	if above, ok := v.(*params.Object); ok {
		if below, ok := otherwise.(*params.Object); ok {
			return below.Merge(above), true
		}
	}
	return v, true
}

// Pos is where a key was written, if it was.
func (p *Params) Pos(key string) params.Pos {
	if pos := p.own.Pos(key); !pos.IsZero() {
		return pos
	}
	if pos := p.all.Pos(key); !pos.IsZero() {
		return pos
	}
	return p.defaults.Pos(key)
}

// Err is everything that was wrong with the params read so far, or nil. It is a
// *[Failure] of kind config.
func (p *Params) Err() error {
	if len(p.problems) == 0 {
		return nil
	}
	first := AsFailure(p.problems[0])
	if len(p.problems) == 1 {
		return first
	}
	joined := errors.Join(p.problems...)
	lines := make([]string, len(p.problems))
	for i, err := range p.problems {
		lines[i] = AsFailure(err).Message
	}
	return &Failure{Message: strings.Join(lines, "; "), Kind: KindConfig, Pos: first.Pos, Hint: first.Hint, Err: joined}
}

// Fail reports a problem with a key's value.
func (p *Params) Fail(key, format string, args ...any) {
	p.problems = append(p.problems, Configf(format, args...).At(p.Pos(key)))
}

// Unused are the task's own keys that nobody asked for, in order.
func (p *Params) Unused() []string {
	var keys []string
	for key := range p.own.All() {
		if !p.used[key] {
			keys = append(keys, key)
		}
	}
	return keys
}

// Used are the keys that were asked for.
func (p *Params) Used() map[string]bool { return p.used }

func read[T any](p *Params, key, expected string, convert func(params.Value) (T, bool), otherwise func() T) T {
	v, ok := p.Get(key)
	if !ok {
		return otherwise()
	}
	converted, ok := convert(v)
	if !ok {
		p.Fail(key, "Expected %s type for key '%s' but got %s (%s)", expected, key, clip(params.JSON(v)), params.Kind(v))
	}
	return converted
}

func required[T any](p *Params, key string) func() T {
	return func() T {
		p.Fail(key, "Parameter '%s' is required but not set", key)
		var zero T
		return zero
	}
}

func fallback[T any](value T) func() T { return func() T { return value } }

// String is a required text.
func (p *Params) String(key string) string {
	return read(p, key, "string", AsString, required[string](p, key))
}

// StringOr is a text.
func (p *Params) StringOr(key, otherwise string) string {
	return read(p, key, "string", AsString, fallback(otherwise))
}

// Int is a required whole number.
func (p *Params) Int(key string) int64 {
	return read(p, key, "integer", AsInt, required[int64](p, key))
}

// IntOr is a whole number.
func (p *Params) IntOr(key string, otherwise int64) int64 {
	return read(p, key, "integer", AsInt, fallback(otherwise))
}

// FloatOr is a number.
func (p *Params) FloatOr(key string, otherwise float64) float64 {
	return read(p, key, "number", AsFloat, fallback(otherwise))
}

// BoolOr is true or false.
func (p *Params) BoolOr(key string, otherwise bool) bool {
	return read(p, key, "boolean", AsBool, fallback(otherwise))
}

// DurationOr is a duration such as "1h 30m"; a bare number counts seconds.
func (p *Params) DurationOr(key string, otherwise time.Duration) time.Duration {
	return read(p, key, "duration (such as 1h 30m)", AsDuration, fallback(otherwise))
}

// BytesOr is an amount of memory such as "512 MB" or "2g"; a bare number counts bytes.
func (p *Params) BytesOr(key string, otherwise int64) int64 {
	return read(p, key, "memory size (such as 512 MB)", AsBytes, fallback(otherwise))
}

// ListOr is a list, or JSON text of one.
func (p *Params) ListOr(key string, otherwise params.List) params.List {
	return read(p, key, "list", AsList, fallback(otherwise))
}

// Strings is a list of texts, or one text, which is a list of one. A missing
// key gives none.
func (p *Params) Strings(key string) []string {
	return read(p, key, "list of strings", AsStrings, fallback[[]string](nil))
}

// Object is a required map, or JSON text of one.
func (p *Params) Object(key string) *params.Object {
	return read(p, key, "object", AsObject, required[*params.Object](p, key))
}

// ObjectOr is a map, or JSON text of one.
func (p *Params) ObjectOr(key string, otherwise *params.Object) *params.Object {
	return read(p, key, "object", AsObject, fallback(otherwise))
}

// clip shortens a value for a message.
func clip(text string) string {
	const limit = 100
	if len(text) <= limit {
		return text
	}
	return fmt.Sprintf("%s... (%d characters)", text[:limit], len(text))
}
