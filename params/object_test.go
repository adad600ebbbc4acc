package params_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/heitan/heitan/params"
)

func TestLaterEntryReplacesTheValueAndKeepsThePlace(t *testing.T) {
	t.Parallel()
	o := params.New(
		params.Entry{Key: "a", Value: int64(1)},
		params.Entry{Key: "b", Value: int64(2)},
		params.Entry{Key: "a", Value: int64(3)},
	)
	if got := params.JSON(o); got != `{"a":3,"b":2}` {
		t.Errorf("got %s", got)
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, below, above, want string }{
		{"new keys follow", `{"a":1}`, `{"b":2}`, `{"a":1,"b":2}`},
		{"a scalar replaces and keeps the place", `{"a":1,"b":2}`, `{"a":9}`, `{"a":9,"b":2}`},
		{"maps merge deeply", `{"m":{"x":1,"y":{"z":1}}}`, `{"m":{"y":{"w":2}}}`, `{"m":{"x":1,"y":{"z":1,"w":2}}}`},
		{"a list replaces", `{"l":[1,2]}`, `{"l":[3]}`, `{"l":[3]}`},
		{"null replaces", `{"a":1}`, `{"a":null}`, `{"a":null}`},
		{"a map replaces a scalar", `{"a":1}`, `{"a":{"b":1}}`, `{"a":{"b":1}}`},
		{"a scalar replaces a map", `{"a":{"b":1}}`, `{"a":1}`, `{"a":1}`},
		{"nothing over something", `{"a":1}`, `{}`, `{"a":1}`},
		{"something over nothing", `{}`, `{"a":1}`, `{"a":1}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := params.JSON(object(t, c.below).Merge(object(t, c.above))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestPaths(t *testing.T) {
	t.Parallel()
	o := object(t, `{"a":{"b":{"c":1}},"x":5}`)
	if v, ok := o.Lookup("a", "b", "c"); !ok || v != int64(1) {
		t.Errorf("lookup gave %v, %t", v, ok)
	}
	if _, ok := o.Lookup("x", "y"); ok {
		t.Error("a path through a number leads somewhere")
	}
	set, err := o.WithPath([]string{"a", "n", "m"}, "v")
	if err != nil || params.JSON(set) != `{"a":{"b":{"c":1},"n":{"m":"v"}},"x":5}` {
		t.Errorf("got %s, %v", params.JSON(set), err)
	}
	if _, err := o.WithPath([]string{"x", "y"}, "v"); err == nil {
		t.Error("a path through a number can be set")
	}
	for path, want := range map[string]string{
		"c": `{"a":{"b":{}},"x":5}`, "missing": `{"a":{"b":{"c":1}},"x":5}`,
	} {
		if got := params.JSON(o.WithoutPath("a", "b", path)); got != want {
			t.Errorf("without a.b.%s: got %s, want %s", path, got, want)
		}
	}
	if got := params.JSON(o.WithoutPath("x", "y")); got != params.JSON(o) {
		t.Errorf("removing through a number changed %s", got)
	}
}

func TestNilObjectIsEmpty(t *testing.T) {
	t.Parallel()
	var o *params.Object
	if o.Len() != 0 || o.Has("a") || o.HasTemplate() || len(o.Keys()) != 0 {
		t.Error("a nil object is not empty")
	}
	if got := params.JSON(o.Merge(params.Of("a", int64(1))).Without("a")); got != `{}` {
		t.Errorf("got %s", got)
	}
}

func TestTemplatesAreFoundAtAnyDepthAndThroughLayers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`{"a":"x"}`: false, `{"a":"${x}"}`: true, `{"a":[1,{"b":["$$"]}]}`: true, `{"a":{"b":{"c":"1$"}}}`: true,
	} {
		o := object(t, text)
		if o.HasTemplate() != want {
			t.Errorf("%s: %t", text, !want)
		}
		if over := params.Of("z", "plain").Merge(o).Merge(params.Of("y", "plain")); over.HasTemplate() != want {
			t.Errorf("%s under layers: %t", text, !want)
		}
	}
}

// model is an ordered map as one would write it without layers.
type model struct {
	keys   []string
	values map[string]params.Value
}

func (m *model) set(key string, v params.Value) {
	if _, ok := m.values[key]; !ok {
		m.keys = append(m.keys, key)
	}
	m.values[key] = v
}

func TestLayersBehaveLikeAFlatMap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o, m := params.Empty(), &model{values: make(map[string]params.Value)}
		keys := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"})
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			switch key := keys.Draw(t, "key"); rapid.IntRange(0, 3).Draw(t, "step") {
			case 0, 1:
				v := rapid.Int64().Draw(t, "value")
				o = o.With(key, v)
				m.set(key, v)
			case 2:
				layer := params.Of(key, "x", "m", params.Of("n", int64(1)))
				o = o.Merge(layer)
				m.set(key, "x")
				m.set("m", params.Of("n", int64(1)))
			case 3:
				o = o.Without(key)
				if _, ok := m.values[key]; ok {
					delete(m.values, key)
					kept := m.keys[:0:0]
					for _, k := range m.keys {
						if k != key {
							kept = append(kept, k)
						}
					}
					m.keys = kept
				}
			}
			if diff := cmp.Diff(append([]string{}, m.keys...), append([]string{}, o.Keys()...)); diff != "" || o.Len() != len(m.keys) {
				t.Fatalf("keys (-want +got), length %d:\n%s", o.Len(), diff)
			}
			for key, want := range m.values {
				if got, ok := o.Get(key); !ok || !params.Equal(got, want) {
					t.Fatalf("%s: got %v, want %v", key, got, want)
				}
			}
		}
	})
}

func TestMergeNeverChangesItsOperands(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyObject().Draw(t, "a"), anyObject().Draw(t, "b")
		before, above := params.JSON(a), params.JSON(b)
		merged := a.Merge(b)
		_ = merged.Keys()
		if params.JSON(a) != before || params.JSON(b) != above {
			t.Fatal("merging changed an operand")
		}
		for key, v := range b.All() {
			got, _ := merged.Get(key)
			if _, isObject := v.(*params.Object); !isObject && !params.Equal(got, v) {
				t.Fatalf("%s: got %v, want %v", key, got, v)
			}
		}
	})
}

func object(t testing.TB, text string) *params.Object {
	t.Helper()
	o, err := params.ParseObject([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// anyValue draws JSON values.
func anyValue(depth int) *rapid.Generator[params.Value] {
	scalars := rapid.OneOf(
		rapid.Just[params.Value](nil),
		rapid.Map(rapid.Bool(), func(b bool) params.Value { return b }),
		rapid.Map(rapid.Int64(), func(i int64) params.Value { return i }),
		rapid.Map(rapid.Float64(), func(f float64) params.Value { return f }),
		rapid.Map(rapid.String(), func(s string) params.Value { return s }),
	)
	if depth == 0 {
		return scalars
	}
	return rapid.OneOf(scalars,
		rapid.Map(rapid.SliceOfN(anyValue(depth-1), 0, 4), func(l []params.Value) params.Value { return params.List(l) }),
		rapid.Map(objectOf(depth-1), func(o *params.Object) params.Value { return o }),
	)
}

func objectOf(depth int) *rapid.Generator[*params.Object] {
	entry := rapid.Custom(func(t *rapid.T) params.Entry {
		return params.Entry{Key: rapid.StringN(0, 4, -1).Draw(t, "key"), Value: anyValue(depth).Draw(t, "value")}
	})
	return rapid.Map(rapid.SliceOfN(entry, 0, 12), func(e []params.Entry) *params.Object { return params.New(e...) })
}

func anyObject() *rapid.Generator[*params.Object] { return objectOf(2) }

func TestVerbatimObjectsHaveNoTemplates(t *testing.T) {
	t.Parallel()
	plain := object(t, `{"message":"${x}","l":["$"]}`)
	verbatim := plain.Verbatim()
	if !plain.HasTemplate() || verbatim.HasTemplate() {
		t.Error("only the verbatim object may have no template")
	}
	if !params.Equal(plain, verbatim) {
		t.Errorf("got %s", params.JSON(verbatim))
	}
	inner := object(t, `{"message":"${y}"}`).Verbatim()
	for name, c := range map[string]struct {
		o    *params.Object
		want bool
	}{
		"under a key":          {params.Of("error", verbatim), false},
		"over one of its kind": {params.Of("error", verbatim).Merge(params.Of("error", inner)), false},
		"over a template":      {params.Of("error", plain).Merge(params.Of("error", inner)), true},
		"under a template":     {params.Of("error", verbatim).Merge(params.Of("error", object(t, `{"a":"${z}"}`))), true},
		"with a new key":       {verbatim.With("a", "$"), true},
	} {
		if got := c.o.HasTemplate(); got != c.want {
			t.Errorf("%s: has a template: %t", name, got)
		}
	}
}
