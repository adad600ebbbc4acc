package workflow

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	ignore "github.com/sabhiram/go-gitignore"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
)

// Project is the compiled workflows of a folder, in the order of their files' names.
type Project struct {
	Workflows []*Workflow
}

// Find is the workflow of a name.
func (p *Project) Find(name string) (*Workflow, bool) {
	for _, w := range p.Workflows {
		if w.Name == name {
			return w, true
		}
	}
	return nil, false
}

// Names are the names of the workflows.
func (p *Project) Names() []string {
	names := make([]string, len(p.Workflows))
	for i, w := range p.Workflows {
		names[i] = w.Name
	}
	return names
}

// LoadProject compiles every workflow file in the top folder of a project, and
// returns the problems of all of them.
func LoadProject(files fs.FS) (*Project, diag.List) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return &Project{}, diag.List{{Code: "unreadable-file", Message: fmt.Sprintf("read the project's folder: %v", err)}}
	}
	ignored, problems := ignoreRules(files)
	project := &Project{}
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, fileSuffix) || strings.HasPrefix(name, ".") || ignored(name) || !isRegular(files, e) {
			continue
		}
		w, found := LoadWorkflow(files, name)
		problems = append(problems, found...)
		if !found.HasErrors() {
			project.Workflows = append(project.Workflows, w)
		}
	}
	return project, problems
}

// LoadWorkflow compiles one file, given by its slash-separated path in the project.
func LoadWorkflow(files fs.FS, file string) (*Workflow, diag.List) {
	doc, problems := NewLoader(files).Load(file)
	if problems.HasErrors() {
		return nil, problems
	}
	w, found := Compile(strings.TrimSuffix(file, fileSuffix), file, doc)
	return w, append(problems, found...)
}

// LoadCalled reads a file for call>: its name may lack .dig and is relative to
// dir. The body's tasks work in the file's own folder.
func LoadCalled(files fs.FS, dir, name string) (*params.Object, error) {
	if !strings.HasSuffix(name, fileSuffix) {
		name += fileSuffix
	}
	file := path.Join(dir, name)
	doc, problems := NewLoader(files).Load(file)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	doc = doc.Without("timezone", "schedule", "sla")
	if folder := path.Dir(file); folder != "." {
		doc = InFolder(doc, folder)
	}
	return doc, nil
}

// isRegular reports whether an entry is a file, following links within the project.
func isRegular(files fs.FS, e fs.DirEntry) bool {
	if e.Type().IsRegular() {
		return true
	}
	info, err := fs.Stat(files, e.Name())
	return err == nil && info.Mode().IsRegular()
}

// ignoreRules reads .digdagignore, which has the syntax of .gitignore.
func ignoreRules(files fs.FS) (func(name string) bool, diag.List) {
	const file = ".digdagignore"
	text, err := NewLoader(files).read(file)
	if errors.Is(err, fs.ErrNotExist) {
		return func(string) bool { return false }, nil
	}
	if err != nil {
		return func(string) bool { return false }, diag.List{{
			Pos: params.Pos{File: file}, Code: "unreadable-file", Message: fmt.Sprintf("read %s: %v", file, err),
		}}
	}
	return ignore.CompileIgnoreLines(strings.Split(string(text), "\n")...).MatchesPath, nil
}
