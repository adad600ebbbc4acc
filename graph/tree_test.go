package graph

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// compile compiles a workflow named wf.
func compile(t testing.TB, yaml string) *workflow.Node {
	t.Helper()
	doc, problems := workflow.ParseYAML("wf.dig", []byte(yaml))
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	w, problems := workflow.Compile("wf", "wf.dig", doc)
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return w.Root
}

// compileFile compiles a file of testdata.
func compileFile(t testing.TB, file string) *workflow.Node {
	t.Helper()
	w, problems := workflow.LoadWorkflow(os.DirFS("testdata"), file)
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return w.Root
}

// anyTree draws a tree of tasks with dependencies of all kinds.
func anyTree(t *rapid.T) *workflow.Node {
	left := rapid.IntRange(1, 60).Draw(t, "size")
	return anyNode(t, "+root", 0, &left)
}

func anyNode(t *rapid.T, name string, depth int, left *int) *workflow.Node {
	*left--
	n := &workflow.Node{Name: name, Group: true, Config: params.Empty()}
	if depth > 0 && (depth == 4 || *left <= 0 || rapid.IntRange(0, 2).Draw(t, "leaf") > 0) {
		n.Group = false
		n.Config = params.Of("sh>", rapid.SampledFrom([]string{"", "x", "a rather long command with arguments"}).Draw(t, "command"))
		return n
	}
	for i := range rapid.IntRange(0, max(0, min(*left, 20))).Draw(t, "children") {
		n.Children = append(n.Children, anyNode(t, fmt.Sprintf("+t%d", i), depth+1, left))
	}
	anyBarriers(t, n)
	return n
}

func anyBarriers(t *rapid.T, n *workflow.Node) {
	kind := rapid.SampledFrom([]string{"serial", "none", "chunks", "any"}).Draw(t, "kind")
	limit := rapid.IntRange(1, 8).Draw(t, "limit")
	var chunk *workflow.Barrier
	for i, c := range n.Children {
		switch {
		case kind == "serial" && i > 0:
			c.Barrier = &workflow.Barrier{Siblings: []int{i - 1}}
		case kind == "chunks":
			if i > 0 && i%limit == 0 {
				chunk = &workflow.Barrier{}
				for s := i - limit; s < i; s++ {
					chunk.Siblings = append(chunk.Siblings, s)
				}
			}
			c.Barrier = chunk
		case kind == "any" && i > 0:
			set := rapid.SliceOfNDistinct(rapid.IntRange(0, i-1), 0, min(i, 4), rapid.ID[int]).Draw(t, "after")
			if slices.Sort(set); len(set) > 0 {
				c.Barrier = &workflow.Barrier{Siblings: set}
			}
		}
	}
	if kind == "chunks" {
		n.Config = params.Of("_parallel", params.Of("limit", int64(limit)))
	}
}
