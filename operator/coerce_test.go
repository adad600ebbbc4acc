package operator_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// no is what a value is that cannot be read.
type no struct{}

func TestTypedReadsTakeTextToo(t *testing.T) {
	t.Parallel()
	list, object := params.List{int64(1), "a"}, params.Of("a", int64(1))
	readers := map[string]func(params.Value) any{
		"string":  reader(operator.AsString),
		"int":     reader(operator.AsInt),
		"float":   reader(operator.AsFloat),
		"bool":    reader(operator.AsBool),
		"list":    reader(func(v params.Value) (string, bool) { l, ok := operator.AsList(v); return params.JSON(l), ok }),
		"strings": reader(operator.AsStrings),
		"object":  reader(func(v params.Value) (string, bool) { o, ok := operator.AsObject(v); return params.JSON(o), ok }),
	}
	for _, c := range []struct {
		v    params.Value
		want map[string]any // no for all others
	}{
		{"3", map[string]any{"string": "3", "int": int64(3), "float": 3.0, "strings": []string{"3"}}},
		{" 3 ", map[string]any{"string": " 3 ", "int": int64(3), "float": 3.0, "strings": []string{" 3 "}}},
		{int64(3), map[string]any{"string": "3", "int": int64(3), "float": 3.0, "strings": []string{"3"}}},
		{3.0, map[string]any{"string": "3.0", "int": int64(3), "float": 3.0, "strings": []string{"3.0"}}},
		{3.5, map[string]any{"string": "3.5", "float": 3.5, "strings": []string{"3.5"}}},
		{"3.5", map[string]any{"string": "3.5", "float": 3.5, "strings": []string{"3.5"}}},
		{1e300, map[string]any{"string": "1e+300", "float": 1e300, "strings": []string{"1e+300"}}},
		{"99999999999999999999", map[string]any{"string": "99999999999999999999", "float": 1e20, "strings": []string{"99999999999999999999"}}},
		{"Infinity", map[string]any{"string": "Infinity", "strings": []string{"Infinity"}}},
		{"NaN", map[string]any{"string": "NaN", "strings": []string{"NaN"}}},
		{true, map[string]any{"string": "true", "bool": true, "strings": []string{"true"}}},
		{"true", map[string]any{"string": "true", "bool": true, "strings": []string{"true"}}},
		{"false", map[string]any{"string": "false", "bool": false, "strings": []string{"false"}}},
		{"yes", map[string]any{"string": "yes", "strings": []string{"yes"}}},
		{"", map[string]any{"string": "", "strings": []string{""}}},
		{nil, nil},
		{list, map[string]any{"list": `[1,"a"]`, "strings": []string{"1", "a"}}},
		{`[1,"a"]`, map[string]any{"string": `[1,"a"]`, "list": `[1,"a"]`, "strings": []string{"1", "a"}}},
		{params.List{list}, map[string]any{"list": `[[1,"a"]]`}},
		{`[1,`, map[string]any{"string": `[1,`, "strings": []string{`[1,`}}},
		{object, map[string]any{"object": `{"a":1}`}},
		{`{"a":1}`, map[string]any{"string": `{"a":1}`, "object": `{"a":1}`, "strings": []string{`{"a":1}`}}},
		{`{"a":1`, map[string]any{"string": `{"a":1`, "strings": []string{`{"a":1`}}},
	} {
		for name, read := range readers {
			want, ok := c.want[name]
			if !ok {
				want = no{}
			}
			if diff := cmp.Diff(want, read(c.v)); diff != "" {
				t.Errorf("%T %s as %s (-want +got):\n%s", c.v, params.JSON(c.v), name, diff)
			}
		}
	}
}

func reader[T any](read func(params.Value) (T, bool)) func(params.Value) any {
	return func(v params.Value) any {
		if got, ok := read(v); ok {
			return got
		}
		return no{}
	}
}

func TestDurations(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v    params.Value
		want any
	}{
		{"1d 2h 3m 4s", 26*time.Hour + 3*time.Minute + 4*time.Second},
		{"1D2H", 26 * time.Hour},
		{" 90 s ", 90 * time.Second},
		{"1h 30m", 90 * time.Minute},
		{"90", 90 * time.Second},
		{int64(90), 90 * time.Second},
		{1.5, 1500 * time.Millisecond},
		{"0", time.Duration(0)},
		{int64(0), time.Duration(0)},
		{"106751d", 106751 * 24 * time.Hour},
		{"106752d", no{}}, // longer than can be counted
		{"106751d 86400s", no{}},
		{"99999999999999999999d", no{}},
		{int64(math.MaxInt64), no{}},
		{1e300, no{}},
		{math.NaN(), no{}},
		{int64(-1), no{}},
		{-0.5, no{}},
		{"-1s", no{}},
		{"2h 1d", no{}},
		{"1.5h", no{}},
		{"", no{}},
		{"  ", no{}},
		{"soon", no{}},
		{true, no{}},
		{nil, no{}},
	} {
		if got := reader(operator.AsDuration)(c.v); got != c.want {
			t.Errorf("%v is %v, want %v", c.v, got, c.want)
		}
	}
}

func TestAmountsOfMemory(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v    params.Value
		want any
	}{
		{int64(1000), int64(1000)},
		{"1000", int64(1000)},
		{"512 MB", int64(512 << 20)},
		{"512m", int64(512 << 20)},
		{"2g", int64(2 << 30)},
		{"1.5 GiB", int64(3 << 29)},
		{"1KB", int64(1024)},
		{"1 tib", int64(1 << 40)},
		{"7 b", int64(7)},
		{"0", int64(0)},
		{int64(-1), no{}},
		{"-1m", no{}},
		{"99999999 TB", no{}},
		{"1 i", no{}},
		{"1 PB", no{}},
		{"much", no{}},
		{"", no{}},
		{1.5, no{}},
	} {
		if got := reader(operator.AsBytes)(c.v); got != c.want {
			t.Errorf("%v is %v, want %v", c.v, got, c.want)
		}
	}
}
