package control_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/heitan/heitan/operator/control"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

func TestForEachRunsItsBodyForEveryCombinationFirstKeyOutermost(t *testing.T) {
	t.Parallel()
	fruits := []string{
		`+for-0=fruit=0=apple&1=verb=0=eat {"fruit":"apple","verb":"eat"}`,
		`+for-0=fruit=0=apple&1=verb=1=throw {"fruit":"apple","verb":"throw"}`,
		`+for-0=fruit=1=orange&1=verb=0=eat {"fruit":"orange","verb":"eat"}`,
		`+for-0=fruit=1=orange&1=verb=1=throw {"fruit":"orange","verb":"throw"}`,
	}
	for text, want := range map[string][]string{
		"for_each>: {fruit: [apple, orange], verb: [eat, throw]}":              fruits,
		`for_each>: {fruit: '["apple", "orange"]', verb: [eat, throw]}`:        fruits,
		`for_each>: '{"fruit": ["apple", "orange"], "verb": ["eat","throw"]}'`: fruits,
		`for_each>: {x: '[1, 2.50, true, null, {"a": [1]}, [2, 3]]'}`: {
			`+for-0=x=0=1 {"x":1}`,
			`+for-0=x=1=2.5 {"x":2.5}`,
			`+for-0=x=2=true {"x":true}`,
			`+for-0=x=3=null {"x":null}`,
			`+for-0=x=4=%7B%22a%22%3A%5B1%5D {"x":{"a":[1]}}`,
			`+for-0=x=5=%5B2%2C3%5D {"x":[2,3]}`,
		},
		"for_each>: {x: [a, a]}": {`+for-0=x=0=a {"x":"a"}`, `+for-0=x=1=a {"x":"a"}`},
		"for_each>: {x: [1], y: [2, 3], z: [4]}": {
			`+for-0=x=0=1&1=y=0=2&2=z=0=4 {"x":1,"y":2,"z":4}`,
			`+for-0=x=0=1&1=y=1=3&2=z=0=4 {"x":1,"y":3,"z":4}`,
		},
		"for_each>: {}":                   nil,
		"for_each>: {x: []}":              nil,
		"for_each>: {x: [1, 2], y: []}":   nil,
		"for_each>: {x: [], y: [1, 2]}":   nil,
		"for_each>: {x: '[]', y: [1, 2]}": nil,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, described(subtasks(t, text+"\n_do: {echo>: x}"))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestForEachReplacesWhatTheBodyExportsAndKeepsTheRest(t *testing.T) {
	t.Parallel()
	got := described(subtasks(t, "for_each>: {x: [{a: 1}]}\n_do: {_export: {x: {b: 2}, y: 3}, echo>: x}"))
	if diff := cmp.Diff([]string{`+for-0=x=0=%7B%22a%22%3A1%7D {"x":{"a":1},"y":3}`}, got); diff != "" {
		t.Error(diff)
	}
}

func TestForEachNamesShowEightCharactersOfKeysAndValuesEncoded(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{a_long_name: [12345678, 123456789]}": "+for-0=a_long_n=0=12345678 +for-0=a_long_n=1=12345678",
		"{x: ['a b+c', 'ä-ö_ü.']}":             "+for-0=x=0=a%20b%2Bc +for-0=x=1=%C3%A4-%C3%B6_%C3%BC.",
		"{x: ['*~!/:', '&=,[]']}":              "+for-0=x=0=%2A%7E%21%2F%3A +for-0=x=1=%26%3D%2C%5B%5D",
		"{x: [日本語日本語日本語]}":                     "+for-0=x=0=%E6%97%A5%E6%9C%AC%E8%AA%9E%E6%97%A5%E6%9C%AC%E8%AA%9E%E6%97%A5%E6%9C%AC",
		"{x: ['1234567😀', '123456😀8']}":        "+for-0=x=0=1234567%3F +for-0=x=1=123456%F0%9F%98%80",
		"{x: ['', '\\']}":                      "+for-0=x=0= +for-0=x=1=%5C",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			var names []string
			for _, c := range subtasks(t, "for_each>: "+text+"\n_do: {echo>: x}").Children {
				names = append(names, c.Name)
			}
			if got := strings.Join(names, " "); got != want {
				t.Errorf("names:\n got %s\nwant %s", got, want)
			}
		})
	}
}

func TestForEachShowsLessInNamesThatWouldBeTooLong(t *testing.T) {
	t.Parallel()
	const kanji = "日本語の変数名です"
	node := subtasks(t, fmt.Sprintf("for_each>: {%s1: [%s, a], %s2: [%s, b]}\n_do: {echo>: x}", kanji, kanji, "2"+kanji, kanji))
	const tag = "%E6%97%A5%E6%9C%AC%E8%AA%9E%E3%81%AE%E5%A4%89%E6%95%B0"
	want := "+for-0=" + tag + "=0=" + tag + "&1=2" + tag[:len(tag)-9] + "=0=" + tag
	if got := node.Children[0].Name; got != want {
		t.Errorf("name:\n got %s\nwant %s", got, want)
	}
	many := make([]string, 25)
	for i := range many {
		many[i] = fmt.Sprintf("name%d: [value]", i)
	}
	node = subtasks(t, "for_each>: {"+strings.Join(many, ", ")+"}\n_do: {echo>: x}")
	if got := node.Children[0].Name; !strings.HasPrefix(got, "+for-0=n=0=v&1=n=0=v&2=n=0=v") {
		t.Errorf("name = %s", got)
	}
}

func TestForEachUsesAllOfTheLengthThatNamesMayHave(t *testing.T) {
	t.Parallel()
	// Names of 255 characters are kept, those of 256 lose a character of each tag.
	for last, want := range map[string]int{"abcdefgx: [1234567%]": 255, "bcdefgx: ['123456+-+']": 254, "bcdefgx: ['12345-++']": 227} {
		lists := []string{last}
		for i := range 10 {
			lists = append(lists, fmt.Sprintf("abcdefg%d: [1234567%c]", i, "8+"[i/7]))
		}
		node := subtasks(t, "for_each>: {"+strings.Join(lists, ", ")+"}\n_do: {echo>: x}")
		if got := node.Children[0].Name; len(got) != want {
			t.Errorf("%s: the name has %d characters: %s", last, len(got), got)
		}
	}
}

func TestForEachRefusesWhatItCannotRun(t *testing.T) {
	t.Parallel()
	many := make([]string, 100)
	for i := range many {
		many[i] = fmt.Sprintf("n%d: [v]", i)
	}
	const body = "\n_do: {echo>: x}"
	failing(t, map[string]string{
		"for_each>: {x: [1]}":                                  "Parameter '_do' is required but not set (config)",
		"for_each>:" + body:                                    "test.dig:1:1: Parameter '_command' is required but not set (config)",
		"for_each>: [1, 2]" + body:                             "test.dig:1:1: Expected object type for key '_command' but got [1,2] (list) (config)",
		"for_each>: text" + body:                               `test.dig:1:1: Expected object type for key '_command' but got "text" (string) (config)`,
		"for_each>: {x: a}" + body:                             `test.dig:1:13: Expected list type for key 'x' but got "a" (string) (config)`,
		"for_each>: {x: '{}'}" + body:                          `test.dig:1:13: Expected list type for key 'x' but got "{}" (string) (config)`,
		"for_each>: {x: 3, y: }" + body:                        `test.dig:1:13: Expected list type for key 'x' but got 3 (number); Parameter 'y' is required but not set (config)`,
		"for_each>: {" + strings.Join(many, ", ") + "}" + body: "test.dig:1:1: for_each has too many variables for the names of its tasks: 100 (config)",
		"for_each>: {x: [1,2,3,4,5,6,7,8,9,10], y: '" + numbers(101) + "'}" + body: "test.dig:1:1: Too many for_each subtasks. Limit: 1000 (config)",
	})
}

// numbers is JSON text of a list.
func numbers(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint(i)
	}
	return "[" + strings.Join(list, ",") + "]"
}

func TestForEachNeverMultipliesIntoTheLimit(t *testing.T) {
	t.Parallel()
	own := params.Empty()
	for i := range 40 { // 3^40 combinations, which overflows 64 bits
		own = own.With(fmt.Sprint("x", i), params.List{int64(1), int64(2), int64(3)})
	}
	req, _ := operatortest.Request(t, params.Of("_command", own, "_do", params.Of("echo>", "x")))
	_, err := control.Operators(control.Settings{MaxSubtasks: maxSubtasks})["for_each"].Operator.Run(t.Context(), req)
	if got, want := failure(t, err), "Too many for_each subtasks. Limit: 1000 (config)"; got != want {
		t.Errorf("failure = %s, want %s", got, want)
	}
}

func TestForEachMakesOneValidUniqueNameForEachCombination(t *testing.T) {
	t.Parallel()
	operator := control.Operators(control.Settings{MaxSubtasks: maxSubtasks})["for_each"].Operator
	scalar := rapid.OneOf(
		rapid.Map(rapid.String(), func(s string) params.Value { return s }),
		rapid.Map(rapid.Int64(), func(i int64) params.Value { return i }),
		rapid.Just[params.Value](nil),
		rapid.Just[params.Value](params.Of("a", params.List{true})),
	)
	rapid.Check(t, func(rt *rapid.T) {
		lists := rapid.MapOfN(rapid.String(), rapid.SliceOfN(scalar, 0, 5), 0, 4).Draw(rt, "lists")
		count := min(1, len(lists))
		command := params.Empty()
		for name, values := range lists {
			command = command.With(name, params.List(values))
			count *= len(values)
		}
		req, _ := operatortest.Request(t, params.Of("_command", command, "_do", params.Of("echo>", "x")))
		result, err := operator.Run(t.Context(), req)
		if err != nil {
			rt.Fatal(err)
		}
		if result.Subtasks.Len() != count {
			rt.Fatalf("%d tasks for %d combinations", result.Subtasks.Len(), count)
		}
		if _, err := workflow.CompileTask("^sub", params.Empty().Merge(result.Subtasks)); err != nil {
			rt.Fatal(err)
		}
		for _, task := range result.Subtasks.All() {
			export, _ := task.(*params.Object).Object("_export")
			for name, chosen := range export.All() {
				if !containsValue(lists[name], chosen) {
					rt.Fatalf("%s is %s", name, params.JSON(chosen))
				}
			}
			if export.Len() != len(lists) {
				rt.Fatalf("only %s is exported", params.JSON(export))
			}
		}
	})
}

func containsValue(list []params.Value, v params.Value) bool {
	for _, e := range list {
		if params.Equal(e, v) {
			return true
		}
	}
	return false
}

// The text behind for_each> may be what a template evaluated to, so anything.
func FuzzForEachCommand(f *testing.F) {
	for _, text := range []string{`{"a":[1,2],"b":["x"]}`, `{"a":"[1]"}`, `{"":[[[]]]}`, `{"a":[`, "null", `{"a":["\ud800"]}`, `{"a":[1e999]}`} {
		f.Add(text)
	}
	operator := control.Operators(control.Settings{MaxSubtasks: maxSubtasks})["for_each"].Operator
	f.Fuzz(func(t *testing.T, text string) {
		req, _ := operatortest.Request(t, params.Of("_command", text, "_do", params.Of("echo>", "x")))
		result, err := operator.Run(t.Context(), req)
		if err != nil {
			failure(t, err)
			return
		}
		if result.Subtasks.Len() > maxSubtasks {
			t.Errorf("%d tasks", result.Subtasks.Len())
		}
		compiled(t, result)
	})
}
