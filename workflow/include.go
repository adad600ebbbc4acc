package workflow

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
)

const (
	maxIncludeDepth = 50
	// maxIncludes bounds the files that one file may pull in, repeats included.
	maxIncludes = 1000
)

// Loader reads YAML files of a project and the files they include.
type Loader struct {
	files fs.FS
}

// NewLoader makes a loader of the files of a project.
func NewLoader(files fs.FS) *Loader { return &Loader{files: files} }

// Load reads a file, given by its slash-separated path in the project.
func (l *Loader) Load(file string) (*params.Object, diag.List) {
	return l.load(file, params.Pos{File: file}, nil, &budget{files: maxIncludes})
}

// budget is shared by a file and all that it includes.
type budget struct {
	files int // that may still be read
	size  size
}

func (l *Loader) load(file string, from params.Pos, stack []string, b *budget) (*params.Object, diag.List) {
	refuse := func(code, message, hint string) (*params.Object, diag.List) {
		return nil, diag.List{{Pos: from, Code: code, Message: message, Hint: hint}}
	}
	if slices.Contains(stack, file) {
		return refuse("include-loop", "files include each other: "+strings.Join(append(stack, file), " -> "), "")
	}
	if len(stack) >= maxIncludeDepth {
		return refuse("include-loop", fmt.Sprintf("files are included more than %d levels deep", maxIncludeDepth), "")
	}
	if b.files--; b.files < 0 {
		return refuse("include-loop", fmt.Sprintf("more than %d files are included", maxIncludes), "")
	}
	text, err := l.read(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return refuse("file-not-found", "File not found: "+file, l.similarFile(file))
	case err != nil:
		return refuse("unreadable-file", fmt.Sprintf("read %s: %v", file, err), "")
	}
	stack = append(slices.Clip(stack), file)
	p := &parser{file: file, size: &b.size, include: func(name string, pos params.Pos) (*params.Object, diag.List) {
		if !b.size.fits() {
			return nil, nil // which is reported where it was found
		}
		target, err := includedPath(file, name)
		if err != nil {
			return nil, diag.List{{Pos: pos, Code: "bad-include", Message: err.Error()}}
		}
		return l.load(target, pos, stack, b)
	}}
	return p.parse(text)
}

// includedPath is the path of a file that file includes. It must stay below the
// including file's folder.
func includedPath(file, name string) (string, error) {
	name = path.Clean(name)
	if path.IsAbs(name) || name == ".." || strings.HasPrefix(name, "../") {
		return "", fmt.Errorf("File name must not include ..: %s", name)
	}
	return path.Join(path.Dir(file), name), nil
}

func (l *Loader) read(file string) ([]byte, error) {
	info, err := fs.Stat(l.files, file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a pipe would never end
		return nil, errors.New("it is not a regular file")
	}
	if info.Size() > maxFileSize {
		return nil, fmt.Errorf("it is larger than %d MiB", maxFileSize>>20)
	}
	return fs.ReadFile(l.files, file)
}

// similarFile is the hint for a file that does not exist: files of its folder whose
// names are like it, the endings apart.
func (l *Loader) similarFile(file string) string {
	entries, err := fs.ReadDir(l.files, path.Dir(file))
	if err != nil {
		return ""
	}
	stem := func(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }
	files := make(map[string][]string)
	for _, e := range entries {
		if !e.IsDir() {
			files[stem(e.Name())] = append(files[stem(e.Name())], e.Name())
		}
	}
	var similar []string
	for _, near := range diag.Nearest(stem(path.Base(file)), slices.Sorted(maps.Keys(files))) {
		similar = append(similar, files[near]...)
	}
	return diag.Suggest(similar)
}
