package graph

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// elements parses a picture and returns its elements by name.
func elements(t testing.TB, picture []byte) map[string][]xml.StartElement {
	t.Helper()
	found := make(map[string][]xml.StartElement)
	d := xml.NewDecoder(bytes.NewReader(picture))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, picture)
		}
		if start, ok := token.(xml.StartElement); ok {
			found[start.Name.Local] = append(found[start.Name.Local], start.Copy())
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func TestPictureHasABoxAndATitleForEveryTask(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		root := anyTree(rt)
		want := map[string]bool{}
		root.Walk("", func(full string, _ *workflow.Node) { want[full] = true })
		found := elements(t, SVG(root, SVGOptions{}))
		for _, g := range found["g"] {
			delete(want, attribute(g, "data-task"))
		}
		if len(want) > 0 || len(found["title"]) != len(found["g"])+1 {
			rt.Fatalf("no box for %v; %d boxes, %d titles", want, len(found["g"]), len(found["title"]))
		}
	})
}

func TestPictureIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		root := anyTree(t)
		first := SVG(root, SVGOptions{})
		for range 3 {
			if !bytes.Equal(first, SVG(root, SVGOptions{})) {
				t.Fatal("two pictures of the same tree differ")
			}
		}
	})
}

func TestPictureHasNothingThatRunsOrIsLoaded(t *testing.T) {
	t.Parallel()
	root := compile(t, `+a: {sh>: "</text></svg><script>alert(1)</script>", _retry: '<b>"&\u0000'}`)
	picture := SVG(root, SVGOptions{})
	found := elements(t, picture)
	for name := range found {
		switch name {
		case "svg", "title", "style", "rect", "g", "text", "tspan", "path":
		default:
			t.Errorf("element %s", name)
		}
	}
	if bytes.Contains(picture, []byte("url(")) || bytes.Contains(picture, []byte("href")) {
		t.Error("the picture refers to something outside")
	}
}

func TestStatesColourBoxes(t *testing.T) {
	t.Parallel()
	root := compile(t, "+a: {sh>: x}\n+b: {sh>: x}\n+c: {sh>: x}\n")
	found := elements(t, SVG(root, SVGOptions{States: map[string]heitan.TaskState{
		"+wf": heitan.TaskGroupError, "+wf+a": heitan.TaskSuccess, "+wf+b": heitan.TaskError,
	}}))
	var got []string
	for _, g := range found["g"] {
		got = append(got, attribute(g, "class"))
	}
	if text := strings.Join(got, ", "); text != "group failure, task success, task failure, task" {
		t.Error(text)
	}
	for s := heitan.TaskBlocked; s <= heitan.TaskCanceled; s++ {
		if class := stateClass(s); class != "blocked" && !strings.Contains(css, "."+class+">.frame") {
			t.Errorf("class %s of state %s is not in the style", class, s)
		}
	}
}

func FuzzPictureIsValidXML(f *testing.F) {
	f.Add("+a", "sh>", "ls", "3")
	f.Add("+<&>\"'", "]]>", "\x00\xff\u202e\ufffe", "${x}")
	f.Add("+日本語", "_type", "a\nb\r\tc", "\u009b2J")
	f.Add("", "", strings.Repeat("長い", 500), "")
	f.Fuzz(func(t *testing.T, name, key, command, retry string) {
		root := &workflow.Node{Name: name, Group: true, Config: params.Of("_retry", retry, "_error", params.Of(key, command))}
		root.Children = []*workflow.Node{
			{Name: name, Config: params.Of(key+">", command, "_retry", retry)},
			{Name: name + "2", Config: params.Of("_type", key, "_command", command), Barrier: &workflow.Barrier{Siblings: []int{0}}},
		}
		elements(t, SVG(root, SVGOptions{States: map[string]heitan.TaskState{name: heitan.TaskRunning}}))
		text := Text(root, TextOptions{Width: 80})
		if lines := strings.Count(text, "\n"); lines != 3 {
			t.Errorf("%d lines: %q", lines, text)
		}
		for _, r := range text {
			if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 {
				t.Fatalf("control character %U in %q", r, text)
			}
		}
	})
}

func BenchmarkSVG(b *testing.B) {
	for _, n := range []int{20, 200, 2000, 20000} {
		b.Run(fmt.Sprintf("parallel-%d", n), func(b *testing.B) { benchmark(b, parallelTree(n)) })
		b.Run(fmt.Sprintf("chunks-%d", n), func(b *testing.B) { benchmark(b, chunkedTree(n, 100)) })
		b.Run(fmt.Sprintf("serial-%d", n), func(b *testing.B) { benchmark(b, chunkedTree(n, 1)) })
	}
}

func BenchmarkText(b *testing.B) {
	root := chunkedTree(2000, 100)
	b.ReportAllocs()
	for b.Loop() {
		Text(root, TextOptions{})
	}
}

func benchmark(b *testing.B, root *workflow.Node) {
	b.ReportAllocs()
	for b.Loop() {
		SVG(root, SVGOptions{})
	}
}

// chunkedTree is a group whose tasks run limit at a time.
func chunkedTree(n, limit int) *workflow.Node {
	root := parallelTree(n)
	root.Config = params.Of("_parallel", params.Of("limit", int64(limit)))
	var chunk *workflow.Barrier
	for i, c := range root.Children {
		if i > 0 && i%limit == 0 {
			chunk = &workflow.Barrier{}
			for s := i - limit; s < i; s++ {
				chunk.Siblings = append(chunk.Siblings, s)
			}
		}
		c.Barrier = chunk
	}
	return root
}
