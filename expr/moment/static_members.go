package moment

import (
	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
)

// version is that of the Moment.js whose functions these are.
const version = "2.21.0"

// staticMembers are the members of moment itself.
var staticMembers = map[string]member{
	"utc":       {method: createUTC},
	"unix":      {method: createUnix},
	"parseZone": {method: createInZone},
	"invalid":   {method: createInvalid},
	"min":       {method: earliest},
	"max":       {method: latest},
	"now":       {method: present},

	"isMoment":       {method: isMoment},
	"isDuration":     {method: isDuration},
	"isDate":         {method: isDate},
	"normalizeUnits": {method: normalizeUnits},

	"months":        monthNames(func(l *calendar.Locale) []string { return l.Months }),
	"monthsShort":   monthNames(func(l *calendar.Locale) []string { return l.MonthsShort }),
	"weekdays":      weekdayNames(func(l *calendar.Locale) []string { return l.Weekdays }),
	"weekdaysShort": weekdayNames(func(l *calendar.Locale) []string { return l.WeekdaysShort }),
	"weekdaysMin":   weekdayNames(func(l *calendar.Locale) []string { return l.WeekdaysMin }),

	"locale":       {method: globalLocale},
	"lang":         {method: globalLocale},
	"locales":      {method: listLocales},
	"localeData":   {method: globalLocaleData},
	"langData":     {method: globalLocaleData},
	"defineLocale": {method: defineLocale},
	"updateLocale": {method: updateLocale},

	"relativeTimeThreshold": {method: relativeTimeThreshold},
	"relativeTimeRounding":  {method: relativeTimeRounding},
	"calendarFormat":        {method: calendarFormat},
	"parseTwoDigitYear":     {method: parseTwoDigitYear},

	"duration":  {value: (*binding).durationFunction},
	"fn":        {value: func(b *binding) goja.Value { return b.moments.object }},
	"prototype": {value: func(b *binding) goja.Value { return b.moments.object }},

	"version":          {value: func(b *binding) goja.Value { return b.text(version) }},
	"defaultFormat":    {value: func(b *binding) goja.Value { return b.text(calendar.DefaultFormat) }},
	"defaultFormatUtc": {value: func(b *binding) goja.Value { return b.text(calendar.DefaultFormatUTC) }},
	"ISO_8601":         {method: nothing},
	"RFC_2822":         {method: nothing},
	"HTML5_FMT":        {value: (*binding).html5Formats},

	// There are no warnings to suppress or to handle.
	"suppressDeprecationWarnings": {value: func(b *binding) goja.Value { return b.boolean(false) }},
	"deprecationHandler":          {value: func(*binding) goja.Value { return goja.Null() }},

	"updateOffset":            {method: nothing},
	"createFromInputFallback": {method: unsupported("moment.createFromInputFallback")},
	"momentProperties":        {value: unsupportedValue("moment.momentProperties")},
}

// unsupported is a function of Moment.js that does not exist here.
func unsupported(name string) func(*binding, goja.FunctionCall) goja.Value {
	return func(b *binding, _ goja.FunctionCall) goja.Value {
		b.throw("Error", "%s is not supported", name)
		return nil
	}
}

func unsupportedValue(name string) func(*binding) goja.Value {
	return func(b *binding) goja.Value { return unsupported(name)(b, goja.FunctionCall{}) }
}

func nothing(*binding, goja.FunctionCall) goja.Value { return goja.Undefined() }

// configure gives the library what a script assigns to a member of moment.
func (b *binding) configure(key string, value goja.Value) {
	switch key {
	case "defaultFormat":
		b.lib.DefaultFormat = value.String()
	case "defaultFormatUtc":
		b.lib.DefaultFormatUTC = value.String()
	case "parseTwoDigitYear":
		b.lib.TwoDigitYear = func(text string) float64 {
			return b.invoke(value, goja.Undefined(), b.text(text)).ToFloat()
		}
	case "calendarFormat":
		b.lib.CalendarKey = func(m, today *calendar.Moment) string {
			key := b.invoke(value, goja.Undefined(), b.momentObject(m), b.momentObject(today))
			if !key.ToBoolean() {
				return ""
			}
			return key.String()
		}
	case "updateOffset", "createFromInputFallback", "momentProperties":
		b.throw("Error", "moment.%s cannot be replaced", key)
	}
}

func (b *binding) html5Formats() goja.Value {
	return b.frozen(b.object(
		"DATETIME_LOCAL", "YYYY-MM-DDTHH:mm",
		"DATETIME_LOCAL_SECONDS", "YYYY-MM-DDTHH:mm:ss",
		"DATETIME_LOCAL_MS", "YYYY-MM-DDTHH:mm:ss.SSS",
		"DATE", "YYYY-MM-DD",
		"TIME", "HH:mm",
		"TIME_SECONDS", "HH:mm:ss",
		"TIME_MS", "HH:mm:ss.SSS",
		"WEEK", "YYYY-[W]WW",
		"MONTH", "YYYY-MM",
	))
}
