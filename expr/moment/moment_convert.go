package moment

import (
	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
)

func clone(b *binding, call goja.FunctionCall) goja.Value {
	return b.momentObject(b.this(call).Clone())
}

func valueOf(b *binding, call goja.FunctionCall) goja.Value {
	return b.number(b.this(call).Millis())
}

func unixTime(b *binding, call goja.FunctionCall) goja.Value {
	return b.number(b.this(call).Unix())
}

func toDate(b *binding, call goja.FunctionCall) goja.Value {
	return b.date(b.this(call).Time())
}

func toArray(b *binding, call goja.FunctionCall) goja.Value {
	values := b.this(call).Array()
	return b.numbers(values[:])
}

func toObject(b *binding, call goja.FunctionCall) goja.Value {
	v := b.this(call).Array()
	return b.object("years", v[0], "months", v[1], "date", v[2], "hours", v[3], "minutes", v[4], "seconds", v[5], "milliseconds", v[6])
}

// momentLocale returns the name of the moment's locale, or changes the locale.
func momentLocale(b *binding, call goja.FunctionCall) goja.Value {
	m := b.this(call)
	if goja.IsUndefined(call.Argument(0)) {
		return b.text(m.Locale().Name)
	}
	m.SetLocale(b.locale(call.Argument(0)))
	return call.This
}

// momentLang is momentLocale, which returns data instead of a name.
func momentLang(b *binding, call goja.FunctionCall) goja.Value {
	if goja.IsUndefined(call.Argument(0)) {
		return momentLocaleData(b, call)
	}
	return momentLocale(b, call)
}

func momentLocaleData(b *binding, call goja.FunctionCall) goja.Value {
	return b.localeObject(b.this(call).Locale())
}

// flagsObject shows what was noticed when a moment was parsed.
func (b *binding) flagsObject(f *calendar.Flags) *goja.Object {
	object := b.object(
		"empty", f.Empty,
		"unusedTokens", b.texts(f.UnusedTokens),
		"unusedInput", b.texts(f.UnusedInput),
		"overflow", int(f.Overflow),
		"charsLeftOver", f.CharsLeftOver,
		"nullInput", f.NullInput,
		"invalidMonth", b.textOrNull(f.InvalidMonth),
		"invalidFormat", f.InvalidFormat,
		"userInvalidated", f.UserInvalidated,
		"iso", f.ISO,
		"parsedDateParts", b.parsedParts(f.ParsedParts),
		"meridiem", b.meridiem(f),
		"rfc2822", f.RFC2822,
		"weekdayMismatch", f.WeekdayMismatch,
	)
	optional := func(key string, present bool, value any) {
		if present {
			b.must(object.Set(key, value))
		}
	}
	optional("bigHour", f.BigHour, true)
	optional("invalidWeekday", f.InvalidWeekday != "", f.InvalidWeekday)
	optional("_overflowDayOfYear", f.OverflowDayOfYear, true)
	optional("_overflowWeeks", f.OverflowWeek, true)
	optional("_overflowWeekday", f.OverflowWeekday, true)
	optional("score", f.Score.Given, f.Score.Value)
	for key, value := range f.Extra {
		b.must(object.Set(key, value))
	}
	return object
}

func (b *binding) textOrNull(s string) goja.Value {
	if s == "" {
		return goja.Null()
	}
	return b.text(s)
}

// meridiem is undefined after a format that was found without one, and null
// where no format was used.
func (b *binding) meridiem(f *calendar.Flags) goja.Value {
	switch {
	case f.Meridiem != "":
		return b.text(f.Meridiem)
	case f.ByFormat:
		return goja.Undefined()
	}
	return goja.Null()
}

// parsedParts is an array up to the last part that was given.
func (b *binding) parsedParts(parts [7]calendar.Part) *goja.Object {
	length := 0
	for i, part := range parts {
		if part.Given {
			length = i + 1
		}
	}
	array := b.vm.NewArray()
	for i, part := range parts[:length] {
		if part.Given {
			b.must(array.Set(b.number(float64(i)).String(), part.Value))
		}
	}
	return array
}
