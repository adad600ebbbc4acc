package params_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/params"
)

func TestKindsAreTheNamesOfJSONTypes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"null": "null", "true": "boolean", "1": "number", "1.5": "number", `"x"`: "string", "[]": "list", "{}": "object",
	} {
		v, err := params.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := params.Kind(v); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestEqualLooksAtValuesNotAtTheOrderOfKeys(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`{"a":1,"b":[1,{"c":null}]}`, `{"b":[1,{"c":null}],"a":1}`, true},
		{`[1,2]`, `[2,1]`, false},
		{`[1]`, `[1,2]`, false},
		{`1`, `1.0`, false},
		{`1`, `"1"`, false},
		{`{"a":null}`, `{}`, false},
		{`{"a":null}`, `{"b":null}`, false},
		{`[]`, `{}`, false},
		{`{}`, `null`, false},
		{`null`, `false`, false},
	} {
		a, _ := params.Parse([]byte(c.a))
		b, _ := params.Parse([]byte(c.b))
		if params.Equal(a, b) != c.want || params.Equal(b, a) != c.want {
			t.Errorf("%s and %s: want %t", c.a, c.b, c.want)
		}
		if !params.Equal(a, a) {
			t.Errorf("%s does not equal itself", c.a)
		}
	}
}

func TestEncodingJSONKeepsTheOrderOfKeys(t *testing.T) {
	t.Parallel()
	const text = `{"doc":{"z":1,"a":{"y":[1.0,null],"b":"<é>"}},"list":[{"k":1}],"none":null}`
	var record struct {
		Doc  *params.Object `json:"doc"`
		List params.List    `json:"-"`
		None *params.Object `json:"none"`
	}
	if err := json.Unmarshal([]byte(text), &record); err != nil {
		t.Fatal(err)
	}
	if got := params.JSON(record.Doc); got != `{"z":1,"a":{"y":[1.0,null],"b":"<é>"}}` {
		t.Errorf("got %s", got)
	}
	if record.None.Len() != 0 {
		t.Errorf("null became %s", params.JSON(record.None))
	}
	written, err := json.Marshal(map[string]any{"doc": record.Doc, "list": params.List{"x", record.Doc}})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"doc":{"z":1,"a":{"y":[1.0,null],"b":"\u003cé\u003e"}},"list":["x",{"z":1,"a":{"y":[1.0,null],"b":"\u003cé\u003e"}}]}`
	if diff := cmp.Diff(want, string(written)); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{`{"doc":[]}`, `{"doc":1}`} {
		if err := json.Unmarshal([]byte(bad), &record); err == nil {
			t.Errorf("%s was read as an object", bad)
		}
	}
}

func TestEntriesKeepThePlacesOfTheirKeys(t *testing.T) {
	t.Parallel()
	at := func(line int32) params.Pos { return params.Pos{File: "f", Line: line, Column: 3} }
	below := params.New(params.Entry{Key: "a", Value: "1", Pos: at(1)}, params.Entry{Key: "b", Value: "1", Pos: at(2)})
	above := params.New(params.Entry{Key: "b", Value: "2", Pos: at(7)}, params.Entry{Key: "c", Value: "2", Pos: at(8)})
	merged := below.Merge(above).With("d", "3")
	want := map[string]string{"a": "f:1:3", "b": "f:7:3", "c": "f:8:3", "d": "", "e": ""}
	for key, place := range want {
		if got := merged.Pos(key).String(); got != place {
			t.Errorf("%s: got %q, want %q", key, got, place)
		}
	}
	for e := range merged.Entries() {
		if e.Pos.String() != want[e.Key] {
			t.Errorf("entry %s: got %q, want %q", e.Key, e.Pos, want[e.Key])
		}
	}
	if without := merged.Without("a", "nothing"); without.Has("a") || without.Pos("b") != at(7) || without.Len() != 3 {
		t.Errorf("got %s", params.JSON(without))
	}
}

func TestIterationMayEndEarly(t *testing.T) {
	t.Parallel()
	o := params.Of("a", int64(1), "b", int64(2)).Merge(params.Of("c", int64(3)))
	for key := range o.All() {
		if key != "a" {
			t.Errorf("went on to %s", key)
		}
		break
	}
	for e := range o.Entries() {
		if e.Key != "a" {
			t.Errorf("went on to %s", e.Key)
		}
		break
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, o.Keys()); diff != "" {
		t.Error(diff)
	}
}
