package param_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/operator/param"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

func document(t testing.TB, text string) *params.Object {
	t.Helper()
	doc, problems := workflow.ParseYAML("test.dig", []byte(text))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return doc
}

// run invokes the operator of a task given as YAML text. inherited is params that
// were evaluated before.
func run(t testing.TB, text, inherited string) (operator.Result, *operatortest.Record, error) {
	t.Helper()
	own := document(t, text)
	first := own.Keys()[0]
	command, _ := own.Get(first)
	own = own.WithEntry(params.Entry{Key: "_command", Value: command, Pos: own.Pos(first)})
	entry, ok := param.Operators()[strings.TrimSuffix(first, ">")]
	if !ok {
		t.Fatalf("there is no operator %s", first)
	}
	req, record := operatortest.Request(t, own, operatortest.WithParams(document(t, inherited)))
	result, err := entry.Operator.Run(t.Context(), req)
	return result, record, err
}

// later is the params that a task sees after those before it had these results.
func later(t testing.TB, initial string, results ...operator.Result) string {
	t.Helper()

	doc := document(t, "{}")
	for i := range len(results) + 1 {
		doc = doc.With("+t"+strings.Repeat("x", i), params.Of("echo>", ""))
	}
	w, problems := workflow.Compile("w", "w.dig", doc)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	def := engine.Definition{Params: document(t, initial), Limits: engine.DefaultLimits()}
	state, changes, err := engine.New(w.Root, def, operatortest.Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		id := changes.Commands[0].(engine.Dispatch).Task
		result := engine.Result{Store: r.Store, Reset: r.Reset}
		if changes, err = state.Apply(engine.Succeeded{Task: id, Result: result}, operatortest.Now); err != nil {
			t.Fatal(err)
		}
	}
	return params.JSON(state.Params(changes.Commands[0].(engine.Dispatch).Task))
}

func TestLaterTasksSeeTheChange(t *testing.T) {
	t.Parallel()
	const tree = "{colour: blue, tree: {leaf: 1, twig: two}}"
	for _, tc := range []struct{ task, before, want string }{
		{"param_store>: {colour: blue}", "{}", `{"colour":"blue"}`},
		{"param_store>: {tree: {leaf: 3}}", tree, `{"colour":"blue","tree":{"leaf":3,"twig":"two"}}`},
		{"param_store>: '{\"tree\": {\"leaf\": 3}}'", tree, `{"colour":"blue","tree":{"leaf":3,"twig":"two"}}`},
		{"param_store>: {tree: {leaf: 3}}\nstore_mode: merge", tree, `{"colour":"blue","tree":{"leaf":3,"twig":"two"}}`},
		{"param_store>: {tree: {leaf: 3}}\nstore_mode: replace", tree, `{"colour":"blue","tree":{"leaf":3}}`},
		{"param_store>: {list: [3]}", "{list: [1, 2]}", `{"list":[3]}`},
		{"param_store>: {colour: }", tree, `{"colour":null,"tree":{"leaf":1,"twig":"two"}}`},
		{"param_store>: {n: 1, b: true, t: '1'}", "{}", `{"n":1,"b":true,"t":"1"}`},
		{"param_store>: {}", tree, `{"colour":"blue","tree":{"leaf":1,"twig":"two"}}`},
		{"param_reset>: tree.leaf", tree, `{"colour":"blue","tree":{"twig":"two"}}`},
		{"param_reset>: colour", tree, `{"tree":{"leaf":1,"twig":"two"}}`},
		{"param_reset>: [colour, tree.twig]", tree, `{"tree":{"leaf":1}}`},
		{"param_reset>: tree.leaf", "{tree: {leaf: 1}}", `{"tree":{}}`},
		{"param_reset>: not.there", tree, `{"colour":"blue","tree":{"leaf":1,"twig":"two"}}`},
		{"param_reset>: colour.deeper", tree, `{"colour":"blue","tree":{"leaf":1,"twig":"two"}}`},
		{"param_reset>: 7", "{7: x, y: z}", `{"y":"z"}`},
		{"param_eval>: box.value", "{a: AAA, b: BBB, box: {value: '${a}-${b}', other: '${a}'}}", `{"a":"AAA","b":"BBB","box":{"other":"${a}","value":"AAA-BBB"}}`},
		{"param_eval>: box", "{a: A, box: {list: ['${a}', {x: '${a}'}], n: 1, keep: }}", `{"a":"A","box":{"list":["A",{"x":"A"}],"n":1,"keep":null}}`},
		{"param_eval>: [f.g, f.h]", "{a: A, f: {g: '${a}', h: '${a}!', i: '${a}'}}", `{"a":"A","f":{"i":"${a}","g":"A","h":"A!"}}`},
		{"param_eval>: [f, f.g]", "{a: A, f: {g: '${a}', h: '${a}'}}", `{"a":"A","f":{"g":"A","h":"A"}}`},
		{"param_eval>: t", "{t: plain}", `{"t":"plain"}`},
		{"param_eval>: t", "{a: '${b}', b: B, t: '${a}'}", `{"a":"${b}","b":"B","t":"${b}"}`},
	} {
		t.Run(tc.task+" "+tc.before, func(t *testing.T) {
			t.Parallel()
			result, _, err := run(t, tc.task, tc.before)
			if err != nil {
				t.Fatal(err)
			}
			if got := later(t, tc.before, result); got != tc.want {
				t.Errorf("params:\n got %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestUnrelatedTemplatesAndQuotesDoNotDisturbEval(t *testing.T) {
	t.Parallel()
	const before = `{quotes: "a\"b\\c\nd", broken: "${nobody.knows}", box: {value: "${quotes}"}}`
	result, _, err := run(t, "param_eval>: box.value", before)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"quotes":"a\"b\\c\nd","broken":"${nobody.knows}","box":{"value":"a\"b\\c\nd"}}`
	if got := later(t, before, result); got != want {
		t.Errorf("params:\n got %s\nwant %s", got, want)
	}
}

func TestWhatIsMissingOrOfTheWrongKindFails(t *testing.T) {
	t.Parallel()
	const invalid = "expected letters, digits and '_', with a dot between two keys (config)"
	for task, want := range map[string]string{
		"param_store>:":                               "test.dig:1:1: Parameter '_command' is required but not set (config)",
		"param_store>: just text":                     `test.dig:1:1: Expected object type for key '_command' but got "just text" (string) (config)`,
		"param_store>: [a]":                           `test.dig:1:1: Expected object type for key '_command' but got ["a"] (list) (config)`,
		"param_store>: {}\nstore_mode: x":             `test.dig:2:1: Expected merge or replace for key 'store_mode' but got "x" (config)`,
		"param_store>: {a.b: 1}\nstore_mode: replace": "test.dig:2:1: store_mode: replace cannot replace 'a.b', because its name has a dot (config)",
		"param_reset>:":                               "test.dig:1:1: Parameter '_command' is required but not set (config)",
		"param_reset>: has-dash":                      `test.dig:1:1: Invalid path "has-dash": ` + invalid,
		"param_reset>: a..b":                          `test.dig:1:1: Invalid path "a..b": ` + invalid,
		"param_reset>: ''":                            `test.dig:1:1: Invalid path "": ` + invalid,
		"param_reset>: a.":                            `test.dig:1:1: Invalid path "a.": ` + invalid,
		"param_reset>: a b":                           `test.dig:1:1: Invalid path "a b": ` + invalid,
		"param_reset>: [a, {b: c}]":                   `test.dig:1:1: Expected list of strings type for key '_command' but got ["a",{"b":"c"}] (list) (config)`,
		"param_eval>:":                                "test.dig:1:1: Parameter '_command' is required but not set (config)",
		"param_eval>: ä":                              `test.dig:1:1: Invalid path "ä": ` + invalid,
		"param_eval>: no.such.key":                    "test.dig:1:1: Parameter 'no.such.key' is required but not set (config)",
		"param_eval>: nothing":                        "test.dig:1:1: Parameter 'nothing' is required but not set (config)",
		"param_eval>: box":                            `Failed to evaluate a variable ${gone} (ReferenceError: "gone" is not defined) in box.list[1].x (config)`,
	} {
		t.Run(task, func(t *testing.T) {
			t.Parallel()
			_, _, err := run(t, task, "{nothing: , box: {list: [a, {x: '${gone}'}]}}")
			f, ok := errors.AsType[*operator.Failure](err)
			if !ok {
				t.Fatalf("error = %v, want a failure", err)
			}
			if got := strings.TrimPrefix(f.Pos.String()+": "+f.Error(), ": "); got != want {
				t.Errorf("failure:\n got %s\nwant %s", got, want)
			}
		})
	}
}

func TestResettingWhatDoesNotExistIsWarnedAbout(t *testing.T) {
	t.Parallel()
	_, record, err := run(t, "param_reset>: [a.b, a.c]", "{a: {b: 1}}")
	if err != nil {
		t.Fatal(err)
	}
	if want := "level=WARN msg=\"there is no such param to reset\" path=a.c\n"; record.Log() != want {
		t.Errorf("log = %s", record.Log())
	}
}

func TestEvalHandsTemplatesToTheEngineAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	const text = `${word + "!"} $${a}`
	own := params.Of("_command", "box.value")
	req, _ := operatortest.Request(t, own, operatortest.WithParams(params.Of("box", params.Of("value", text))))
	req.Render = func(_ context.Context, name, template string) (string, error) {
		return name + " of " + template, nil
	}
	result, err := param.Operators()["param_eval"].Operator.Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := result.Store.Lookup("box", "value"); got != "box.value of "+text {
		t.Errorf("value = %v", got)
	}
}

func FuzzPath(f *testing.F) {
	for _, path := range []string{"a", "a.b", "a..b", ".a", "a.", "", "ä", "a-b", "[\"a\", \"b.c\"]", "_9.X"} {
		f.Add(path)
	}
	valid := regexp.MustCompile(`^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$`)
	f.Fuzz(func(t *testing.T, path string) {
		req, _ := operatortest.Request(t, params.Of("_command", path))
		result, err := param.Operators()["param_reset"].Operator.Run(t.Context(), req)
		for _, reset := range result.Reset {
			if !valid.MatchString(reset) {
				t.Errorf("%q resets %q", path, reset)
			}
		}
		if valid.MatchString(path) && (err != nil || len(result.Reset) != 1 || result.Reset[0] != path) {
			t.Errorf("%q resets %q, %v", path, result.Reset, err)
		}
	})
}
