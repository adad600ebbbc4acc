package shell_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/heitan/heitan/internal/testenv"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

// value is any JSON value of limited depth.
func value(depth int) *rapid.Generator[params.Value] {
	scalar := rapid.OneOf(
		rapid.Just[params.Value](nil),
		rapid.Map(rapid.Bool(), func(v bool) params.Value { return v }),
		rapid.Map(rapid.Int64(), func(v int64) params.Value { return v }),
		rapid.Map(rapid.Float64(), func(v float64) params.Value { return v }),
		rapid.Map(rapid.String(), func(v string) params.Value { return v }),
	)
	if depth == 0 {
		return scalar
	}
	list := rapid.Map(rapid.SliceOfN(value(depth-1), 0, 4), func(v []params.Value) params.Value { return params.List(v) })
	object := rapid.Map(rapid.MapOfN(rapid.String(), value(depth-1), 0, 4), func(v map[string]params.Value) params.Value {
		o := params.Empty()
		for key, e := range v {
			o = o.With(key, e)
		}
		return o
	})
	return rapid.OneOf(scalar, list, object)
}

// many are a few hundred values, so that one run of a script tests them all.
func many(t testing.TB) params.List {
	values := value(3)
	list := make(params.List, 300)
	for i := range list {
		list[i] = values.Example(i)
	}
	return list
}

func TestParamsComeBackFromScriptsAsTheyWere(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name      string
		component testenv.Component
		program   string
		own       *params.Object
		files     map[string]string
	}{
		{
			"py", testenv.Python, "python", params.Of("_command", "m.back"),
			map[string]string{"m.py": "import digdag\ndef back(values):\n    digdag.env.store(values=values)\n"},
		},
		{
			"rb", testenv.Ruby, "ruby", params.Of("_command", "back", "require", "m"),
			map[string]string{"m.rb": "def back(values)\n  Digdag.env.store(values: values)\nend\n"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			values := many(t)
			d := run(t, c.name, c.own.With(c.program, testenv.Need(t, c.component)), operatortest.WithFiles(c.files),
				operatortest.WithParams(params.Of("values", values))).succeed(t)
			back, _ := d.result.Store.Get("values")
			list, _ := back.(params.List)
			if len(list) != len(values) {
				t.Fatalf("%d values came back", len(list))
			}
			for i := range values {
				if !params.Equal(list[i], values[i]) {
					t.Errorf("%s came back as %s", params.JSON(values[i]), params.JSON(list[i]))
				}
			}
		})
	}
}
