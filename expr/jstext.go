package expr

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/heitan/heitan/params"
)

// textOf is a value of the document as JavaScript would show it in a template:
// text as it is, nothing for null, all others as JSON.stringify writes them. It
// stops when the text gets longer than limit and returns false.
func textOf(v params.Value, limit int) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, len(v) <= limit
	case bool:
		return strconv.FormatBool(v), true
	case int64, float64:
		return string(appendNumber(nil, v)), true
	}
	out, ok := appendJS(nil, v, limit)
	return string(out), ok
}

// appendJS appends a value as JSON.stringify writes it.
func appendJS(dst []byte, v params.Value, limit int) (out []byte, ok bool) {
	switch v := v.(type) {
	case string:
		dst = appendJSString(dst, v)
	case bool:
		dst = strconv.AppendBool(dst, v)
	case int64, float64:
		dst = appendNumber(dst, v)
	case params.List:
		dst = append(dst, '[')
		for i, element := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			if dst, ok = appendJS(dst, element, limit); !ok {
				return dst, false
			}
		}
		dst = append(dst, ']')
	case *params.Object:
		dst = append(dst, '{')
		for i, e := range inJSOrder(v) {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendJSString(dst, e.Key), ':')
			if dst, ok = appendJS(dst, e.Value, limit); !ok {
				return dst, false
			}
		}
		dst = append(dst, '}')
	default:
		dst = append(dst, "null"...)
	}
	return dst, len(dst) <= limit
}

// inJSOrder are the entries in the order in which JavaScript enumerates them:
// keys that are array indexes come first, in ascending order.
func inJSOrder(o *params.Object) []params.Entry {
	entries := slices.Collect(o.Entries())
	if slices.ContainsFunc(entries, func(e params.Entry) bool { return arrayIndex(e.Key) >= 0 }) {
		slices.SortStableFunc(entries, func(a, b params.Entry) int {
			i, j := arrayIndex(a.Key), arrayIndex(b.Key)
			switch {
			case i >= 0 && j >= 0:
				return i - j
			case i >= 0:
				return -1
			case j >= 0:
				return 1
			}
			return 0
		})
	}
	return entries
}

// arrayIndex is the index that a key is, or -1.
func arrayIndex(key string) int {
	if key == "" || key[0] == '0' && len(key) > 1 || len(key) > 10 {
		return -1
	}
	n := 0
	for i := range len(key) {
		if !isDigit(key[i]) {
			return -1
		}
		n = n*10 + int(key[i]-'0')
	}
	if n >= math.MaxUint32 {
		return -1
	}
	return n
}

// appendNumber appends a number as JavaScript writes it. Whole numbers beyond
// 2^53 lose their last digits, because they do in JavaScript.
func appendNumber(dst []byte, v params.Value) []byte {
	const exact = 1 << 53
	var f float64
	switch v := v.(type) {
	case int64:
		if -exact <= v && v <= exact {
			return strconv.AppendInt(dst, v, 10)
		}
		f = float64(v)
	case float64:
		f = v
	}
	switch abs := math.Abs(f); {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return append(dst, "null"...)
	case f == 0:
		return append(dst, '0')
	case abs >= 1e21 || abs < 1e-6:
		text := strconv.FormatFloat(f, 'e', -1, 64)
		mantissa, exponent, _ := strings.Cut(text, "e")
		sign, digits := exponent[:1], strings.TrimLeft(exponent[1:], "0")
		return append(dst, mantissa+"e"+sign+digits...)
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64)
}

const hexDigits = "0123456789abcdef"

func appendJSString(dst []byte, text string) []byte {
	dst = append(dst, '"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r >= ' ':
			dst = append(dst, string(r)...)
		case r == '\b':
			dst = append(dst, `\b`...)
		case r == '\f':
			dst = append(dst, `\f`...)
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		default:
			dst = append(dst, `\u00`...)
			dst = append(dst, hexDigits[r>>4], hexDigits[r&15])
		}
	}
	return append(dst, '"')
}
