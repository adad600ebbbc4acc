package process

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/internal/shebang"
)

// defaultPath is searched when no PATH is given anywhere; shells do the same.
const defaultPath = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"

// program is a command that is ready to be started.
type program struct {
	file string // absolute path
	args []string
	env  []string
	dir  string
}

// resolve checks a spec and finds its program. Errors are *runner.SpecError.
func resolve(spec runner.Spec, environ []string) (program, error) {
	var p program
	if err := runner.CheckToken(spec.Token); err != nil {
		return p, err
	}
	if len(spec.Command) == 0 || spec.Command[0] == "" {
		return p, &runner.SpecError{Reason: "the command is empty"}
	}
	for i, arg := range spec.Command {
		if strings.ContainsRune(arg, 0) {
			return p, &runner.SpecError{Reason: fmt.Sprintf("argument %d contains a NUL character", i)}
		}
	}
	env, err := environment(spec, environ)
	if err != nil {
		return p, err
	}
	if err := checkDir(spec.Dir); err != nil {
		return p, err
	}
	path, ok := lookup(env, "PATH")
	if !ok {
		if path, ok = lookup(environ, "PATH"); !ok {
			path = defaultPath
		}
	}
	file, err := findProgram(spec.Command[0], path, spec.Dir)
	return program{file: file, args: spec.Command, env: env, dir: spec.Dir}, err
}

func checkDir(dir string) error {
	if !filepath.IsAbs(dir) {
		return &runner.SpecError{Reason: fmt.Sprintf("the working directory %q is not an absolute path", dir)}
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &runner.SpecError{Reason: fmt.Sprintf("the working directory %s does not exist", dir)}
	case err != nil:
		return &runner.SpecError{Reason: "the working directory cannot be used", Err: err}
	case !info.IsDir():
		return &runner.SpecError{Reason: fmt.Sprintf("the working directory %s is not a directory", dir)}
	}
	return nil
}

// environment is what the command sees: heitan's own if the spec inherits it,
// then the spec's, then the token, each variable once.
func environment(spec runner.Spec, environ []string) ([]string, error) {
	var inherited []string
	if spec.InheritEnv {
		inherited = environ
	}
	return runner.MergeEnv(inherited, spec.Env, []string{TokenVariable + "=" + spec.Token})
}

func lookup(env []string, key string) (string, bool) {
	for _, entry := range slices.Backward(env) {
		if value, ok := strings.CutPrefix(entry, key+"="); ok {
			return value, true
		}
	}
	return "", false
}

// findProgram is what a shell in dir would run for the name.
func findProgram(name, path, dir string) (string, error) {
	if strings.ContainsRune(name, '/') {
		file := name
		if !filepath.IsAbs(file) {
			file = filepath.Join(dir, file)
		}
		return file, checkProgram(name, file)
	}
	var denied error
	for _, folder := range filepath.SplitList(path) {
		if !filepath.IsAbs(folder) {
			folder = filepath.Join(dir, folder) // "" is the working directory
		}
		file := filepath.Join(folder, name)
		_, err := exec.LookPath(file)
		if err == nil {
			return file, nil
		}
		if errors.Is(err, fs.ErrPermission) && denied == nil {
			denied = checkProgram(file, file)
		}
	}
	if denied != nil {
		return "", denied
	}
	return "", &runner.SpecError{
		Reason: fmt.Sprintf("the program %q is not found in PATH", name),
		Hint:   "PATH is " + path,
	}
}

// checkProgram says why a file cannot be run, in the words the user has for it.
func checkProgram(name, file string) error {
	_, err := exec.LookPath(file)
	if err == nil {
		return nil
	}
	info, statErr := os.Stat(file)
	switch {
	case errors.Is(statErr, fs.ErrNotExist):
		return &runner.SpecError{Reason: fmt.Sprintf("the program %s does not exist", name)}
	case statErr != nil:
		return &runner.SpecError{Reason: fmt.Sprintf("the program %s cannot be used", name), Err: statErr}
	case info.IsDir():
		return &runner.SpecError{Reason: name + " is a directory, not a program"}
	case errors.Is(err, fs.ErrPermission):
		return &runner.SpecError{Reason: name + " is not executable", Hint: "chmod +x " + name}
	}
	return &runner.SpecError{Reason: fmt.Sprintf("the program %s cannot be used", name), Err: err}
}

// explain tells a start that can never succeed from one that failed for now.
func explain(p program, err error) error {
	name := p.args[0]
	switch {
	case errors.Is(err, syscall.E2BIG):
		return &runner.SpecError{
			Reason: "the command's arguments and environment are larger than the system allows",
			Hint:   "the largest is " + largest(p) + "; pass large values in files",
		}
	case errors.Is(err, syscall.ENOEXEC):
		return &runner.SpecError{
			Reason: name + " is executable but not a program of this system",
			Hint:   "a script needs a first line such as #!/bin/sh; a binary must be built for this processor",
		}
	case errors.Is(err, fs.ErrNotExist):
		if interpreter := shebang.Interpreter(p.file); interpreter != "" {
			return &runner.SpecError{
				Reason: fmt.Sprintf("%s is run by %q, which does not exist", name, interpreter),
				Hint:   "see its first line; it must not end in a carriage return",
			}
		}
		return &runner.SpecError{Reason: name + " or a library it needs does not exist", Err: err}
	case errors.Is(err, fs.ErrPermission):
		return &runner.SpecError{Reason: name + " must not be run", Err: err}
	}
	return fmt.Errorf("start %s: %w", name, err)
}

// largest names the largest argument or variable, never its value.
func largest(p program) string {
	arg := slices.MaxFunc(p.args, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	variable := slices.MaxFunc(p.env, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	if len(arg) >= len(variable) {
		return fmt.Sprintf("an argument of %d bytes", len(arg))
	}
	name, _, _ := strings.Cut(variable, "=")
	return fmt.Sprintf("the variable %s with %d bytes", name, len(variable))
}
