package workflow_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// compile compiles a workflow named wf.
func compile(t testing.TB, yaml string) (*workflow.Workflow, string) {
	t.Helper()
	doc, problems := workflow.ParseYAML("wf.dig", []byte(yaml))
	if problems.HasErrors() {
		return nil, problems.Error()
	}
	w, problems := workflow.Compile("wf", "wf.dig", doc)
	if len(problems) == 0 {
		return w, ""
	}
	return w, problems.Error()
}

// outline shows a tree: each task on a line, with the siblings it waits for.
func outline(n *workflow.Node) string {
	var b strings.Builder
	var walk func(n *workflow.Node, depth int, siblings []*workflow.Node)
	walk = func(n *workflow.Node, depth int, siblings []*workflow.Node) {
		fmt.Fprintf(&b, "%s%s", strings.Repeat("  ", depth), n.Name)
		if !n.Group {
			b.WriteString(" !")
		}
		if n.Barrier != nil {
			var names []string
			for _, i := range n.Barrier.Siblings {
				names = append(names, siblings[i].Name)
			}
			b.WriteString(" after " + strings.Join(names, " "))
		}
		b.WriteByte('\n')
		for _, c := range n.Children {
			walk(c, depth+1, n.Children)
		}
	}
	walk(n, 0, nil)
	return b.String()
}

func TestDependenciesOfSiblings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, yaml, want string }{
		{
			"a serial task waits for the one before",
			"+a: {echo>: x}\n+b: {echo>: x}\n+c: {echo>: x}\n",
			"+wf\n  +a !\n  +b ! after +a\n  +c ! after +b\n",
		},
		{
			"a background task waits for nothing, the next task for it and the foreground one",
			"+a: {echo>: x}\n+b: {_background: true, echo>: x}\n+c: {echo>: x}\n+d: {echo>: x}\n",
			"+wf\n  +a !\n  +b !\n  +c ! after +a +b\n  +d ! after +c\n",
		},
		{
			"background tasks add up",
			"+a: {_background: true, echo>: x}\n+b: {_background: true, echo>: x}\n+c: {echo>: x}\n+d: {_background: true, echo>: x}\n",
			"+wf\n  +a !\n  +b !\n  +c ! after +a +b\n  +d !\n",
		},
		{
			"parallel tasks wait for nothing",
			"_parallel: true\n+a: {echo>: x}\n+b: {echo>: x}\n",
			"+wf\n  +a !\n  +b !\n",
		},
		{
			"_parallel may be the text true",
			"_parallel: 'true'\n+a: {echo>: x}\n+b: {echo>: x}\n",
			"+wf\n  +a !\n  +b !\n",
		},
		{
			"_parallel: false is serial",
			"_parallel: false\n+a: {echo>: x}\n+b: {echo>: x}\n",
			"+wf\n  +a !\n  +b ! after +a\n",
		},
		{
			"_after names earlier siblings",
			"_parallel: true\n+a: {echo>: x}\n+b: {echo>: x}\n+c: {_after: [+b, +a], echo>: x}\n+d: {_after: [+c], echo>: x}\n",
			"+wf\n  +a !\n  +b !\n  +c ! after +a +b\n  +d ! after +c\n",
		},
		{
			"a limit makes chunks, each waiting for all of the one before",
			"_parallel: {limit: 2}\n+a: {echo>: x}\n+b: {echo>: x}\n+c: {echo>: x}\n+d: {echo>: x}\n+e: {echo>: x}\n",
			"+wf\n  +a !\n  +b !\n  +c ! after +a +b\n  +d ! after +a +b\n  +e ! after +c +d\n",
		},
		{
			"a limit of zero is none",
			"_parallel: {limit: 0}\n+a: {echo>: x}\n+b: {echo>: x}\n",
			"+wf\n  +a !\n  +b !\n",
		},
		{
			"a limit may be text",
			"_parallel: {limit: '1'}\n+a: {echo>: x}\n+b: {echo>: x}\n",
			"+wf\n  +a !\n  +b ! after +a\n",
		},
		{
			"_after adds to the chunk",
			"_parallel: {limit: 2}\n+a: {echo>: x}\n+b: {echo>: x}\n+c: {echo>: x}\n+d: {_after: [+c], echo>: x}\n",
			"+wf\n  +a !\n  +b !\n  +c ! after +a +b\n  +d ! after +a +b +c\n",
		},
		{
			"groups nest",
			"+g:\n  _parallel: true\n  +a: {echo>: x}\n  +h: {+b: {echo>: x}, +c: {echo>: x}}\n+z: {echo>: x}\n",
			"+wf\n  +g\n    +a !\n    +h\n      +b !\n      +c ! after +b\n  +z ! after +g\n",
		},
		{
			"a disabled task is an empty group in its place",
			"+a: {echo>: x}\n+b: {_disable: true, _after: [+nothing], +c: {wrong: key}}\n+d: {echo>: x}\n",
			"+wf\n  +a !\n  +b after +a\n  +d ! after +b\n",
		},
		{
			"a body may be a list of mappings",
			"+a: [{echo>: x}, {_export: {k: 1}}]\n+b: {}\n",
			"+wf\n  +a !\n  +b after +a\n",
		},
		{
			"_type makes an operator's task",
			"+a: {_type: echo, _command: hi}\n",
			"+wf\n  +a !\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w, problems := compile(t, c.yaml)
			if problems != "" {
				t.Fatal(problems)
			}
			if diff := cmp.Diff(c.want, outline(w.Root)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestProblemsOfDefinitions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, yaml, want string }{
		{"unknown key at the top", "meta: 1\n+a: {echo>: x}\n", "wf.dig:1:1: unknown-key: Workflow 'wf' includes unknown keys: [meta]"},
		{"operator at the top", "echo>: x\n", "unknown keys: [echo>] (put it into a task: `+task:`)"},
		{"_background at the top", "_background: true\n", "unknown keys: [_background]"},
		{"misspelt key at the top", "_exprot: {a: 1}\n", "did you mean `_export`"},
		{"task body is null", "+a:\n", "wf.dig:1:1: bad-task-body: Parameter '+a' must be an object or array of objects (a task that does nothing is written `+a: {}`)"},
		{"no space after an operator", "+a:\n  sh>:echo hi\n", "array of objects (a space is missing after `sh>:`)"},
		{"task body is text", "+a: x\n", "Parameter '+a' must be an object or array of objects"},
		{"unknown key of a group", "+a:\n  parallel: true\n  +b: {echo>: x}\n", "wf.dig:2:3: unknown-key: +a contains invalid keys: 'parallel' (did you mean `_parallel`?)"},
		{"free key of a group", "+a:\n  zzz: 1\n", "+a contains invalid keys: 'zzz'"},
		{"operator with subtasks", "+a:\n  echo>: x\n  +b: {echo>: y}\n", "wf.dig:3:3: task-with-subtasks: A task can't have subtasks"},
		{"two operators", "+a:\n  echo>: x\n  sh>: y\n", "wf.dig:3:3: several-operators: A task can't have more than one operator"},
		{"_after in a serial group", "+a: {echo>: x}\n+b: {_after: [+a], echo>: x}\n", `Setting "_after" option is invalid if its parent task doesn't have "_parallel: true" option`},
		{"_background in a parallel group", "_parallel: true\n+a: {_background: true, echo>: x}\n", `Setting "_background: true" option is invalid (unnecessary) if its parent task has "_parallel: true" option`},
		{"_after names a later task", "_parallel: true\n+a: {_after: [+b], echo>: x}\n+b: {echo>: x}\n", "Dependency task '+b' does not exist"},
		{"_after is text", "_parallel: true\n+a: {echo>: x}\n+b: {_after: +a, echo>: x}\n", "Expected a list for key '_after'"},
		{"_parallel is a number", "_parallel: 3\n+a: {echo>: x}\n", "Invalid _parallel format"},
		{"_parallel is other text", "_parallel: maybe\n+a: {echo>: x}\n", "Expected 'true' or 'false' for key '_parallel' but got \"maybe\""},
		{"_parallel is a template", "_parallel: ${x}\n+a: {echo>: x}\n", "the _parallel of a group is read before templates are evaluated"},
		{"limit is missing", "_parallel: {limt: 2}\n", "Parameter 'limit' is required but not set"},
		{"bad character in a name", "+a b: {echo>: x}\n", "must not contain character ' '"},
		{"caret at the top", "+a^b: {echo>: x}\n", "must not contain character '^'"},
		{"long name", "+" + strings.Repeat("a", 300) + ": {echo>: x}\n", "longer than 255 characters"},
		{"_export is text", "+a: {_export: x, echo>: x}\n", "Expected object type for key '_export' but got a string"},
		{"_error is compiled early", "+a:\n  echo>: x\n  _error:\n    +b: {wrong: 1}\n", "wf.dig:4:10: unknown-key: +b contains invalid keys: 'wrong'"},
		{"_disable is a template", "+a: {_disable: '${x}', echo>: x}\n", "Expected 'true' or 'false' for key '_disable'"},
		{"unknown time zone", "timezone: Asia/Tokio\n", "wf.dig:1:1: unknown-timezone"},
		{"bad schedule", "schedule: {daily>: noon}\n", "daily> scheduler requires hh:mm:ss format"},
		{"bad sla", "sla: {+a: {echo>: x}}\n", "SLA must be specified using either the 'time' or 'duration' option"},
		{"schedule is text", "schedule: daily\n", "Expected object type for key 'schedule' but got a string"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, problems := compile(t, c.yaml); !strings.Contains(problems, c.want) {
				t.Errorf("got  %s\nwant %s", problems, c.want)
			}
		})
	}
}

func TestAllProblemsAreReportedInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	_, problems := compile(t, "foo: 1\n+a: {bar: 1}\n+b: x\n+c:\n  +d: {baz: 1}\n")
	var codes []string
	for line := range strings.Lines(problems) {
		codes = append(codes, strings.Join(strings.SplitN(line, ":", 4)[1:3], ":"))
	}
	if diff := cmp.Diff([]string{"1:1", "2:6", "3:1", "5:8"}, codes); diff != "" {
		t.Errorf("%s\n%s", problems, diff)
	}
}

func TestRetrySettings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`3`: "3x 0s 0s", `"3"`: "3x 0s 0s", `{"limit":2}`: "2x 0s 0s", `{"limit":3,"interval":10}`: "3x 10s 10s",
		`{"limit":3,"interval":10,"interval_type":"exponential"}`:                     "3x 10s 20s",
		`{"limit":3,"interval":10,"interval_type":"EXPONENTIAL","max_interval":"15"}`: "3x 10s 15s",
		`{"limit":1,"interval":5,"interval_type":"constant"}`:                         "1x 5s 5s",
		`null`: "0x 0s 0s",
		`true`: "Invalid _retry format: true", `[1]`: "Invalid _retry format: [1]", `"${x}"`: `Invalid _retry format: "${x}"`,
		`{"interval":1}`:                                          "Parameter 'limit' is required but not set",
		`{"limit":1,"interval_type":"linear"}`:                    "Invalid retry_interval_type: linear",
		`{"limit":1,"interval":-1}`:                               "Expected a number of seconds for key 'interval' but got -1",
		`{"limit":99,"interval":1,"interval_type":"exponential"}`: "99x 1s 2s",
	} {
		v, err := params.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		r, err := workflow.ParseRetry(v)
		got := fmt.Sprintf("%dx %s %s", r.Limit, r.Wait(0), r.Wait(1))
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestGrowingIntervalsNeverOverflow(t *testing.T) {
	t.Parallel()
	r := workflow.Retry{Limit: 10_000, Interval: 1 << 40, Exponential: true}
	last := r.Wait(0)
	for k := range r.Limit {
		if w := r.Wait(k); w < last {
			t.Fatalf("wait %d is %s after %s", k, w, last)
		} else {
			last = w
		}
	}
}
