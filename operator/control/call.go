package control

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// call runs the tasks of another file of the project, given by its path from the
// task's folder, with or without .dig.
func call(_ context.Context, req *operator.Request) (operator.Result, error) {
	p := req.Params
	name := p.CommandText()
	if err := p.Err(); err != nil {
		return operator.Result{}, err
	}
	file, err := inProject(req.Workspace, name)
	if err != nil {
		return operator.Result{}, err
	}
	// A root follows links within the project only, so that a task cannot show
	// parts of heitan's own files in error messages.
	root, err := os.OpenRoot(req.Workspace.Root)
	if err != nil {
		return operator.Result{}, fmt.Errorf("open the project: %w", err)
	}
	defer func() { _ = root.Close() }()
	body, err := workflow.LoadCalled(root.FS(), "", file)
	if err != nil {
		return operator.Result{}, broken(err, p.Pos("_command"))
	}
	if _, err := workflow.CompileTask("^sub", body); err != nil {
		return operator.Result{}, broken(err, p.Pos("_command"))
	}
	return operator.Result{Subtasks: body}, nil
}

// inProject is the slash-separated path in the project of a file that is named
// in the task's folder.
func inProject(w operator.Workspace, name string) (string, error) {
	path, err := w.Resolve(name)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(w.Root, path)
	if err != nil || rel == "." {
		return "", operator.Configf("File not found: %s", name)
	}
	return filepath.ToSlash(rel), nil
}

// broken is the failure of a file that cannot be used. The problems are its
// cause; the first is what it says, at its place if it has one, else at caller.
func broken(err error, caller params.Pos) error {
	problems, ok := errors.AsType[diag.List](err)
	if !ok {
		return err
	}
	var errs diag.List
	for _, d := range problems {
		if d.Severity == diag.Error {
			errs = append(errs, d)
		}
	}
	first := errs[0]
	f := &operator.Failure{Message: first.Message, Kind: operator.KindConfig, Hint: first.Hint, Pos: first.Pos, Err: problems}
	if len(errs) > 1 {
		f.Message = fmt.Sprintf("%d problems in the called file:\n%s", len(errs), errs.Error())
		f.Hint = ""
	}
	if f.Pos.IsZero() {
		f.Pos = caller
	}
	return f
}
