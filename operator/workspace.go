package operator

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/heitan/heitan/params"
)

// Workspace is the folder of a project's files that a task sees.
type Workspace struct {
	Root string // absolute
	Dir  string // the task's _workdir below Root, "" for Root itself
}

// Path is the absolute path of the folder in which the task works.
func (w Workspace) Path() string { return filepath.Join(w.Root, w.Dir) }

// Resolve is the absolute path of a file that the task names. The file must be in
// the project, also when links are followed: unlike in Digdag, a project cannot
// name files of the machine by a link that it brings along.
func (w Workspace) Resolve(name string) (string, error) {
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(w.Path(), name)
	}
	if !w.contains(path) || !w.holds(path) {
		return "", Configf("File name must not be outside of project path: %s", name)
	}
	return path, nil
}

func (w Workspace) contains(path string) bool { return within(w.Root, path) }

func within(root, path string) bool {
	rel, err := filepath.Rel(root, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// holds reports whether a path in the project leads to a place in the project. What
// does not exist is no link, so the deepest folder that does decides.
func (w Workspace) holds(path string) bool {
	root, err := filepath.EvalSymlinks(w.Root)
	if err != nil {
		return true // there is no such project, as whoever opens the file will find
	}
	for path != w.Root && path != filepath.Dir(path) {
		if target, err := filepath.EvalSymlinks(path); err == nil {
			return within(root, target)
		}
		path = filepath.Dir(path)
	}
	return true
}

// NewWorkspace is the workspace of a task with the given _workdir, which must
// be in the project.
func NewWorkspace(root, workdir string) (Workspace, error) {
	w := Workspace{Root: root}
	dir := workdir
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(root, workdir)
	}
	if !w.contains(dir) {
		return w, Configf("Working directory must not be outside of project path: %s", workdir)
	}
	w.Dir, _ = filepath.Rel(root, dir)
	if w.Dir == "." {
		w.Dir = ""
	}
	return w, nil
}

// maxTemplateSize bounds the files that are read into memory as templates.
const maxTemplateSize = 16 << 20

// Template is the evaluated text that a param names: the path of a file in the
// workspace, or `{data: text}`, which was evaluated already.
func (r *Request) Template(ctx context.Context, v params.Value) (string, error) {
	if inline, ok := v.(*params.Object); ok {
		text, ok := inline.Get("data")
		if !ok {
			return "", Configf("Parameter 'data' is required but not set")
		}
		s, ok := AsString(text)
		if !ok {
			return "", Configf("Expected string type for key 'data' but got a %s", params.Kind(text))
		}
		return s, nil
	}
	name, ok := AsString(v)
	if !ok {
		return "", Configf("Expected a file name or {data: text} but got a %s", params.Kind(v))
	}
	text, err := r.readFile(name)
	if err != nil {
		return "", err
	}
	return r.Render(ctx, name, text)
}

func (r *Request) readFile(name string) (string, error) {
	path, err := r.Workspace.Resolve(name)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	switch {
	case os.IsNotExist(err):
		return "", Configf("File not found: %s", name)
	case err != nil:
		return "", Configf("Read %s: %w", name, err)
	case !info.Mode().IsRegular(): // a pipe would never end
		return "", Configf("Read %s: it is not a regular file", name)
	case info.Size() > maxTemplateSize:
		return "", Configf("File %s is larger than %d MiB", name, maxTemplateSize>>20)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", Configf("Read %s: %w", name, err)
	}
	return string(data), nil
}
