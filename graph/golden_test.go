package graph

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/workflow"
)

var update = flag.Bool("update", false, "write the expected files of testdata anew")

// someStates gives the tasks of a tree all states, one after the other.
func someStates(root *workflow.Node) map[string]heitan.TaskState {
	states := make(map[string]heitan.TaskState)
	root.Walk("", func(full string, _ *workflow.Node) {
		if n := len(states); n%11 != 10 {
			states[full] = heitan.TaskState(n % 11)
		} else {
			states["+other"+full] = heitan.TaskError
		}
	})
	return states
}

func TestTreesAndPicturesAreAsExpected(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.dig")
	if err != nil || len(files) == 0 {
		t.Fatal("no workflows in testdata:", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".dig")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := compileFile(t, name+".dig")
			states := someStates(root)
			expect(t, name+".txt", Text(root, TextOptions{}))
			expect(t, name+".states.txt", Text(root, TextOptions{States: states, Width: 72}))
			expect(t, name+".svg", string(SVG(root, SVGOptions{})))
			expect(t, name+".states.svg", string(SVG(root, SVGOptions{States: states, Width: 800})))
		})
	}
}

func expect(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
