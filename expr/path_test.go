package expr_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/heitan/heitan/expr"
	"github.com/heitan/heitan/params"
)

// Plain paths are looked up in the document, all else is run as JavaScript. In
// brackets a path is not plain any more, and must mean the same.
func TestPropertyPathsMeanWhatTheyMeanInJavaScript(t *testing.T) {
	t.Parallel()
	e := expr.New(expr.Options{})
	rapid.Check(t, func(t *rapid.T) {
		doc := params.New(
			params.Entry{Key: "a", Value: genValue(3).Draw(t, "a")},
			params.Entry{Key: "b-c", Value: genValue(2).Draw(t, "b-c")},
			params.Entry{Key: "length", Value: genValue(1).Draw(t, "length")},
		)
		path, asScript := genPath(t)
		plain, plainErr := e.Text(t.Context(), "${"+path+"}", doc)
		script, scriptErr := e.Text(t.Context(), "${"+asScript+"}", doc)
		if plain != script || reason(plainErr) != reason(scriptErr) {
			t.Fatalf("in %s\n${%s} is %q, %v\n${%s} is %q, %v", params.JSON(doc), path, plain, plainErr, asScript, script, scriptErr)
		}
	})
}

// reason is an error's text without the expression, and without which of null and
// undefined it was: the engine cannot tell.
func reason(err error) string {
	if err == nil {
		return ""
	}
	text := err.Error()
	return strings.ReplaceAll(text[strings.LastIndex(text, "} (")+1:], "from null", "from undefined")
}

// genPath is a path, and the same with its beginning in brackets.
func genPath(t *rapid.T) (path, asScript string) {
	start := rapid.SampledFrom([]string{"a", "this.a", `this["b-c"]`, "length", "this['length']", "none", "this.none"}).Draw(t, "start")
	var rest strings.Builder
	for range rapid.IntRange(0, 4).Draw(t, "steps") {
		switch name := genKey.Draw(t, "name"); rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			rest.WriteString("[" + strconv.Itoa(rapid.IntRange(0, 3).Draw(t, "index")) + "]")
		case 1:
			rest.WriteString("[" + strconv.Quote(name) + "]")
		default:
			rest.WriteString("." + strings.ReplaceAll(name, "-", "_"))
		}
	}
	return start + rest.String(), "(" + start + ")" + rest.String()
}

var genKey = rapid.SampledFrom([]string{"a", "b", "x-y", "length", "toString", "constructor", "__proto__", "0", "valueOf"})

func genValue(depth int) *rapid.Generator[params.Value] {
	scalars := rapid.SampledFrom([]params.Value{
		nil, true, false, "", "text", "日本🚀", "quote\"\\\n\u2028\u007f", int64(0), int64(-7), int64(1) << 53, int64(1)<<62 + 1,
		1.5, 1e21, 1e-7, math.Copysign(0, -1), 123456789.125, 5e-324, 1.7976931348623157e308,
	})
	if depth == 0 {
		return scalars
	}
	return rapid.OneOf(
		scalars,
		rapid.Map(rapid.SliceOfN(genValue(depth-1), 0, 3), func(v []params.Value) params.Value { return params.List(v) }),
		rapid.Map(rapid.MapOfN(genKey, genValue(depth-1), 0, 4), func(m map[string]params.Value) params.Value {
			var entries []params.Entry
			for _, key := range []string{"b", "2", "length", "a", "0", "x-y", "toString", "constructor", "__proto__", "valueOf"} {
				if v, ok := m[key]; ok {
					entries = append(entries, params.Entry{Key: key, Value: v})
				}
			}
			return params.New(entries...)
		}),
	)
}
