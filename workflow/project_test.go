package workflow_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

func TestAProjectIsTheWorkflowFilesOfItsTopFolder(t *testing.T) {
	t.Parallel()
	text := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	p, problems := workflow.LoadProject(fstest.MapFS{
		"b.dig": text("+x: {echo>: x}\n"), "a.dig": text("{}\n"), "broken.dig": text("meta: 1\n"),
		"a.yml": text("- no\n"), ".hidden.dig": text("- no\n"), "sub/c.dig": text("- no\n"), "folder.dig/x": text("- no\n"),
		"tmp1.dig": text("- no\n"), "tmp2.dig": text("+y: {}\n"),
		".digdagignore": text("# drafts\ntmp*.dig\n!tmp2.dig\n"),
	})
	if diff := cmp.Diff([]string{"a", "b", "tmp2"}, p.Names()); diff != "" {
		t.Error(diff)
	}
	if len(problems) != 1 || problems[0].Pos.File != "broken.dig" {
		t.Errorf("got %s", problems)
	}
	if w, ok := p.Find("b"); !ok || w.File != "b.dig" || w.Root.Name != "+b" || w.Root.Size() != 2 {
		t.Errorf("got %+v", w)
	}
	if _, ok := p.Find("broken"); ok {
		t.Error("a broken workflow is there")
	}
}

func TestCalledFilesWorkInTheirFolder(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"top.dig":     "+x: {}\n",
		"lib/a.dig":   "timezone: Asia/Tokyo\nschedule: {daily>: 07:00:00}\nsla: {time: 10:00}\n_export: {k: 1}\n",
		"lib/dir.dig": "_export: {_workdir: more, k: 1}\n",
		"lib/bad.dig": "_export: [k]\n",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for _, c := range []struct{ dir, name, want string }{
		{"", "top", `{"+x":{}}`},
		{"", "top.dig", `{"+x":{}}`},
		{"lib", "../top", `{"+x":{}}`},
		{"", "lib/a", `{"_export":{"k":1,"_workdir":"lib"}}`},
		{"lib", "a.dig", `{"_export":{"k":1,"_workdir":"lib"}}`},
		{"lib", "dir", `{"_export":{"_workdir":"lib/more","k":1}}`},
		{"", "dir", "File not found: dir.dig"},
		{"", "lib/bed", "lib/bed.dig (did you mean `bad.dig`?)"},
		{"", "lib/b", "File not found: lib/b.dig"},
		{"", "lib/bad", `{"_export":["k"]}`},
	} {
		doc, err := workflow.LoadCalled(files, c.dir, c.name)
		got := params.JSON(doc)
		if err != nil {
			got = err.Error()
		}
		if !strings.HasSuffix(got, c.want) {
			t.Errorf("%s in %q: got %s, want %s", c.name, c.dir, got, c.want)
		}
	}
}

func TestIncludesAreBounded(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"loop.dig": {Data: []byte("!include : loop.dig\n")},
		"many.dig": {Data: []byte(strings.Repeat("!include : one.dig\n", 1500))},
		"one.dig":  {Data: []byte("a: 1\n")},
		"wide.dig": {Data: []byte("x: &x {y: 1}\n" + strings.Repeat("!include : twice.dig\n", 2))},
	}
	text := "!include : twice.dig\n"
	files["twice.dig"] = &fstest.MapFile{Data: []byte(strings.Repeat("!include : t1.dig\n", 2))}
	for i := range 30 { // each file includes the next one twice
		next := "t" + string(rune('1'+i+1)) + ".dig"
		files["t"+string(rune('1'+i))+".dig"] = &fstest.MapFile{Data: []byte(strings.Repeat("!include : "+next+"\n", 2))}
	}
	files["t"+string(rune('1'+30))+".dig"] = &fstest.MapFile{Data: []byte("a: 1\n")}
	files["bomb.dig"] = &fstest.MapFile{Data: []byte(text)}
	for file, want := range map[string]string{
		"loop.dig": "files include each other: loop.dig -> loop.dig",
		"many.dig": "more than 1000 files are included",
		"bomb.dig": "more than 1000 files are included",
	} {
		_, problems := workflow.NewLoader(files).Load(file)
		if len(problems) == 0 || !slices.ContainsFunc(problems, func(d diag.Diagnostic) bool { return strings.Contains(d.Message, want) }) {
			t.Errorf("%s: got %.300s", file, problems)
		}
	}
}

func TestNamesOfWorkflows(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"report": "", "a+b^c": "", "_x": "", "日本": "", "a.b": "", strings.Repeat("é", 255): "",
		"": "the name is empty", "1st": "must not begin with a digit", "x.dig": "must not end with .dig",
		"+a": "must not begin with '+'", "^a": "must not begin with '^'", "@a": "begin with '@'", "/a": "begin with '/'", `\a`: `begin with '\'`,
		":a": "begin with ':'", "*a": "begin with '*'", "?a": "begin with '?'", `"a`: `begin with '"'`, "<a": "begin with '<'", ">a": "begin with '>'",
		"|a": "begin with '|'", strings.Repeat("é", 256): "longer than 255 characters",
	} {
		if got := workflow.CheckName(name); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%.20q: got %q, want %q", name, got, want)
		}
	}
}
