package script

import (
	"math"
	"strings"
	"time"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/jsdate"
)

// localDateMethods are those in the local zone, and those of old that follow it.
const localDateMethods = "getDate getDay getFullYear getHours getMilliseconds getMinutes getMonth getSeconds getTimezoneOffset getYear " +
	"setDate setFullYear setHours setMilliseconds setMinutes setMonth setSeconds setYear " +
	"toDateString toLocaleDateString toLocaleString toLocaleTimeString toString toTimeString"

// The formats of Nashorn in its default locale.
const (
	dateLayout       = "Mon Jan 02 2006"
	timeLayout       = "15:04:05 GMT-0700 (MST)"
	localeDateLayout = "1/2/2006"
	localeTimeLayout = "3:04:05 PM"
)

// installDates makes the local zone of Date that of the session. The engine's
// own is that of the process.
func (m *machine) installDates() {
	prototype := m.builtin("Date.prototype")
	m.hidden(prototype, "toGMTString", prototype.Get("toUTCString"))
	m.method(m.builtin("Date"), "parse", 1, func(call goja.FunctionCall) goja.Value {
		return m.vm.ToValue(float64(jsdate.Parse(m.text16(call.Argument(0)).String(), m.localZone())))
	})
	for name, get := range dateGetters {
		m.dateMethod(name, 0, func(t jsdate.Time, call goja.FunctionCall) goja.Value {
			if !t.Valid() {
				return goja.NaN()
			}
			return m.vm.ToValue(get(t, m.localZone()))
		})
	}
	for name, setter := range dateSetters {
		m.dateMethod(name, setter.most, func(t jsdate.Time, call goja.FunctionCall) goja.Value {
			args := []float64{math.NaN()}
			for i := range min(len(call.Arguments), setter.most) {
				args = append(args[:i], call.Arguments[i].ToFloat())
			}
			t = setter.set(t, m.localZone(), args)
			return m.call(m.natives.setTime, call.This, m.vm.ToValue(float64(t)))
		})
	}
	for name, layout := range map[string]string{
		"toDateString": dateLayout, "toTimeString": timeLayout, "toString": dateLayout + " " + timeLayout,
		"toLocaleDateString": localeDateLayout, "toLocaleTimeString": localeTimeLayout,
		"toLocaleString": localeDateLayout + " " + localeTimeLayout,
	} {
		m.dateMethod(name, 0, func(t jsdate.Time, _ goja.FunctionCall) goja.Value {
			if !t.Valid() {
				return m.vm.ToValue("Invalid Date")
			}
			return m.vm.ToValue(m.dateIn(t, layout))
		})
	}
}

// dateMethod sets a method of dates, which gets the time of the date.
func (m *machine) dateMethod(name string, length int, f func(jsdate.Time, goja.FunctionCall) goja.Value) {
	m.method(m.builtin("Date.prototype"), name, length, func(call goja.FunctionCall) goja.Value {
		t, ok := timeOf(call.This)
		if !ok {
			panic(m.vm.NewTypeError("Date.prototype.%s was called on something else", name))
		}
		return f(t, call)
	})
}

// timeOf is the time of a Date object.
func timeOf(v goja.Value) (jsdate.Time, bool) {
	object, ok := v.(*goja.Object)
	if !ok || object.ClassName() != "Date" {
		return jsdate.Invalid(), false
	}
	t, ok := object.Export().(time.Time)
	if !ok {
		return jsdate.Invalid(), true
	}
	return jsdate.Time(t.UnixMilli()), true
}

func (m *machine) dateIn(t jsdate.Time, layout string) string {
	text := time.UnixMilli(int64(t)).In(m.localZone().Location()).Format(layout)
	// The abbreviation of a zone without one is its offset, as in (+03).
	return strings.ReplaceAll(text, "()", "(UTC)")
}

// dateText is Date called as a function.
func (m *machine) dateText(goja.FunctionCall) goja.Value {
	return m.vm.ToValue(m.dateIn(jsdate.Time(m.engine.now().UnixMilli()), dateLayout+" "+timeLayout))
}

// makeDate is the constructor; its arguments are new.target and the list of the
// constructor's arguments.
func (m *machine) makeDate(call goja.FunctionCall) goja.Value {
	args := m.elements(call.Argument(1))
	var t jsdate.Time
	switch len(args) {
	case 0:
		t = jsdate.Time(m.engine.now().UnixMilli())
	case 1:
		t = m.dateFrom(args[0])
	default:
		parts := [7]float64{2: 1}
		for i := range min(len(args), len(parts)) {
			parts[i] = args[i].ToFloat()
		}
		t = jsdate.New(m.localZone(), fullYear(parts[0]), parts[1], parts[2], parts[3], parts[4], parts[5], parts[6])
	}
	return m.construct("Date", call.Argument(0), m.vm.ToValue(float64(t)))
}

// dateFrom is the time of a date, of a text or of a number of milliseconds.
func (m *machine) dateFrom(v goja.Value) jsdate.Time {
	if t, ok := timeOf(v); ok {
		return t
	}
	v = m.primitive(v)
	if text, ok := v.(goja.String); ok {
		return jsdate.Parse(text.String(), m.localZone())
	}
	return jsdate.Clip(v.ToFloat())
}

// fullYear turns 0 to 99 into years of the twentieth century.
func fullYear(year float64) float64 {
	if y := math.Trunc(year); 0 <= y && y <= 99 {
		return 1900 + y
	}
	return year
}
