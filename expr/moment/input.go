package moment

import (
	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
	"github.com/heitan/heitan/expr/moment/jsdate"
)

// maxFormats is how many formats a text may be tried with.
const maxFormats = 10000

func argument(args []goja.Value, i int) goja.Value {
	if i >= len(args) {
		return goja.Undefined()
	}
	return args[i]
}

// create makes a moment of the arguments (input, format, locale, strict).
func (b *binding) create(args []goja.Value, utc bool) *calendar.Moment {
	input, format, locale, strict := argument(args, 0), argument(args, 1), argument(args, 2), argument(args, 3)
	if _, ok := isBoolean(locale); ok {
		strict, locale = locale, goja.Undefined()
	}
	if b.isEmpty(input) {
		input = goja.Undefined()
	}
	if goja.IsNull(input) || goja.IsUndefined(format) && isText(input) && input.String() == "" {
		return b.invalid(func(f *calendar.Flags) { f.NullInput = true })
	}
	if m, ok := b.asMoment(input); ok {
		return b.lib.FromMoment(m, utc)
	}
	if b.claimsToBeMoment(input) {
		panic(b.vm.NewTypeError("moment: the input says that it is a moment, but it is not one of this library"))
	}
	r := calendar.Request{
		Fixed:  utc,
		Locale: b.locale(locale),
		Strict: strict.ToBoolean(),
		Origin: calendar.Origin{Input: input, Format: format, Strict: strict},
	}
	if isText(input) {
		r.Origin.Text, r.Origin.IsText = input.String(), true
	}
	switch {
	case b.isDate(input):
		return b.lib.At(r, jsdate.Clip(input.ToFloat()))
	case hasClass(format, "Array"):
		return b.checked(b.lib.FromFormats(r, input.String(), b.formats(format)))
	case format.ToBoolean():
		return b.checked(b.lib.FromFormat(r, input.String(), b.parseFormat(format)))
	}
	return b.fromInput(r, input)
}

// fromInput makes a moment of a value without a format.
func (b *binding) fromInput(r calendar.Request, input goja.Value) *calendar.Moment {
	switch {
	case goja.IsUndefined(input):
		return b.lib.Present(r)
	case isText(input):
		return b.checked(b.lib.FromText(r, input.String()))
	case hasClass(input, "Array"):
		return b.lib.FromParts(r, b.partsOfArray(input))
	case hasClass(input, "Object"):
		return b.lib.FromParts(r, b.partsOfObject(input.ToObject(b.vm)))
	case isNumber(input):
		return b.lib.At(r, jsdate.Clip(input.ToFloat()))
	}
	return b.lib.Guess(r, input.String())
}

// claimsToBeMoment reports whether a value has the mark of a moment.
func (b *binding) claimsToBeMoment(v goja.Value) bool {
	object, ok := v.(*goja.Object)
	return ok && given(object.Get("_isAMomentObject"))
}

// of makes a local moment of a value, or returns the moment that it is.
func (b *binding) of(v goja.Value) *calendar.Moment {
	if m, ok := b.asMoment(v); ok {
		return m
	}
	return b.create([]goja.Value{v}, false)
}

func (b *binding) checked(m *calendar.Moment, err error) *calendar.Moment {
	b.must(err)
	return m
}

// isEmpty reports whether a value is an array or a plain object with nothing in it.
func (b *binding) isEmpty(v goja.Value) bool {
	object, ok := v.(*goja.Object)
	if !ok {
		return false
	}
	switch object.ClassName() {
	case "Array":
		return object.Get("length").ToInteger() == 0
	case "Object":
		return len(object.GetOwnPropertyNames()) == 0
	}
	return false
}

// formats reads a list of formats.
func (b *binding) formats(list goja.Value) []calendar.Format {
	elements := b.elements(list, maxFormats+1)
	if len(elements) > maxFormats {
		b.throw("RangeError", "moment: more than %d formats", maxFormats)
	}
	formats := make([]calendar.Format, len(elements))
	for i, element := range elements {
		formats[i] = b.parseFormat(element)
	}
	return formats
}

func (b *binding) parseFormat(v goja.Value) calendar.Format {
	switch {
	case v.StrictEquals(orUndefined(b.statics.Get("ISO_8601"))):
		return calendar.Format{Standard: calendar.ISO8601}
	case v.StrictEquals(orUndefined(b.statics.Get("RFC_2822"))):
		return calendar.Format{Standard: calendar.RFC2822}
	case !isText(v) && !hasClass(v, "String"):
		panic(b.vm.NewTypeError("moment: a format must be a string, not %s", v.String()))
	}
	return calendar.Format{Text: v.String()}
}

// partsOfArray reads [year, month, day, hour, minute, second, millisecond].
func (b *binding) partsOfArray(list goja.Value) [7]calendar.Part {
	var parts [7]calendar.Part
	for i, element := range b.elements(list, int64(len(parts))) {
		parts[i] = calendar.Part{Value: parseInt(element), Given: true}
	}
	return parts
}

// partsOfObject reads {year, month, day or date, hour, minute, second, millisecond},
// also by other names of these units.
func (b *binding) partsOfObject(object *goja.Object) [7]calendar.Part {
	values := map[calendar.Unit]goja.Value{}
	for _, key := range object.Keys() {
		if u := calendar.ParseUnit(key); u != calendar.NoUnit {
			values[u] = object.Get(key)
		}
	}
	if day := values[calendar.Day]; day == nil || !day.ToBoolean() {
		values[calendar.Day] = values[calendar.Date]
	}
	var parts [7]calendar.Part
	for i, u := range []calendar.Unit{
		calendar.Year, calendar.Month, calendar.Day, calendar.Hour, calendar.Minute, calendar.Second, calendar.Millisecond,
	} {
		switch v := values[u]; {
		case !given(v):
		case v.ToBoolean():
			parts[i] = calendar.Part{Value: parseInt(v), Given: true}
		default: // 0, NaN, false and the empty text are not parsed
			parts[i] = calendar.Part{Value: v.ToFloat(), Given: true}
		}
	}
	return parts
}

// date makes a JavaScript Date.
func (b *binding) date(t jsdate.Time) *goja.Object { return b.construct("Date", b.number(float64(t))) }
