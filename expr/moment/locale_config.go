package moment

import (
	"maps"
	"strconv"
	"strings"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
)

// withoutLanguage is the locale that others are derived from, where ordinals
// are bare numbers.
func withoutLanguage() *calendar.Locale {
	l := *calendar.English()
	l.Ordinal = ordinalBy("%d")
	l.OrdinalSuffixes = nil
	return &l
}

func ordinalBy(pattern string) func(float64, string) string {
	return func(number float64, _ string) string {
		return strings.Replace(pattern, "%d", strconv.FormatFloat(number, 'f', -1, 64), 1)
	}
}

// configured derives a locale by the options of defineLocale and updateLocale.
// Options that would need the regular expressions of the original are refused.
func (b *binding) configured(name string, parent *calendar.Locale, options *goja.Object) *calendar.Locale {
	l := *parent
	l.Name = name
	for _, key := range options.Keys() {
		value := options.Get(key)
		if !given(value) {
			continue
		}
		if !b.configureNames(&l, key, value) && !b.configureTexts(&l, key, value) && !b.configureFunction(&l, key, value) {
			b.throw("Error", "moment: the locale option %s is not supported", key)
		}
	}
	return &l
}

func (b *binding) configureNames(l *calendar.Locale, key string, value goja.Value) bool {
	switch key {
	case "months":
		l.Months = b.nameList(key, value, 12)
	case "monthsShort":
		l.MonthsShort = b.nameList(key, value, 12)
	case "weekdays":
		l.Weekdays = b.nameList(key, value, 7)
	case "weekdaysShort":
		l.WeekdaysShort = b.nameList(key, value, 7)
	case "weekdaysMin":
		l.WeekdaysMin = b.nameList(key, value, 7)
	default:
		return false
	}
	return true
}

func (b *binding) nameList(key string, value goja.Value, count int) []string {
	if !hasClass(value, "Array") || value.ToObject(b.vm).Get("length").ToInteger() != int64(count) {
		b.throw("Error", "moment: the locale option %s is not supported unless it is an array of %d names", key, count)
	}
	names := make([]string, 0, count)
	for _, element := range b.elements(value, int64(count)) {
		names = append(names, element.String())
	}
	return names
}

func (b *binding) configureTexts(l *calendar.Locale, key string, value goja.Value) bool {
	switch key {
	case "abbr", "parentLocale":
	case "invalidDate":
		l.InvalidDate = value.String()
	case "week":
		l.FirstWeekday = b.weekOption(value, "dow", l.FirstWeekday)
		l.FirstWeek = b.weekOption(value, "doy", l.FirstWeek)
	case "longDateFormat":
		l.LongDates = maps.Clone(l.LongDates)
		b.each(value, func(key string, v goja.Value) { l.LongDates[key] = v.String() })
	case "calendar":
		l.Calendar = maps.Clone(l.Calendar)
		b.each(value, func(key string, v goja.Value) { l.Calendar[key] = b.calendarText(v) })
	case "relativeTime":
		l.Relative = maps.Clone(l.Relative)
		b.each(value, func(key string, v goja.Value) {
			switch key {
			case "past":
				l.Past = b.suffixText(v)
			case "future":
				l.Future = b.suffixText(v)
			default:
				l.Relative[key] = b.relativeText(v)
			}
		})
	default:
		return false
	}
	return true
}

func (b *binding) each(options goja.Value, do func(key string, v goja.Value)) {
	object := options.ToObject(b.vm)
	for _, key := range object.Keys() {
		do(key, object.Get(key))
	}
}

// weekOption reads one of the two numbers that weeks are counted by.
func (b *binding) weekOption(week goja.Value, key string, otherwise float64) float64 {
	v := week.ToObject(b.vm).Get(key)
	if v == nil || !given(v) {
		return otherwise
	}
	n := v.ToInteger()
	if n < 0 || n > 13 || key == "dow" && n > 6 {
		b.throw("Error", "moment: the locale option week.%s is not supported for %s", key, v.String())
	}
	return float64(n)
}

func (b *binding) configureFunction(l *calendar.Locale, key string, f goja.Value) bool {
	undefined := goja.Undefined()
	if key == "ordinal" && !isFunction(f) {
		l.Ordinal = ordinalBy(f.String())
		return true
	}
	if !isFunction(f) {
		return false
	}
	switch key {
	case "ordinal":
		l.Ordinal = func(number float64, token string) string {
			return b.invoke(f, undefined, b.number(number), b.text(token)).String()
		}
	case "meridiem":
		l.Meridiem = func(hour, minute float64, lower bool) string {
			return b.invoke(f, undefined, b.number(hour), b.number(minute), b.boolean(lower)).String()
		}
	case "isPM":
		l.IsPM = func(text string) bool { return b.invoke(f, undefined, b.text(text)).ToBoolean() }
	case "preparse":
		l.Preparse = func(text string) string { return b.invoke(f, undefined, b.text(text)).String() }
	case "postformat":
		l.Postformat = func(text string) string { return b.invoke(f, undefined, b.text(text)).String() }
	default:
		return false
	}
	return true
}

func (b *binding) calendarText(v goja.Value) calendar.CalendarText {
	if !isFunction(v) {
		return calendar.CalendarText{Text: v.String()}
	}
	return calendar.CalendarText{Func: func(m, now *calendar.Moment) string {
		return b.invoke(v, b.momentObject(m), b.momentObject(now)).String()
	}}
}

func (b *binding) relativeText(v goja.Value) calendar.RelativeText {
	if !isFunction(v) {
		return calendar.RelativeText{Text: v.String()}
	}
	return calendar.RelativeText{Func: func(number float64, withoutSuffix bool, key string, future bool) string {
		return b.invoke(v, goja.Undefined(), b.number(number), b.boolean(withoutSuffix), b.text(key), b.boolean(future)).String()
	}}
}

func (b *binding) suffixText(v goja.Value) calendar.SuffixText {
	if !isFunction(v) {
		return calendar.SuffixText{Text: v.String()}
	}
	return calendar.SuffixText{Func: func(wording string) string {
		return b.invoke(v, goja.Undefined(), b.text(wording)).String()
	}}
}
