package local

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/workflow"
)

// Load compiles the project's workflows and finds the target among them. All
// files of the project's folder must be in order, as in Digdag. The error is a
// [diag.List] or a *[heitan.Error].
func Load(dir, target string) (*workflow.Project, *workflow.Workflow, diag.List, error) {
	if err := CheckFolder(dir); err != nil {
		return nil, nil, nil, err
	}
	files := os.DirFS(dir)
	project, problems := workflow.LoadProject(files)
	file, isFile := targetFile(dir, target)
	if isFile && !fs.ValidPath(file) {
		return nil, nil, problems, notFound(files, target, isFile, file, project.Names())
	}
	if isFile && path.Dir(file) != "." {
		w, found := workflow.LoadWorkflow(files, file)
		problems = append(problems, found...)
		if w != nil {
			project.Workflows = append(project.Workflows, w)
		}
	}
	if err := problems.Err(); err != nil {
		return nil, nil, problems, err
	}
	name := target
	if isFile {
		name = strings.TrimSuffix(file, ".dig")
	}
	w, ok := project.Find(name)
	if !ok {
		return nil, nil, problems, notFound(files, target, isFile, file, project.Names())
	}
	return project, w, problems, nil
}

// CheckFolder refuses a project that is no folder or cannot be read.
func CheckFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &heitan.Error{Kind: heitan.NotFound, Msg: "there is no folder " + dir, Hint: "--project names the folder of the workflow files"}
	case err == nil && !info.IsDir():
		return &heitan.Error{Kind: heitan.Invalid, Msg: dir + " is no folder", Hint: "--project names the folder of the workflow files"}
	}
	if _, err := os.ReadDir(dir); err != nil {
		return &heitan.Error{Kind: heitan.Denied, Msg: "read the project's folder", Err: err}
	}
	return nil
}

// targetFile is the slash-separated path of a target that is a file. A path that
// is not below dir stays as it is, and is not found later.
func targetFile(dir, target string) (file string, ok bool) {
	if !strings.HasSuffix(target, ".dig") {
		return "", false
	}
	if filepath.IsAbs(target) {
		if rel, err := filepath.Rel(dir, target); err == nil {
			target = rel
		}
	}
	return path.Clean(filepath.ToSlash(target)), true
}

func notFound(files fs.FS, target string, isFile bool, file string, names []string) error {
	e := &heitan.Error{Kind: heitan.NotFound, Msg: "no workflow " + target}
	switch info, err := fs.Stat(files, file); {
	case !isFile:
		e.Hint = cmp.Or(diag.DidYouMean(target, names), whatIsHere(names))
	case strings.HasPrefix(file, "..") || path.IsAbs(file):
		e.Msg = fmt.Sprintf("%s is not in the project's folder", target)
		e.Hint = "give the folder with --project " + path.Dir(target)
	case errors.Is(err, fs.ErrNotExist):
		e.Msg = "there is no file " + target
		e.Hint = cmp.Or(diag.DidYouMean(strings.TrimSuffix(file, ".dig"), names), whatIsHere(names))
	case err == nil && info.IsDir():
		e.Msg = target + " is a folder"
		e.Hint = "name a workflow file, and the folder with --project if it is another"
	case err != nil:
		e.Msg, e.Err = "read "+target, err
	default:
		e.Hint = "the file is left out by .digdagignore, or its name begins with a dot"
	}
	return e
}

func whatIsHere(names []string) string {
	if len(names) == 0 {
		return "there are no .dig files here; name the folder of the project with --project"
	}
	return "the workflows here are: " + strings.Join(names, ", ")
}
