package moment

import (
	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
)

// localeMembers are the methods of locale data.
var localeMembers = map[string]member{
	"months":         listed(calendar.Month, func(l *calendar.Locale) []string { return l.Months }),
	"monthsShort":    listed(calendar.Month, func(l *calendar.Locale) []string { return l.MonthsShort }),
	"weekdays":       listed(calendar.Day, func(l *calendar.Locale) []string { return l.Weekdays }),
	"weekdaysShort":  listed(calendar.Day, func(l *calendar.Locale) []string { return l.WeekdaysShort }),
	"weekdaysMin":    listed(calendar.Day, func(l *calendar.Locale) []string { return l.WeekdaysMin }),
	"monthsParse":    parsed((*calendar.Locale).ParseMonth),
	"weekdaysParse":  parsed((*calendar.Locale).ParseWeekday),
	"firstDayOfWeek": {method: firstDayOfWeek},
	"firstDayOfYear": {method: firstDayOfYear},
	"week":           {method: localeWeek},
	"longDateFormat": {method: longDateFormat},
	"calendar":       {method: localeCalendar},
	"relativeTime":   {method: relativeTime},
	"pastFuture":     {method: pastFuture},
	"ordinal":        {method: ordinal},
	"meridiem":       {method: meridiem},
	"isPM":           {method: isPM},
	"invalidDate":    {method: invalidDate},
	"preparse":       {method: preparse},
	"postformat":     {method: postformat},

	"set":                {method: unsupported("localeData().set")},
	"monthsRegex":        {method: unsupported("localeData().monthsRegex")},
	"monthsShortRegex":   {method: unsupported("localeData().monthsShortRegex")},
	"weekdaysRegex":      {method: unsupported("localeData().weekdaysRegex")},
	"weekdaysShortRegex": {method: unsupported("localeData().weekdaysShortRegex")},
	"weekdaysMinRegex":   {method: unsupported("localeData().weekdaysMinRegex")},
}

// listed returns the name for a moment, or all names without one.
func listed(u calendar.Unit, list func(*calendar.Locale) []string) member {
	return member{method: func(b *binding, call goja.FunctionCall) goja.Value {
		names := list(b.thisLocale(call))
		if !call.Argument(0).ToBoolean() {
			return b.texts(names)
		}
		index := b.of(call.Argument(0)).Get(u)
		if !(index >= 0 && int(index) < len(names)) {
			return goja.Undefined()
		}
		return b.text(names[int(index)])
	}}
}

// parsed reads (name, format, strict).
func parsed(parse func(l *calendar.Locale, text, token string, strict bool) (int, bool)) member {
	return member{method: func(b *binding, call goja.FunctionCall) goja.Value {
		n, ok := parse(b.thisLocale(call), call.Argument(0).String(), call.Argument(1).String(), call.Argument(2).ToBoolean())
		if !ok {
			return goja.Undefined()
		}
		return b.number(float64(n))
	}}
}

func firstDayOfWeek(b *binding, call goja.FunctionCall) goja.Value {
	return b.number(b.thisLocale(call).FirstWeekday)
}

func firstDayOfYear(b *binding, call goja.FunctionCall) goja.Value {
	return b.number(b.thisLocale(call).FirstWeek)
}

func localeWeek(b *binding, call goja.FunctionCall) goja.Value {
	m := b.of(call.Argument(0)).Clone()
	m.SetLocale(b.thisLocale(call))
	return b.number(m.Get(calendar.Week))
}

func longDateFormat(b *binding, call goja.FunctionCall) goja.Value {
	format, ok := b.thisLocale(call).LongDate(call.Argument(0).String())
	if !ok {
		return goja.Undefined()
	}
	return b.text(format)
}

// localeCalendar reads (key, moment, now).
func localeCalendar(b *binding, call goja.FunctionCall) goja.Value {
	m, now := b.of(call.Argument(1)), b.of(call.Argument(2))
	return b.text(b.thisLocale(call).CalendarFormat(call.Argument(0).String(), m, now))
}

// relativeTime reads (number, withoutSuffix, key, isFuture).
func relativeTime(b *binding, call goja.FunctionCall) goja.Value {
	l, key := b.thisLocale(call), call.Argument(2).String()
	if _, ok := l.Relative[key]; !ok {
		panic(b.vm.NewTypeError("moment: there is no relative time %s", key))
	}
	return b.text(l.Wording(call.Argument(0).ToFloat(), call.Argument(1).ToBoolean(), key, call.Argument(3).ToBoolean()))
}

func pastFuture(b *binding, call goja.FunctionCall) goja.Value {
	return b.text(b.thisLocale(call).InTime(call.Argument(0).ToFloat(), call.Argument(1).String()))
}

func ordinal(b *binding, call goja.FunctionCall) goja.Value {
	return b.text(b.thisLocale(call).Ordinal(call.Argument(0).ToFloat(), call.Argument(1).String()))
}

func meridiem(b *binding, call goja.FunctionCall) goja.Value {
	return b.text(b.thisLocale(call).Meridiem(call.Argument(0).ToFloat(), call.Argument(1).ToFloat(), call.Argument(2).ToBoolean()))
}

func isPM(b *binding, call goja.FunctionCall) goja.Value {
	return b.boolean(b.thisLocale(call).IsPM(call.Argument(0).String()))
}

func invalidDate(b *binding, call goja.FunctionCall) goja.Value {
	return b.text(b.thisLocale(call).InvalidDate)
}

func preparse(b *binding, call goja.FunctionCall) goja.Value {
	l := b.thisLocale(call)
	if l.Preparse == nil {
		return call.Argument(0)
	}
	return b.text(l.Preparse(call.Argument(0).String()))
}

func postformat(b *binding, call goja.FunctionCall) goja.Value {
	l := b.thisLocale(call)
	if l.Postformat == nil {
		return call.Argument(0)
	}
	return b.text(l.Postformat(call.Argument(0).String()))
}
