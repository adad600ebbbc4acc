package operator_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

// project makes a folder with a project, and a file and a folder outside of it.
func project(t *testing.T) operator.Workspace {
	t.Helper()
	root := filepath.Join(t.TempDir(), "project")
	for _, dir := range []string{"sub/deep", "../outside"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"a.txt", "sub/b.txt", "../outside/secret.txt"} {
		if err := os.WriteFile(filepath.Join(root, file), []byte(file), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{
		"to-file": "../outside/secret.txt", "to-dir": "../outside", "absolute": "/etc/hostname",
		"inside": "sub/b.txt", "inside-dir": "sub", "loop": "loop", "dangling": "nowhere", "chain": "to-dir",
	} {
		if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	return operator.Workspace{Root: root}
}

func TestFilesMustBeInTheProject(t *testing.T) {
	t.Parallel()
	w := project(t)
	for name, dir := range map[string]string{
		"a.txt": "", "./a.txt": "", "sub/b.txt": "", "sub/../a.txt": "", "new.txt": "", "new/deep.txt": "", "..a": "",
		"../a.txt": "sub", "b.txt": "sub", w.Root + "/a.txt": "",
		"inside": "", "inside-dir/b.txt": "", "loop": "", "dangling": "",
	} {
		w.Dir = dir
		path, err := w.Resolve(name)
		if err != nil || !strings.HasPrefix(path, w.Root+"/") {
			t.Errorf("%q in %q is %q, %v", name, dir, path, err)
		}
	}
	for name, dir := range map[string]string{
		"..": "", "../outside/secret.txt": "", "sub/../../outside": "", "/etc/passwd": "", "../../a.txt": "sub",
		w.Root + "2/a.txt": "", w.Root + "/../outside/secret.txt": "",
		"to-file": "", "to-dir/secret.txt": "", "to-dir/new.txt": "", "to-dir/new/deep.txt": "", "absolute": "", "chain/secret.txt": "", "../to-file": "sub",
	} {
		w.Dir = dir
		path, err := w.Resolve(name)
		if err == nil || err.Error() != "File name must not be outside of project path: "+name+" (config)" {
			t.Errorf("%q in %q is %q, %v", name, dir, path, err)
		}
	}
}

func TestProjectMayItselfBeALink(t *testing.T) {
	t.Parallel()
	w := project(t)
	link := filepath.Join(filepath.Dir(w.Root), "link")
	if err := os.Symlink(w.Root, link); err != nil {
		t.Fatal(err)
	}
	if path, err := (operator.Workspace{Root: link}).Resolve("sub/b.txt"); err != nil || path != link+"/sub/b.txt" {
		t.Errorf("path %q, %v", path, err)
	}
}

func TestWorkdirMustBeInTheProject(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for workdir, want := range map[string]string{"": "", ".": "", "sub": "sub", "sub/../other": "other", root: "", root + "/sub": "sub"} {
		w, err := operator.NewWorkspace(root, workdir)
		if err != nil || w.Dir != want || w.Path() != filepath.Join(root, want) {
			t.Errorf("%q: %+v, %v", workdir, w, err)
		}
	}
	for _, workdir := range []string{"..", "../x", "sub/../..", "/", root + "x"} {
		if w, err := operator.NewWorkspace(root, workdir); err == nil || err.Error() != "Working directory must not be outside of project path: "+workdir+" (config)" {
			t.Errorf("%q: %+v, %v", workdir, w, err)
		}
	}
}

func TestTemplateIsAFileOrInlineText(t *testing.T) {
	t.Parallel()
	req, _ := operatortest.Request(t, params.Of("n", int64(3)), operatortest.WithFiles(map[string]string{"q.sql": "select ${n}"}))
	for _, c := range []struct {
		v          params.Value
		text, fail string
	}{
		{v: "q.sql", text: "select 3"},
		{v: params.Of("data", "select ${n}"), text: "select ${n}"}, // evaluated with the task's other keys, once
		{v: params.Of("data", int64(7)), text: "7"},
		{v: "gone.sql", fail: "File not found: gone.sql (config)"},
		{v: "../q.sql", fail: "File name must not be outside of project path: ../q.sql (config)"},
		{v: ".", fail: "(config)"},
		{v: params.Of("date", "x"), fail: "Parameter 'data' is required but not set (config)"},
		{v: params.Of("data", params.List{}), fail: "Expected string type for key 'data'"},
		{v: params.List{}, fail: "Expected a file name or {data: text} but got a"},
	} {
		text, err := req.Template(t.Context(), c.v)
		if c.fail == "" && (err != nil || text != c.text) || c.fail != "" && (err == nil || !strings.Contains(err.Error(), c.fail)) {
			t.Errorf("%s is %q, %v", params.JSON(c.v), text, err)
		}
	}
}

func TestTemplateThatIsNoFileIsRefused(t *testing.T) {
	t.Parallel()
	req, _ := operatortest.Request(t, params.Empty())
	if err := syscall.Mkfifo(filepath.Join(req.Workspace.Root, "pipe.sql"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := req.Template(t.Context(), "pipe.sql"); err == nil || err.Error() != "Read pipe.sql: it is not a regular file (config)" {
		t.Errorf("error %v", err)
	}
}

func TestTemplateThatIsTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	req, _ := operatortest.Request(t, params.Empty())
	file, err := os.Create(filepath.Join(req.Workspace.Root, "large.sql"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := file.Truncate(16<<20 + 1); err != nil {
		t.Fatal(err)
	}
	if _, err := req.Template(t.Context(), "large.sql"); err == nil || err.Error() != "File large.sql is larger than 16 MiB (config)" {
		t.Errorf("error %v", err)
	}
}
