package params

import (
	"fmt"
	"slices"
	"strings"
)

// Value is one JSON value. Its dynamic type is exactly one of:
//
//	nil      null
//	bool     true, false
//	int64    a number written without fraction or exponent
//	float64  any other number; neither NaN nor infinite
//	string   text
//	List     an array
//	*Object  an object; never a nil pointer
//
// Values are immutable once they are part of a document.
type Value any

// List is a JSON array. It must not be changed after it was handed on.
type List []Value

// Kind names the JSON type of a value as error messages show it.
func Kind(v Value) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case int64, float64:
		return "number"
	case string:
		return "string"
	case List:
		return "list"
	case *Object:
		return "object"
	}
	return fmt.Sprintf("%T", v)
}

// Equal reports whether two values are the same JSON. Objects are equal if they
// hold equal values under the same keys, in whatever order. 1 and 1.0 differ,
// because they are written differently.
func Equal(a, b Value) bool {
	switch a := a.(type) {
	case List:
		b, ok := b.(List)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !Equal(a[i], b[i]) {
				return false
			}
		}
		return true
	case *Object:
		b, ok := b.(*Object)
		return ok && a.equal(b)
	}
	switch b.(type) {
	case List, *Object:
		return false
	}
	return a == b
}

// HasTemplate reports whether any text inside v holds a dollar sign, so that
// rendering v could change it. For an object it takes constant time.
func HasTemplate(v Value) bool {
	switch v := v.(type) {
	case string:
		return strings.IndexByte(v, '$') >= 0
	case List:
		return slices.ContainsFunc(v, HasTemplate)
	case *Object:
		return v.HasTemplate()
	}
	return false
}
