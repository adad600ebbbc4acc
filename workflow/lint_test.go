package workflow_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/workflow"
)

// lint compiles a workflow named wf and returns what a linter says of it.
func lint(t testing.TB, linter workflow.Linter, yaml string) []string {
	t.Helper()
	w, problems := compile(t, yaml)
	if problems != "" {
		t.Fatal(problems)
	}
	var lines []string
	for _, d := range linter.Lint(w) {
		lines = append(lines, d.Error())
	}
	return lines
}

func TestLintFindsWhatTasksWouldFailOf(t *testing.T) {
	t.Parallel()
	linter := workflow.Linter{
		Files: fstest.MapFS{
			"fine.dig":       {Data: []byte("+x: {echo>: x}\n")},
			"wrong.dig":      {Data: []byte("+x: {ech: x}\n")},
			"broken.dig":     {Data: []byte("+x: {\n")},
			"itself.dig":     {Data: []byte("+x: {call>: itself}\n")},
			"lib/fine.dig":   {Data: []byte("+x: {call>: beside}\n")},
			"lib/beside.dig": {Data: []byte("+x: {echo>: x}\n")},
		},
		Workflows:  []string{"wf", "report"},
		Operators:  []string{"echo", "call", "require", "loop", "for_each", "for_range", "if", "sh"},
		IsOperator: func(name string) bool { return name == "own" },
		Templates: func(text string) []workflow.TemplateProblem {
			if strings.Contains(text, "${bad}") {
				return []workflow.TemplateProblem{{Message: "bad is bad"}}
			}
			return nil
		},
		IgnoresRetry: func(name string) bool { return name == "echo" || name == "if" },
	}
	for _, c := range []struct {
		name, yaml string
		want       []string
	}{
		{"nothing", "+a: {echo>: x}\n+b: {own>: x}\n+c: {'${op}>': x}\n+d: {_type: echo}\n", nil},
		{"an unknown operator", "+a:\n  ecko>: x\n", []string{"wf.dig:2:3: unknown-operator: Unknown task type: ecko (did you mean `echo`?)"}},
		{"an unknown _type", "+a: {_type: xyz123}\n", []string{"wf.dig:1:6: unknown-operator: Unknown task type: xyz123"}},
		{
			"an unknown operator in each body",
			"+a: {if>: x, _do: {x1111>: x}, _else_do: {+e: {x2222>: x}}, _check: {x3333>: x}, _error: {x4444>: x}}\n",
			[]string{
				"wf.dig:1:20: unknown-operator: Unknown task type: x1111", "wf.dig:1:48: unknown-operator: Unknown task type: x2222",
				"wf.dig:1:70: unknown-operator: Unknown task type: x3333", "wf.dig:1:91: unknown-operator: Unknown task type: x4444",
			},
		},
		{"an unknown operator of an sla", "sla: {time: 10:00, +a: {x1111>: x}}\n", []string{"wf.dig:1:25: unknown-operator: Unknown task type: x1111"}},
		{"mistakes in bodies", "+a: {loop>: 2, _do: {+b: {ech: x}}}\n", []string{
			"wf.dig:1:27: unknown-key: +b contains invalid keys: 'ech' (an operator's name ends with `>`: `ech>:`; a task's begins with `+`: `+ech:`)",
		}},
		{"loops without a body", "+a: {loop>: 2}\n+b: {for_each>: {}}\n+c: {for_range>: {}}\n", []string{
			"wf.dig:1:6: missing-key: Parameter '_do' is required but not set at loop>",
			"wf.dig:2:6: missing-key: Parameter '_do' is required but not set at for_each>",
			"wf.dig:3:6: missing-key: Parameter '_do' is required but not set at for_range>",
		}},
		{"bodies with another name", "+a: {loop>: 2, do: {echo>: x}}\n+b: {if>: true, else_do: {echo>: x}}\n", []string{
			"wf.dig:1:6: missing-key: Parameter '_do' is required but not set at loop> (`do` is written `_do`)",
			"wf.dig:2:6: missing-key: Both _do and _else_do are not specified. (`else_do` is written `_else_do`)",
		}},
		{"if> without bodies", "+a: {if>: true}\n+b: {if>: true, _else_do: {echo>: x}}\n", []string{"wf.dig:1:6: missing-key: Both _do and _else_do are not specified."}},
		{"an unknown workflow", "+a: {require>: reprt}\n+b: {require>: reprt, project_name: p}\n+c: {require>: '${x}'}\n+d: {require>: report}\n", []string{
			"wf.dig:1:6: warning: unknown-workflow: there is no workflow reprt (did you mean `report`?)",
		}},
		{"called files", "+a: {call>: fine}\n+b: {call>: fine.dig}\n+c: {call>: itself}\n+d: {call>: lib/fine}\n+e: {call>: '${x}'}\n", nil},
		{"a missing file", "+a: {call>: fien}\n", []string{"wf.dig:1:6: file-not-found: File not found: fien.dig (did you mean `fine.dig`?)"}},
		{"mistakes in a called file, once", "+a: {call>: wrong}\n+b: {call>: wrong}\n", []string{
			"wrong.dig:1:6: unknown-key: +x contains invalid keys: 'ech' (an operator's name ends with `>`: `ech>:`; a task's begins with `+`: `+ech:`)",
		}},
		{"files where tasks work", "+a: {_workdir: lib, call>: beside}\n+g: {_export: {_workdir: lib}, +b: {call>: beside}}\n+c: {_workdir: '${x}', call>: beside}\n+d: {call>: beside}\n", []string{
			"wf.dig:4:6: file-not-found: File not found: beside.dig",
		}},
		{"a wrong _retry", "+a: {sh>: x, _retry: x}\n+b: {sh>: x, _retry: '${x}'}\n", []string{`wf.dig:1:14: wrong-type: Invalid _retry format: "x"`}},
		{"misspelt options of settings", "+a: {sh>: x, _retry: {limit: 1, intervall: 3}}\n+b: {_parallel: {limit: 1, x: 1}, _retry: {limit: 1, intervall: 3}}\n", []string{
			"wf.dig:1:33: warning: unknown-key: intervall has no meaning in _retry (did you mean `interval` or `max_interval` or `interval_type`?)",
			"wf.dig:2:28: warning: unknown-key: x has no meaning in _parallel",
			"wf.dig:2:54: warning: unknown-key: intervall has no meaning in _retry (did you mean `interval` or `max_interval` or `interval_type`?)",
		}},
		{"a _retry without effect", "+a: {echo>: x, _retry: 1}\n", []string{
			"wf.dig:1:16: warning: ignored-key: _retry has no effect on echo> (put the task into a group that has the _retry)",
		}},
		{"a _retry that repeats what follows", "+a: {echo>: x, _retry: 1, _check: {sh>: x}}\n+b: {if>: true, _retry: 1, _else_do: {sh>: x}}\n", nil},
		{"settings that a group ignores", "+a: {_check: {echo>: x}, _retry: '${x}'}\n+b: {_retry: {limit: 1}}\n", []string{
			"wf.dig:1:6: warning: ignored-key: _check has an effect on operator tasks only; on a group it is ignored (put it on the group's last task)",
			"wf.dig:1:26: warning: ignored-key: the retry setting is ignored: Invalid _retry format: \"${x}\" (the _retry of a group is never evaluated)",
		}},
		{"a misspelt reserved key", "+a: {echo>: x, _exprt: {}, _mine: 1}\n", []string{
			"wf.dig:1:16: warning: unknown-key: _exprt has no meaning for heitan (did you mean `_export`?)",
		}},
		{
			"templates at every depth",
			"_export: {a: '${bad}'}\n+a:\n  echo>: ${bad}\n  list:\n    - ok\n    - k: {deep: '${bad}'}\n  _error: {echo>: '${bad}'}\n",
			[]string{
				"wf.dig:1:11: bad-template: bad is bad", "wf.dig:3:3: bad-template: bad is bad", "wf.dig:6:11: bad-template: bad is bad",
				"wf.dig:7:12: bad-template: bad is bad",
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, lint(t, linter, c.yaml)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestLintLeavesOutWhatItIsNotToldOf(t *testing.T) {
	t.Parallel()
	const yaml = "+a: {x1111>: x}\n+b: {call>: nowhere}\n+c: {require>: nothing}\n+d: {echo>: '${'}\n+e: {echo>: x, _retry: 1}\n"
	if got := lint(t, workflow.Linter{}, yaml); len(got) > 0 {
		t.Errorf("got %s", got)
	}
}

func TestLintReportsInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	linter := workflow.Linter{Operators: []string{"echo"}}
	w, _ := compile(t, "+a: {x1111>: x, _error: {x3333>: x}}\n+b: {x2222>: x}\n_error: {x4444>: x}\n")
	var places []string
	for _, d := range linter.Lint(w) {
		places = append(places, d.Pos.String())
	}
	if diff := cmp.Diff([]string{"wf.dig:1:6", "wf.dig:1:26", "wf.dig:2:6", "wf.dig:3:10"}, places); diff != "" {
		t.Error(diff)
	}
}
