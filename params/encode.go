package params

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"
)

// JSON is v as compact JSON text, the keys of objects in order.
func JSON(v Value) string { return string(AppendJSON(nil, v)) }

// AppendJSON appends v as compact JSON.
func AppendJSON(dst []byte, v Value) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...)
	case bool:
		return strconv.AppendBool(dst, v)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case float64:
		return appendFloat(dst, v)
	case string:
		return appendString(dst, v)
	case List:
		dst = append(dst, '[')
		for i, e := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = AppendJSON(dst, e)
		}
		return append(dst, ']')
	case *Object:
		dst = append(dst, '{')
		for i, e := range v.entries() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, e.Key), ':')
			dst = AppendJSON(dst, e.Value)
		}
		return append(dst, '}')
	}
	panic(fmt.Sprintf("params: %T is not a JSON value", v))
}

// MarshalJSON writes the object with its keys in order.
func (o *Object) MarshalJSON() ([]byte, error) { return AppendJSON(nil, o.orEmpty()), nil }

// MarshalJSON writes the list as AppendJSON does.
func (l List) MarshalJSON() ([]byte, error) { return AppendJSON(nil, l), nil }

// appendFloat keeps a fraction or an exponent in the text, so that reading it
// back gives a float64 again. What JSON cannot express becomes null.
func appendFloat(dst []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(dst, "null"...)
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, format, -1, 64)
	if !bytes.ContainsAny(dst[start:], ".e") {
		dst = append(dst, ".0"...)
	}
	return dst
}

const hexDigits = "0123456789abcdef"

func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	copied := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(append(dst, s[copied:i]...), "\uFFFD"...)
				copied = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[copied:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		copied = i
	}
	return append(append(dst, s[copied:]...), '"')
}
