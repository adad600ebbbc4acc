package moment

import (
	"math"
	"slices"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
)

// durationObject is a duration as a script sees it.
type durationObject struct {
	b *binding
	d *calendar.Duration
	properties
}

func (b *binding) durationObject(d *calendar.Duration) *goja.Object {
	object := b.vm.NewDynamicObject(&durationObject{b: b, d: d})
	b.must(object.SetPrototype(b.durations.object))
	return object
}

// asDuration returns the duration behind a value.
func (b *binding) asDuration(v goja.Value) (*calendar.Duration, bool) {
	o, ok := behind[*durationObject](v)
	if !ok || o.b != b {
		return nil, false
	}
	return o.d, true
}

// thisDuration returns the duration that a method was called on.
func (b *binding) thisDuration(call goja.FunctionCall) *calendar.Duration {
	d, ok := b.asDuration(call.This)
	if !ok {
		panic(b.vm.NewTypeError("moment: method called on something that is not a duration"))
	}
	return d
}

// duration makes a duration of the arguments (input, unit).
func (b *binding) duration(input, key goja.Value) *calendar.Duration {
	if d, ok := b.asDuration(input); ok {
		return d.Clone()
	}
	switch {
	case isNumber(input):
		u := calendar.Millisecond
		if key.ToBoolean() {
			if u = calendar.ParseUnit(key.String()); u == calendar.NoUnit {
				return b.lib.NewDuration()
			}
		}
		return b.lib.NewDuration(calendar.AmountOf(u, input.ToFloat()))
	case isText(input) || hasClass(input, "String") || hasClass(input, "Array"):
		amounts, _ := calendar.ParseDuration(input.String())
		return b.lib.NewDuration(amounts...)
	}
	object, ok := input.(*goja.Object)
	if !ok {
		return b.lib.NewDuration()
	}
	from, to := object.Get("from"), object.Get("to")
	if from != nil || to != nil {
		return b.lib.Between(b.of(orUndefined(from)), b.of(orUndefined(to)))
	}
	return b.lib.NewDuration(amounts(object)...)
}

// amounts reads {days: 1, hours: 2}, where other keys than units do not count.
func amounts(object *goja.Object) []calendar.Amount {
	var all []calendar.Amount
	for _, key := range object.Keys() {
		u := calendar.ParseUnit(key)
		if u == calendar.NoUnit {
			continue
		}
		switch value := object.Get(key); {
		case !given(value):
			all = append(all, calendar.Amount{Unit: u})
		case isNumber(value):
			all = append(all, calendar.AmountOf(u, value.ToFloat()))
		default:
			n := value.ToFloat()
			all = append(all, calendar.Amount{Unit: u, Value: n, NaN: math.IsNaN(n)})
		}
	}
	return all
}

// Get implements goja.DynamicObject.
func (o *durationObject) Get(key string) goja.Value {
	if v, ok := o.set[key]; ok {
		return v
	}
	months, days, ms := o.d.Raw()
	switch key {
	case "_isValid":
		return o.b.boolean(o.d.Valid())
	case "_milliseconds":
		return o.b.number(ms)
	case "_days":
		return o.b.number(days)
	case "_months":
		return o.b.number(months)
	case "_data":
		p := o.d.Parts()
		return o.b.object("milliseconds", p.Milliseconds, "seconds", p.Seconds, "minutes", p.Minutes, "hours", p.Hours,
			"days", p.Days, "months", p.Months, "years", p.Years)
	case "_locale":
		return o.b.localeObject(o.d.Locale())
	}
	return nil
}

// Set implements goja.DynamicObject.
func (o *durationObject) Set(key string, value goja.Value) bool {
	if isDurationInternal(key) {
		o.b.throw("TypeError", "moment: the property %s of a duration cannot be set", key)
	}
	o.put(key, value)
	return true
}

// Has implements goja.DynamicObject.
func (o *durationObject) Has(key string) bool {
	_, ok := o.set[key]
	return ok || isDurationInternal(key)
}

// Delete implements goja.DynamicObject.
func (o *durationObject) Delete(key string) bool {
	delete(o.set, key)
	return !isDurationInternal(key)
}

// Keys implements goja.DynamicObject.
func (o *durationObject) Keys() []string { return append(durationInternals(), o.keys()...) }

func durationInternals() []string {
	return []string{"_isValid", "_milliseconds", "_days", "_months", "_data", "_locale"}
}

func isDurationInternal(key string) bool { return slices.Contains(durationInternals(), key) }
