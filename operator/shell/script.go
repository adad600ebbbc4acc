package shell

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/params"
)

// Files in the scratch folder of a script.
const (
	inputFile  = "input.json"
	outputFile = "output.json"
)

// language is what makes py> or rb> of a script.
type language struct {
	title  string // "Python"
	runner command.File
	script string // name of the file that holds an inline script
	// invoke is the interpreter's command line up to the script, which is the runner
	// if the task names what to call, and what follows the script's own arguments.
	invoke func(t task, named bool) (before, after []string)
	// explain adds what a script reported to the message that it failed.
	explain func(message string, r report) string
	missing string // hint for when the interpreter cannot be started
}

// script is the operator of a language: the runner calls what the task names. A
// task that names nothing but has a `script` runs that instead, which then has to
// read and write the files itself.
type script struct{ language }

func (s script) plan(_ context.Context, t task) (command.Plan, error) {
	file, args := s.runner, []string(nil)
	_, named := t.params.Command()
	if named {
		args = []string{t.params.CommandText()}
	} else {
		file = command.File{Name: s.script, Data: []byte(t.params.String("script"))}
	}
	before, after := s.invoke(t, named)
	if err := t.params.Err(); err != nil {
		f := operator.AsFailure(err)
		if f.Hint == "" && !named {
			f.Hint = "write what to call behind `" + t.Type + ">:`"
		}
		return command.Plan{}, f
	}
	return command.Plan{
		Files: []command.File{file, {Name: inputFile, Data: params.AppendJSON(nil, params.Of("params", t.seen))}},
		Command: func(scratch string) []string {
			files := []string{filepath.Join(scratch, inputFile), filepath.Join(scratch, outputFile)}
			return slices.Concat(before, []string{filepath.Join(scratch, file.Name)}, args, files, after)
		},
		Env:     t.env,
		Missing: s.missing,
	}, nil
}

func (s script) answer(ended *command.Ended) (operator.Result, error) {
	output, err := readOutput(ended)
	if f := ended.Failure(s.title + " command"); f != nil {
		if r, ok := reported(output); ok {
			f.Message = s.explain(f.Message, r)
			f.Trace = r.text()
			f.Hint = r.hint()
		}
		return operator.Result{}, f
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return operator.Result{}, operator.Runtimef("output.json does not exist. Something unexpected error happened. Please check logs.").
			WithHint("the script may have ended its own process, or changed into another one")
	case err != nil:
		return operator.Result{}, operator.Runtimef("read what the script handed on: %w", err)
	}
	return resultOf(output)
}
