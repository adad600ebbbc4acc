package operator

import (
	"math"
	"strconv"
	"strings"

	"github.com/heitan/heitan/params"
)

// AsString reads a text; numbers and booleans are written out.
func AsString(v params.Value) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool, int64, float64:
		return params.JSON(v), true
	}
	return "", false
}

// AsInt reads a whole number.
func AsInt(v params.Value) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case float64:
		return int64(v), v == math.Trunc(v) && math.Abs(v) < 1<<53
	case string:
		i, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
		return i, err == nil
	}
	return 0, false
}

// AsFloat reads a number.
func AsFloat(v params.Value) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	case string:
		f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
	}
	return 0, false
}

// AsBool reads true or false.
func AsBool(v params.Value) (result, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case string:
		return v == "true", v == "true" || v == "false"
	}
	return false, false
}

// AsList reads a list.
func AsList(v params.Value) (params.List, bool) {
	switch v := v.(type) {
	case params.List:
		return v, true
	case string:
		parsed, err := params.Parse([]byte(v))
		list, ok := parsed.(params.List)
		return list, ok && err == nil
	}
	return nil, false
}

// AsStrings reads a list of texts.
func AsStrings(v params.Value) ([]string, bool) {
	list, ok := AsList(v)
	if !ok {
		text, ok := AsString(v)
		return []string{text}, ok
	}
	texts := make([]string, len(list))
	for i, e := range list {
		if texts[i], ok = AsString(e); !ok {
			return nil, false
		}
	}
	return texts, true
}

// AsObject reads a map.
func AsObject(v params.Value) (*params.Object, bool) {
	switch v := v.(type) {
	case *params.Object:
		return v, true
	case string:
		parsed, err := params.Parse([]byte(v))
		object, ok := parsed.(*params.Object)
		return object, ok && err == nil
	}
	return nil, false
}
