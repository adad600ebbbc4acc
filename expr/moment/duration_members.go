package moment

import (
	"math"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
)

// durationMembers are the members of moment.duration.fn.
var durationMembers = map[string]member{
	"years":        part(func(p calendar.DurationParts) float64 { return p.Years }),
	"months":       part(func(p calendar.DurationParts) float64 { return p.Months }),
	"weeks":        part(weeksOf),
	"days":         part(func(p calendar.DurationParts) float64 { return p.Days }),
	"hours":        part(func(p calendar.DurationParts) float64 { return p.Hours }),
	"minutes":      part(func(p calendar.DurationParts) float64 { return p.Minutes }),
	"seconds":      part(func(p calendar.DurationParts) float64 { return p.Seconds }),
	"milliseconds": part(func(p calendar.DurationParts) float64 { return p.Milliseconds }),
	"get":          {method: durationGet},

	"as":             {method: durationAs},
	"asYears":        whole(calendar.Year),
	"asMonths":       whole(calendar.Month),
	"asWeeks":        whole(calendar.Week),
	"asDays":         whole(calendar.Day),
	"asHours":        whole(calendar.Hour),
	"asMinutes":      whole(calendar.Minute),
	"asSeconds":      whole(calendar.Second),
	"asMilliseconds": whole(calendar.Millisecond),

	"add":         {method: durationAdd},
	"subtract":    {method: durationSubtract},
	"abs":         {method: durationAbs},
	"_bubble":     {method: unsupported("moment.duration.fn._bubble")},
	"clone":       {method: durationClone},
	"isValid":     {method: durationIsValid},
	"valueOf":     {method: durationValueOf},
	"humanize":    {method: durationHumanize},
	"toISOString": {method: durationText},
	"toIsoString": {method: durationText},
	"toString":    {method: durationText},
	"toJSON":      {method: durationText},
	"locale":      {method: durationLocale},
	"lang":        {method: durationLang},
	"localeData":  {method: durationLocaleData},
}

// durationFunction makes moment.duration.
func (b *binding) durationFunction() goja.Value {
	f := b.vm.ToValue(func(call goja.ConstructorCall) *goja.Object {
		b.enter()
		return b.durationObject(b.duration(argument(call.Arguments, 0), argument(call.Arguments, 1)))
	}).ToObject(b.vm)
	b.must(f.DefineDataProperty("name", b.text("duration"), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
	b.must(f.Set("prototype", b.frozen(b.vm.NewObject())))
	b.must(f.Set("fn", b.durations.object))
	b.must(f.Set("invalid", b.function("invalid", func(b *binding, _ goja.FunctionCall) goja.Value {
		return b.durationObject(b.duration(goja.NaN(), goja.Undefined()))
	})))
	return b.frozen(f)
}

// part gets one of the parts of a duration.
func part(of func(calendar.DurationParts) float64) member {
	return member{method: func(b *binding, call goja.FunctionCall) goja.Value {
		d := b.thisDuration(call)
		if !d.Valid() {
			return goja.NaN()
		}
		return b.number(of(d.Parts()))
	}}
}

func weeksOf(p calendar.DurationParts) float64 { return math.Trunc(p.Days / 7) }

// durationGet gets the part for a unit.
func durationGet(b *binding, call goja.FunctionCall) goja.Value {
	d := b.thisDuration(call)
	u := unit(call.Argument(0))
	if !d.Valid() {
		return goja.NaN()
	}
	p := d.Parts()
	switch u {
	case calendar.Year:
		return b.number(p.Years)
	case calendar.Month:
		return b.number(p.Months)
	case calendar.Week:
		return b.number(weeksOf(p))
	case calendar.Day:
		return b.number(p.Days)
	case calendar.Hour:
		return b.number(p.Hours)
	case calendar.Minute:
		return b.number(p.Minutes)
	case calendar.Second:
		return b.number(p.Seconds)
	case calendar.Millisecond:
		return b.number(p.Milliseconds)
	default:
		panic(b.vm.NewTypeError("moment: a duration has no %s", call.Argument(0).String()))
	}
}

// whole returns the whole duration in a unit.
func whole(u calendar.Unit) member {
	return member{method: func(b *binding, call goja.FunctionCall) goja.Value {
		return b.as(b.thisDuration(call), u)
	}}
}

func durationAs(b *binding, call goja.FunctionCall) goja.Value {
	return b.as(b.thisDuration(call), unit(call.Argument(0)))
}

func (b *binding) as(d *calendar.Duration, u calendar.Unit) goja.Value {
	n, err := d.As(u)
	if err != nil {
		b.throw("Error", "%v", err)
	}
	return b.number(n)
}

func durationAdd(b *binding, call goja.FunctionCall) goja.Value {
	b.thisDuration(call).Add(b.duration(call.Argument(0), call.Argument(1)))
	return call.This
}

func durationSubtract(b *binding, call goja.FunctionCall) goja.Value {
	b.thisDuration(call).Subtract(b.duration(call.Argument(0), call.Argument(1)))
	return call.This
}

func durationAbs(b *binding, call goja.FunctionCall) goja.Value {
	b.thisDuration(call).Abs()
	return call.This
}

func durationClone(b *binding, call goja.FunctionCall) goja.Value {
	return b.durationObject(b.thisDuration(call).Clone())
}

func durationIsValid(b *binding, call goja.FunctionCall) goja.Value {
	return b.boolean(b.thisDuration(call).Valid())
}

func durationValueOf(b *binding, call goja.FunctionCall) goja.Value {
	return b.number(b.thisDuration(call).Millis())
}

// durationHumanize reads (withSuffix).
func durationHumanize(b *binding, call goja.FunctionCall) goja.Value {
	return b.text(b.thisDuration(call).Humanize(call.Argument(0).ToBoolean()))
}

func durationText(b *binding, call goja.FunctionCall) goja.Value {
	return b.text(b.thisDuration(call).ISOString())
}

func durationLocale(b *binding, call goja.FunctionCall) goja.Value {
	d := b.thisDuration(call)
	if goja.IsUndefined(call.Argument(0)) {
		return b.text(d.Locale().Name)
	}
	d.SetLocale(b.locale(call.Argument(0)))
	return call.This
}

func durationLang(b *binding, call goja.FunctionCall) goja.Value {
	if goja.IsUndefined(call.Argument(0)) {
		return durationLocaleData(b, call)
	}
	return durationLocale(b, call)
}

func durationLocaleData(b *binding, call goja.FunctionCall) goja.Value {
	return b.localeObject(b.thisDuration(call).Locale())
}
