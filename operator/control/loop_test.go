package control_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/control"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

func TestLoopRunsItsBodyCountTimes(t *testing.T) {
	t.Parallel()
	three := []string{`+loop-0 {"i":0}`, `+loop-1 {"i":1}`, `+loop-2 {"i":2}`}
	for text, want := range map[string][]string{
		"loop>: 3\n_do: {echo>: x}":                                  three,
		"loop>: '3'\n_do: {echo>: x}":                                three,
		"loop>: 3\n_do: {+a: {echo>: x}, +b: {echo>: y}}":            three,
		"loop>: 3\n_do: {}":                                          three,
		"loop>: 0\n_do: {echo>: x}":                                  nil,
		"loop>: -5\n_do: {echo>: x}\n_parallel: true":                nil,
		"loop>: 1\n_do: {_export: {i: 9, j: 8}, echo>: x}":           {`+loop-0 {"i":0,"j":8}`},
		"loop>: 1\n_do: {echo>: x, _export: {j: '${i}'}}":            {`+loop-0 {"j":"${i}","i":0}`},
		"loop>: 1\ncount: 2\n_do: {echo>: x}":                        three[:2],
		"loop>:\ncount: 2\n_do: {echo>: x}":                          three[:2],
		"loop>: 1\n_do: {loop>: 2, _do: {echo>: x, _export: {k: }}}": three[:1],
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, described(subtasks(t, text))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLoopLetsAnInheritedCountWinAndSaysSo(t *testing.T) {
	t.Parallel()
	op, req, record := task(t, "loop>: 3\n_do: {echo>: x}", operatortest.WithParams(params.Of("count", int64(1))))
	result, err := op.Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{`+loop-0 {"i":0}`}, described(compiled(t, result))); diff != "" {
		t.Error(diff)
	}
	if want := `level=WARN msg="the param count is used instead of the number behind loop>" count=1 written=3`; !strings.Contains(record.Log(), want) {
		t.Errorf("log = %s", record.Log())
	}
}

func TestLoopBodiesAreSerialParallelOrLimited(t *testing.T) {
	t.Parallel()
	serial := [][]int{nil, {0}, {1}}
	for setting, want := range map[string][][]int{
		"false":          serial,
		"'false'":        serial,
		"":               serial,
		"true":           {nil, nil, nil},
		"'true'":         {nil, nil, nil},
		"{limit: 2}":     {nil, nil, {0, 1}},
		"{limit: '2'}":   {nil, nil, {0, 1}},
		"{limit: 0}":     {nil, nil, nil},
		"{limit: 1}":     serial,
		"{limit: 10000}": {nil, nil, nil},
	} {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			for _, operator := range []string{"loop>: 3", "for_each>: {x: [1, 2, 3]}", "for_range>: {from: 0, to: 3, step: 1}"} {
				node := subtasks(t, operator+"\n_do: {echo>: x}\n_parallel: "+setting)
				if diff := cmp.Diff(want, upstreams(node)); diff != "" {
					t.Errorf("%s: %s", operator, diff)
				}
			}
		})
	}
}

func upstreams(node *workflow.Node) [][]int {
	all := make([][]int, len(node.Children))
	for i, c := range node.Children {
		if c.Barrier != nil {
			all[i] = c.Barrier.Siblings
		}
	}
	return all
}

func TestLoopRefusesWhatItCannotRun(t *testing.T) {
	t.Parallel()
	failing(t, map[string]string{
		"loop>: 1001\n_do: {echo>: x}":                     "test.dig:1:1: Too many loop subtasks. Limit: 1000 (config)",
		"loop>: 9223372036854775807\n_do: {echo>: x}":      "test.dig:1:1: Too many loop subtasks. Limit: 1000 (config)",
		"loop>: many\n_do: {echo>: x}":                     `test.dig:1:1: Expected integer type for key '_command' but got "many" (string) (config)`,
		"loop>:\n_do: {echo>: x}":                          "test.dig:1:1: Parameter '_command' is required but not set (config)",
		"loop>: 1":                                         "Parameter '_do' is required but not set (config)",
		"loop>: 1\n_do: text":                              `test.dig:2:1: Expected object type for key '_do' but got "text" (string) (config)`,
		"loop>: 1\n_do: {_export: text}":                   "test.dig:2:1: Expected object type for key '_export' but got a string (config)",
		"loop>: 1\n_do: {echo>: x}\n_parallel: 3":          "test.dig:3:1: Invalid _parallel format (config)",
		"loop>: 1\n_do: {echo>: x}\n_parallel: maybe":      `test.dig:3:1: Expected 'true' or 'false' for key '_parallel' but got "maybe" (config)`,
		"loop>: 1\n_do: {echo>: x}\n_parallel: {max: 3}":   "test.dig:3:1: Parameter 'limit' is required but not set (config)",
		"loop>: x\n_do: {echo>: x}\n_parallel: {limit: y}": `test.dig:3:1: Expected integer type for key 'limit' but got "y"; Expected integer type for key '_command' but got "x" (string) (config)`,
	})
}

func TestLoopRunsUpToItsLimit(t *testing.T) {
	t.Parallel()
	if got := len(subtasks(t, "loop>: 1000\n_do: {echo>: x}").Children); got != 1000 {
		t.Errorf("%d iterations", got)
	}
}

func TestMistakesInABodyAreShownWhereTheyStand(t *testing.T) {
	t.Parallel()
	for _, operator := range []string{"loop>: 2", "for_each>: {x: [1, 2]}", "for_range>: {from: 0, to: 2, step: 1}"} {
		t.Run(operator, func(t *testing.T) {
			t.Parallel()
			result, err := run(t, operator+"\n_do:\n  +a:\n    parallel: true\n    +b: {echo>: x}")
			if err != nil {
				t.Fatal(err)
			}
			_, err = workflow.CompileTask("^sub", result.Subtasks)
			if err == nil || !strings.Contains(err.Error(), "test.dig:4:5: unknown-key: +a contains invalid keys: 'parallel'") {
				t.Errorf("error = %v", err)
			}
			node := subtasks(t, operator+"\n_do:\n  _export: {y: 1}\n  echo>: x")
			for _, c := range node.Children {
				if got := c.Pos.String() + " " + c.Config.Pos("_export").String() + " " + c.Config.Pos("echo>").String(); got != "test.dig:2:1 test.dig:3:3 test.dig:4:3" {
					t.Errorf("%s is at %s", c.Name, got)
				}
			}
		})
	}
}

// manyKeys is a body with a number of tasks and exported params.
func manyKeys(n int) string {
	var b strings.Builder
	b.WriteString("_do:\n")
	for i := range n {
		fmt.Fprintf(&b, "  +task%d: {sh>: 'date; sleep 1', _export: {a: b}}\n", i)
	}
	b.WriteString("  _export:\n    own: here\n")
	for i := range n {
		fmt.Fprintf(&b, "    key%d: some value\n", i)
	}
	return b.String()
}

// loopRequest is a loop> that may run long, with a body of n keys whose documents
// have as many layers as a document may have.
func loopRequest(t testing.TB, iterations, n int) (operator.Operator, *operator.Request) {
	t.Helper()
	op := control.Operators(control.Settings{MaxSubtasks: iterations})["loop"].Operator
	own := document(t, manyKeys(n))
	for i := range 7 {
		do, _ := own.Object("_do")
		export, _ := do.Object("_export")
		own = own.With("_do", do.With("_export", export.With(fmt.Sprint("layer", i), "x")))
	}
	req, _ := operatortest.Request(t, own.With("_command", int64(iterations)))
	return op, req
}

// It must run alone, because all allocations of the process are counted.
func TestAnIterationCostsTheSameHoweverLargeTheBodyIs(t *testing.T) {
	allocations := func(n int) float64 {
		const iterations = 1000
		op, req := loopRequest(t, iterations, n)
		return testing.AllocsPerRun(3, func() {
			if _, err := op.Run(t.Context(), req); err != nil {
				t.Fatal(err)
			}
		}) / iterations
	}
	small, large := allocations(1), allocations(200)
	if small > 8 || large > small+1 {
		t.Errorf("%.1f allocations an iteration with a small body, %.1f with a large one", small, large)
	}
}

func BenchmarkLoop(b *testing.B) {
	for _, n := range []int{1, 100} {
		b.Run(fmt.Sprintf("100000 iterations of %d tasks", n), func(b *testing.B) {
			op, req := loopRequest(b, 100_000, n)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := op.Run(b.Context(), req); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
