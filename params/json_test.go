package params_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/heitan/heitan/params"
)

func TestNumbersKeepTheirKind(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]params.Value{
		`1`: int64(1), `-5`: int64(-5), `1.0`: 1.0, `1.5`: 1.5, `1e3`: 1000.0,
		`9223372036854775807`: int64(math.MaxInt64), `9223372036854775808`: 9223372036854775808.0,
	} {
		got, err := params.Parse([]byte(text))
		if err != nil || got != want {
			t.Errorf("%s: got %v (%T), %v", text, got, got, err)
		}
	}
	for v, want := range map[params.Value]string{
		1.0: "1.0", 1.5: "1.5", 1e21: "1e+21", 1e-7: "1e-07", 100000000.0: "100000000.0", int64(3): "3",
	} {
		if got := params.JSON(v); got != want {
			t.Errorf("%v: got %s, want %s", v, got, want)
		}
	}
	if got := params.JSON(math.Inf(1)); got != "null" {
		t.Errorf("infinity is written as %s", got)
	}
}

func TestRepeatedKeyKeepsItsLastValue(t *testing.T) {
	t.Parallel()
	if got := params.JSON(object(t, `{"a":1,"b":2,"a":3}`)); got != `{"a":3,"b":2}` {
		t.Errorf("got %s", got)
	}
}

func TestBadJSONIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{``, `{`, `[1,`, `{"a"}`, `{"a":1}}`, `1 2`, `[1}`, `nul`, `1e999`, strings.Repeat("[", 10_000)} {
		if v, err := params.Parse([]byte(text)); err == nil {
			t.Errorf("%.20s: got %v", text, v)
		}
	}
	if _, err := params.ParseObject([]byte(`[1]`)); err == nil {
		t.Error("a list is taken for an object")
	}
	for _, text := range []string{``, ` `, `null`, `{}`} {
		if o, err := params.ParseObject([]byte(text)); err != nil || o.Len() != 0 {
			t.Errorf("%q: got %v, %v", text, o, err)
		}
	}
}

func TestJSONRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := anyObject().Draw(t, "document")
		text := params.JSON(o)
		if !json.Valid([]byte(text)) {
			t.Fatalf("not valid: %s", text)
		}
		back, err := params.ParseObject([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if again := params.JSON(back); again != text {
			t.Fatalf("got %s, want %s", again, text)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5,"x",null,true,{"b":{}}]}`, `"\ud83d\ude00\u0000"`, `[[[]]]`, `{"a":1,"a":2}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := params.Parse(data)
		if err != nil {
			return
		}
		text := params.JSON(v)
		again, err := params.Parse([]byte(text))
		if err != nil || !params.Equal(v, again) {
			t.Fatalf("%q became %q: %v", data, text, err)
		}
	})
}

func BenchmarkMergeOfAFewKeysOverMany(b *testing.B) {
	for _, n := range []int{10, 200, 10_000} {
		entries := make([]params.Entry, n)
		for i := range entries {
			entries[i] = params.Entry{Key: "key" + params.JSON(int64(i)), Value: "value"}
		}
		base := params.New(entries...)
		layer := params.Of("task_name", "+wf+task", "key3", "other")
		b.Run(params.JSON(int64(n))+" keys", func(b *testing.B) {
			for b.Loop() {
				if base.Merge(layer).Len() != n+1 {
					b.Fatal("wrong merge")
				}
			}
		})
	}
}
