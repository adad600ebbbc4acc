package workflow_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

func TestPlainScalarsFollowDigdagsTypes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]params.Value{
		"true": true, "True": true, "false": false, "False": false,
		"TRUE": "TRUE", "yes": "yes", "no": "no", "on": "on", "off": "off", "y": "y",
		"10": int64(10), "1_000": int64(1000), "0b11": int64(3), "0x1F": int64(31), "-5": int64(-5), "+5": int64(5), "0": int64(0),
		"010": int64(8), "08": "08", "09": "09", "-010": int64(-8),
		"10:00:00": "10:00:00", "1:30": "1:30",
		".5": 0.5, "1.5": 1.5, "1e3": 1000.0, "1.": 1.0, "-1.5": -1.5, "1_0.5": 10.5,
		"0.5": "0.5", "-0.5": "-0.5", "0e1": "0e1",
		"1:30.5": 90.5,
		".inf":   "Infinity", "-.inf": "-Infinity", ".nan": "NaN",
		"2016-01-02": "2016-01-02", "2016-01-02 03:04:05": "2016-01-02 03:04:05",
		"~": nil, "null": nil, "Null": nil, "NULL": nil, "": nil,
		"12345678901234567890123": "12345678901234567890123", // no digit is lost
		"-":                       "-", "+": "+", ".": ".", "1-2": "1-2", "1.2.3": "1.2.3",
		`"10"`: "10", `'true'`: "true", `"~"`: "~", "!!str 10": "10", "!!int '7'": int64(7), "!!null x": nil,
	} {
		doc, problems := workflow.ParseYAML("x.dig", []byte("k: "+text+"\n"))
		if text == "-" {
			continue // a list in YAML
		}
		if err := problems.Err(); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, _ := doc.Get("k"); !params.Equal(got, want) {
			t.Errorf("%s: got %s (%s), want %s (%s)", text, params.JSON(got), params.Kind(got), params.JSON(want), params.Kind(want))
		}
	}
}

func TestMappings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, yaml, want string }{
		{"keys keep their order", "b: 1\na: 2\n", `{"b":1,"a":2}`},
		{"keys become text", "1: a\ntrue: b\n~: c\n1.5: d\n", `{"1":"a","true":"b","null":"c","1.5":"d"}`},
		{"a merge adds what is missing", "x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\n", `{"x":{"a":1,"b":2},"y":{"a":1,"b":3}}`},
		{"own keys win also when written before a merge", "x: &x {a: 1}\ny:\n  a: 2\n  <<: *x\n", `{"x":{"a":1},"y":{"a":2}}`},
		{"of several merges the first wins", "x: &x {a: 1}\nz: &z {a: 2, b: 2}\ny:\n  <<: [*x, *z]\n", `{"x":{"a":1},"z":{"a":2,"b":2},"y":{"a":1,"b":2}}`},
		{"aliases repeat values", "a: &a [1, {b: 2}]\nc: *a\nd: &d text\ne: *d\n", `{"a":[1,{"b":2}],"c":[1,{"b":2}],"d":"text","e":"text"}`},
		{"an anchor on an alias's target in a merge", "a: &a {b: &b {c: 1}}\nd: {<<: *b}\n", `{"a":{"b":{"c":1}},"d":{"c":1}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc, problems := workflow.ParseYAML("x.dig", []byte(c.yaml))
			if err := problems.Err(); err != nil {
				t.Fatal(err)
			}
			if got := params.JSON(doc); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestProblemsOfYAMLHaveTheirPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, yaml, want string }{
		{"empty file", "", "x.dig:1:1: not-a-mapping: Expected object to load Config but got null"},
		{"only a comment", "# nothing\n", "x.dig:1:1: not-a-mapping: Expected object to load Config but got null"},
		{"list", "- a\n- b\n", `x.dig:1:1: not-a-mapping: Expected object to load Config but got ["a","b"]`},
		{"text", "hello\n", `x.dig:1:1: not-a-mapping: Expected object to load Config but got "hello"`},
		{"two documents", "a: 1\n---\nb: 2\n", "x.dig:2:1: bad-yaml: expected a single document"},
		{"two documents with starts", "%YAML 1.1\n---\na: 1\n\n--- # two\nb: 2\n", "x.dig:5:1: bad-yaml: expected a single document"},
		{"a document behind the end of one", "a: 1\n...\n# c\nb: 2\n", "x.dig:4:1: bad-yaml: expected a single document"},
		{"duplicate key", "a: 1\nb: 2\na: 3\n", "x.dig:3:1: duplicate-key: Duplicated keys: [a]"},
		{"two merges", "x: &x {a: 1}\ny:\n  <<: *x\n  <<: *x\n", "x.dig:4:3: duplicate-key: Duplicated keys: [<<]"},
		{"tab", "a:\n\tb: 1\n", "x.dig:2:1: bad-yaml: a tab is used for indentation"},
		{"unknown tag", "a: !foo bar\n", "x.dig:1:4: unknown-tag: could not determine a constructor for the tag !foo"},
		{"unknown tag of a list", "a: !foo [1]\n", "x.dig:1:4: unknown-tag"},
		{"unknown alias", "a: *x\n", "x.dig:1:4: bad-yaml: unknown anchor 'x' referenced"},
		{"alias in its own anchor", "a: &a {b: *a}\n", "x.dig:1:11: alias-loop"},
		{"merge of text", "a:\n  <<: text\n", "x.dig:2:7: bad-merge"},
		{"list as key", "? [a]\n: b\n", "x.dig:1:3: bad-key"},
		{"colon in text", "a: b: c\n", "x.dig:1:5: bad-yaml"},
		{"unclosed quote", "a: \"b\nc: d\n", "x.dig:1:4: bad-yaml: the quote that begins here is not closed"},
		{"not UTF-8", "a: 1\nb: \xff\n", "x.dig:2:1: not-utf8"},
		{"include tag on a value", "a: !include b.dig\n", "x.dig:1:4: include-on-value"},
		{"include outside of a project", "!include : b.dig\n", "x.dig:1:12: include-not-allowed"},
		{"deeply nested", strings.Repeat("{a: ", 1000), "nested more than 200 levels deep"},
		{"at sign", "a: @b\n", "bad-yaml: a value cannot start with `@` (put the value in quotes)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, problems := workflow.ParseYAML("x.dig", []byte(c.yaml))
			if len(problems) == 0 || !strings.Contains(problems.Error(), c.want) {
				t.Errorf("got %v, want %s", problems, c.want)
			}
		})
	}
}

func TestAliasesThatWouldFillTheMemoryAreRefused(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := range 12 {
		n, before := string(rune('a'+i+1)), string(rune('a'+i))
		if i == 0 {
			before = "a0"
		}
		b.WriteString(n + ": &" + n + " [" + strings.TrimSuffix(strings.Repeat("*"+before+", ", 10), ", ") + "]\n")
	}
	_, problems := workflow.ParseYAML("x.dig", []byte(b.String()))
	if !problems.HasErrors() || !strings.Contains(problems.Error(), "more than 2000000 values") {
		t.Errorf("got %v", problems)
	}
}

func TestInclude(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"repeated.dig":  "!include : a.dig\n!include : b.dig\n",
		"a.dig":         "x: {p: 1}\ny: a\n",
		"b.dig":         "x: {q: 2}\ny: b\n",
		"before.dig":    "_export: {k: 1}\n!include : export.dig\n",
		"after.dig":     "!include : export.dig\n_export: {k: 1}\n",
		"export.dig":    "_export: {included: 2}\n",
		"nested.dig":    "+t:\n  !include : sub/c.dig\n  own: 1\n",
		"sub/c.dig":     "!include : d.dig\n",
		"sub/d.dig":     "deep: true\n",
		"loop.dig":      "!include : loop2.dig\n",
		"loop2.dig":     "!include : loop.dig\n",
		"up.dig":        "!include : ../x.dig\n",
		"missing.dig":   "!include : sub/e.dig\n",
		"list.dig":      "!include : l.dig\n",
		"l.dig":         "- 1\n",
		"map.dig":       "!include : {a: 1}\n",
		"inherited.dig": "!include : bad.dig\n",
		"bad.dig":       "a: 1\na: 2\n",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, want := range map[string]string{
		"repeated.dig": `{"x":{"p":1,"q":2},"y":"b"}`,
		"before.dig":   `{"_export":{"k":1,"included":2}}`,
		"after.dig":    `{"_export":{"k":1}}`,
		"nested.dig":   `{"+t":{"deep":true,"own":1}}`,
	} {
		doc, problems := workflow.NewLoader(files).Load(name)
		if got := params.JSON(doc); problems.HasErrors() || got != want {
			t.Errorf("%s: got %s, want %s: %v", name, got, want, problems)
		}
	}
	for name, want := range map[string]string{
		"loop.dig":      "loop2.dig:1:12: include-loop: files include each other: loop.dig -> loop2.dig -> loop.dig",
		"up.dig":        "up.dig:1:12: bad-include: File name must not include ..: ../x.dig",
		"missing.dig":   "missing.dig:1:12: file-not-found: File not found: sub/e.dig",
		"list.dig":      "l.dig:1:1: not-a-mapping",
		"map.dig":       "map.dig:1:1: bad-include",
		"inherited.dig": "bad.dig:2:1: duplicate-key",
	} {
		_, problems := workflow.NewLoader(files).Load(name)
		if !strings.HasPrefix(problems.Error(), want) {
			t.Errorf("%s: got %v, want %s", name, problems, want)
		}
	}
}

func TestEntriesKnowWhereTheyWereWritten(t *testing.T) {
	t.Parallel()
	doc, _ := workflow.ParseYAML("x.dig", []byte("+a:\n  sh>: echo\n  日本: x\n  m: {k: 1}\n"))
	a, _ := doc.Object("+a")
	m, _ := a.Object("m")
	got := []string{doc.Pos("+a").String(), a.Pos("sh>").String(), a.Pos("日本").String(), m.Pos("k").String()}
	if diff := cmp.Diff([]string{"x.dig:1:1", "x.dig:2:3", "x.dig:3:3", "x.dig:4:7"}, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzParseYAML(f *testing.F) {
	for _, seed := range []string{
		"+a:\n  sh>: echo\n", "a: &a {b: *a}\n", "<<: [*x]\n", "!include : x\n", "? [a]\n: b\n", "a: 1:30.5\n", "- -\n", "a: !!int x\n",
		"%YAML 1.1\n---\na: 1\n", "\"a\\x00\": b\n", "a: |+\n  x\n\n", "{a: 1, a: 2}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, problems := workflow.ParseYAML("x.dig", text)
		if doc == nil && !problems.HasErrors() {
			t.Fatal("neither a document nor a problem")
		}
		if problems.HasErrors() {
			return
		}
		w, problems := workflow.Compile("x", "x.dig", doc)
		checkPlaces(t, problems)
		checkPlaces(t, workflow.Linter{Templates: func(string) []workflow.TemplateProblem { return nil }}.Lint(w))
	})
}

func checkPlaces(t *testing.T, problems diag.List) {
	t.Helper()
	for _, d := range problems {
		if d.Code == "" || d.Message == "" || strings.Contains(d.Message, "\n") && d.Code != "bad-yaml" {
			t.Fatalf("bad diagnostic %+v", d)
		}
	}
}
