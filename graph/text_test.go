package graph

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

func TestTreeSaysWhatATaskWaitsForUnlessItIsObvious(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, yaml, want string }{
		{
			"nothing in a serial group",
			"+a: {echo>: x}\n+b: {echo>: x}\n",
			"+wf\n├─ +a  echo> x\n└─ +b  echo> x\n",
		},
		{
			"background tasks, and all that the task behind them waits for",
			"+a: {echo>: x}\n+b: {_background: 'true', echo>: x}\n+c: {echo>: x}\n",
			"+wf\n├─ +a  echo> x\n├─ +b  echo> x  [background]\n└─ +c  echo> x  [after +a, +b]\n",
		},
		{
			"a first task in the background",
			"+a: {_background: true, echo>: x}\n+b: {echo>: x}\n",
			"+wf\n├─ +a  echo> x  [background]\n└─ +b  echo> x\n",
		},
		{
			"nothing in a parallel group but _after",
			"_parallel: true\n+a: {echo>: x}\n+b: {echo>: x}\n+c: {echo>: x, _after: [+a]}\n",
			"+wf  [parallel]\n├─ +a  echo> x\n├─ +b  echo> x\n└─ +c  echo> x  [after +a]\n",
		},
		{
			"turns of a limited group, and what _after adds to them",
			"_parallel: {limit: 2}\n+a: {echo>: x}\n+b: {echo>: x}\n+c: {echo>: x}\n+d: {echo>: x, _after: [+b]}\n+e: {echo>: x, _after: [+a]}\n",
			"+wf  [parallel, 2 at a time]\n├─ +a  echo> x\n├─ +b  echo> x\n├╌ then\n├─ +c  echo> x\n├─ +d  echo> x\n├╌ then\n└─ +e  echo> x  [after +a]\n",
		},
		{
			"not more names than one can read",
			"_parallel: true\n+a: {echo>: x}\n+b: {echo>: x}\n+c: {echo>: x}\n+d: {echo>: x}\n+e: {echo>: x}\n+f: {echo>: x}\n+g: {echo>: x, _after: [+a, +b, +c, +d, +e, +f]}\n",
			"+wf  [parallel]\n├─ +a  echo> x\n├─ +b  echo> x\n├─ +c  echo> x\n├─ +d  echo> x\n├─ +e  echo> x\n├─ +f  echo> x\n└─ +g  echo> x  [after +a, +b, +c, +d and 2 more]\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, Text(compile(t, c.yaml), TextOptions{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTreeMarksSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, yaml, want string }{
		{"retries", "+a: {sh>: x, _retry: 3}", "+a  sh> x  [retry 3]"},
		{"retries of a template", "+a: {sh>: x, _retry: '${n}'}", "+a  sh> x  [retry ${n}]"},
		{"no retries", "+a: {sh>: x, _retry: 0}", "+a  sh> x"},
		{"intervals", "+a: {sh>: x, _retry: {limit: 3, interval: 90}}", "+a  sh> x  [retry 3 every 1m30s]"},
		{"growing intervals", "+a: {sh>: x, _retry: {limit: 3, interval: 1, interval_type: exponential}}", "+a  sh> x  [retry 3 after 1s, doubling]"},
		{
			"bounded intervals", "+a: {sh>: x, _retry: {limit: 3, interval: 1, max_interval: 60, interval_type: exponential}}",
			"+a  sh> x  [retry 3 after 1s, doubling to 1m0s]",
		},
		{"an error task", "+a: {sh>: x, _error: {echo>: oh}}", "+a  sh> x  [on error: echo> oh]"},
		{"error tasks", "+a: {sh>: x, _error: {+b: {echo>: y}, +c: {echo>: z}}}", "+a  sh> x  [on error: 2 tasks]"},
		{"a check", "+a: {sh>: x, _check: {+b: {echo>: y}}}", "+a  sh> x  [check: 1 task]"},
		{"several", "+a: {sh>: x, _retry: 1, _check: {echo>: y}}", "+a  sh> x  [retry 1] [check: echo> y]"},
		{"a group without tasks", "+a: {_disable: true, sh>: x}", "+a  [no tasks]"},
		{"the long form of an operator", "+a: {_type: sh, _command: ls}", "+a  sh> ls"},
		{"an operator without command", "+a: {mail>: , to: [x]}", "+a  mail>"},
		{"a command that is no text", "+a: {for_each>: {n: [1, 2]}, _do: {echo>: x}}", `+a  for_each> {"n":[1,2]}`},
		{"a command of several lines", "+a:\n  sh>: |\n\n    set -eu\n    \tls   -l\n", "+a  sh> set -eu ↵ ls -l"},
		{"a command that steers terminals", `+a: {sh>: "a\e[2Jb\u202ec\x07\u009bd"}`, "+a  sh> a[2Jbcd"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff("+wf\n└─ "+c.want+"\n", Text(compile(t, c.yaml), TextOptions{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTreeCutsCommandsToTheWidth(t *testing.T) {
	t.Parallel()
	const yaml = "+a: {sh>: 日本語の長いコマンドは途中で切られます, _retry: 3}\n"
	for _, c := range []struct {
		name  string
		width int
		want  string
	}{
		{"the command takes what is left", 39, "└─ +a  sh> 日本語の長いコマ…  [retry 3]"},
		{"wide characters are not halved", 40, "└─ +a  sh> 日本語の長いコマ…  [retry 3]"},
		{"a rest that says nothing is left out", 25, "└─ +a  sh>  [retry 3]"},
		{"names and marks are never cut", 4, "└─ +a  sh>  [retry 3]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := Text(compile(t, yaml), TextOptions{Width: c.width})
			if diff := cmp.Diff("+wf\n"+c.want+"\n", got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTreeShowsStatesAndColours(t *testing.T) {
	t.Parallel()
	root := compile(t, "+a: {sh>: x}\n+b: {sh>: y, _retry: 1}\n")
	in := func(with string) func(string) string { return func(text string) string { return with + text + with } }
	got := Text(root, TextOptions{
		States: map[string]heitan.TaskState{"+wf": heitan.TaskPlanned, "+wf+a": heitan.TaskSuccess},
		Style: Style{
			Tree: in("|"), Operator: in("*"), Command: in("'"), Mark: in("_"),
			State: func(s heitan.TaskState, glyph string) string { return glyph + s.String() },
		},
	})
	want := "▸planned +wf\n|├─ |✓success +a  *sh>* 'x'\n|└─ |  +b  *sh>* 'y'  _[retry 1]_\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestGeneratedTasksStandBelowTheirOperator(t *testing.T) {
	t.Parallel()
	loop := &workflow.Node{Name: "+loop", Config: params.Of("loop>", int64(2))}
	loop.Children = []*workflow.Node{{Name: "^sub", Group: true, Config: params.Empty(), Children: []*workflow.Node{
		{Name: "+loop-0", Config: params.Of("echo>", "x")},
	}}}
	want := "+loop  loop> 2\n└─ ^sub\n   └─ +loop-0  echo> x\n"
	if diff := cmp.Diff(want, Text(loop, TextOptions{})); diff != "" {
		t.Error(diff)
	}
	if picture := string(SVG(loop, SVGOptions{})); strings.Count(picture, "<g ") != 3 {
		t.Error(picture)
	}
}

func TestLinesAreNotLongerThanTheWidthIfNamesFit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(60, 200).Draw(t, "width")
		for line := range strings.Lines(Text(anyTree(t), TextOptions{Width: width})) {
			if line = strings.TrimSuffix(line, "\n"); columns(line) > width && !strings.Contains(line, "[after") {
				t.Fatalf("%d columns: %s", columns(line), line)
			}
		}
	})
}

func TestEveryStateHasAGlyphOfOneColumn(t *testing.T) {
	t.Parallel()
	for s := heitan.TaskBlocked; s <= heitan.TaskCanceled; s++ {
		if g := Glyph(s); columns(g) != 1 || g == "?" {
			t.Errorf("the glyph of %s is %q", s, g)
		}
	}
}
