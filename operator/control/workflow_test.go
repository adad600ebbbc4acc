package control_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWorkflowsRunWhatTheOperatorsGenerate(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		files map[string]string
		want  string
	}{
		"loops in loops": {
			files: map[string]string{"main.dig": `
+outer:
  loop>: 2
  _do:
    _export: {outer: "${i}"}
    +inner:
      for_each>: {fruit: '["apple", "kiwi"]'}
      _do:
        echo>: ${fruit} ${i}
`},
			want: `
+main+outer^sub+loop-0+inner^sub+for-0=fruit=0=apple: apple 0
+main+outer^sub+loop-0+inner^sub+for-0=fruit=1=kiwi: kiwi 0
+main+outer^sub+loop-1+inner^sub+for-0=fruit=0=apple: apple 1
+main+outer^sub+loop-1+inner^sub+for-0=fruit=1=kiwi: kiwi 1
`,
		},
		"ranges with a condition": {
			files: map[string]string{"main.dig": `
+parts:
  for_range>: {from: 0, to: 25, slices: 3}
  _do:
    _export: {wide: "false"}
    +choice:
      if>: ${wide}
      _do: {echo>: "from ${range.from}"}
      _else_do:
        +to: {echo>: "part ${range.index} to ${range.to}"}
`},
			want: `
+main+parts^sub+range-from=0&to=9+choice^sub+to: part 0 to 9
+main+parts^sub+range-from=9&to=18+choice^sub+to: part 1 to 18
+main+parts^sub+range-from=18&to=25+choice^sub+to: part 2 to 25
`,
		},
		"called files": {
			files: map[string]string{
				"main.dig":        "+c: {call>: sub/one}\n+after: {echo>: done}\n",
				"sub/one.dig":     "_export: {who: one}\n+e: {echo>: \"${who} in ${_workdir}\"}\n+c: {call>: two/two.dig}\n",
				"sub/two/two.dig": "+e: {echo>: \"${who} in ${_workdir}\"}\n+s: {call>: ../single}\n",
				"sub/single.dig":  "echo>: single in ${_workdir}\n",
			},
			want: `
+main+c^sub+e: one in sub
+main+c^sub+c^sub+e: one in sub/two
+main+c^sub+c^sub+s^sub: single in sub
+main+after: done
`,
		},
		"waiting and failing": {
			files: map[string]string{"main.dig": `
+w: {wait>: 1h, poll_interval: 25m}
+f:
  fail>: no data
  _retry: 3
  _error: {echo>: "${error.message}"}
+never: {echo>: never}
_error: {echo>: "the end: ${error.message}"}
`},
			want: `
+main+w waits 25m0s
+main+w waits 25m0s
+main+w waits 25m0s
+main+f FAILED: no data
+main+f^error: no data
+main^error: the end: no data
`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, "\n"+simulate(t, tc.files)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAFileThatCallsItselfEnds(t *testing.T) {
	t.Parallel()
	log := simulate(t, map[string]string{"main.dig": "+deeper: {call>: main}\n_error: {echo>: \"${error.message}\"}\n"})
	if !strings.Contains(log, "Tasks are nested too deeply. Limit: 20") {
		t.Errorf("log = %s", log)
	}
}
