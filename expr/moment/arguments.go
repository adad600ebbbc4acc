package moment

import (
	"math"
	"strconv"
	"strings"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/expr/moment/calendar"
	"github.com/heitan/heitan/expr/moment/jsdate"
)

// given reports whether a value is neither undefined nor null.
func given(v goja.Value) bool {
	return v != nil && !goja.IsUndefined(v) && !goja.IsNull(v)
}

// isText reports whether a value is a primitive string.
func isText(v goja.Value) bool {
	_, object := v.(*goja.Object)
	return !object && v != nil && goja.IsString(v)
}

// isBoolean returns a primitive boolean.
func isBoolean(v goja.Value) (t, ok bool) {
	if _, object := v.(*goja.Object); object || v == nil {
		return false, false
	}
	t, ok = v.Export().(bool)
	return t, ok
}

// hasClass reports whether a value is an object of a class such as Array.
func hasClass(v goja.Value, class string) bool {
	object, ok := v.(*goja.Object)
	return ok && object.ClassName() == class
}

// isNumber takes objects of class Number for numbers too.
func isNumber(v goja.Value) bool {
	if _, object := v.(*goja.Object); object {
		return hasClass(v, "Number")
	}
	return v != nil && goja.IsNumber(v)
}

func isFunction(v goja.Value) bool {
	_, ok := goja.AssertFunction(v)
	return ok
}

// isDate reports whether a value is a Date, also if the VM's Date is not goja's.
func (b *binding) isDate(v goja.Value) bool {
	object, ok := v.(*goja.Object)
	if !ok {
		return false
	}
	if object.ClassName() == "Date" {
		return true
	}
	date, ok := b.globals.Get("Date").(*goja.Object)
	return ok && isFunction(date) && b.vm.InstanceOf(v, date)
}

// number makes a JavaScript number.
func (b *binding) number(f float64) goja.Value { return b.vm.ToValue(f) }

func (b *binding) text(s string) goja.Value { return b.vm.ToValue(s) }

func (b *binding) boolean(t bool) goja.Value { return b.vm.ToValue(t) }

func (b *binding) numbers(values []float64) *goja.Object {
	items := make([]any, len(values))
	for i, v := range values {
		items[i] = v
	}
	return b.vm.NewArray(items...)
}

func (b *binding) texts(values []string) *goja.Object {
	items := make([]any, len(values))
	for i, v := range values {
		items[i] = v
	}
	return b.vm.NewArray(items...)
}

// object makes an object of keys and values in order.
func (b *binding) object(pairs ...any) *goja.Object {
	object := b.vm.NewObject()
	for i := 0; i+1 < len(pairs); i += 2 {
		b.must(object.Set(pairs[i].(string), pairs[i+1]))
	}
	return object
}

// unit reads the name of a unit; other values than texts name none.
func unit(v goja.Value) calendar.Unit {
	if !isText(v) {
		return calendar.NoUnit
	}
	return calendar.ParseUnit(v.String())
}

// parseInt is the global function of this name for base 10.
func parseInt(v goja.Value) float64 {
	text := strings.TrimLeftFunc(v.String(), jsdate.IsSpace)
	digits := 0
	if text != "" && (text[0] == '+' || text[0] == '-') {
		digits++
	}
	end := digits
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	if end == digits {
		return math.NaN()
	}
	n, _ := strconv.ParseFloat(text[:end], 64) // too many digits are an infinity
	return n
}

// elements returns the elements of an array, at most limit.
func (b *binding) elements(v goja.Value, limit int64) []goja.Value {
	array := v.ToObject(b.vm)
	length := min(array.Get("length").ToInteger(), limit)
	all := make([]goja.Value, 0, max(length, 0))
	for i := range length {
		element := array.Get(strconv.FormatInt(i, 10))
		if element == nil {
			element = goja.Undefined()
		}
		all = append(all, element)
	}
	return all
}
