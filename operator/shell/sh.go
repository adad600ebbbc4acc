package shell

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/shell/command"
)

// sh is sh>: a script for a shell.
type sh struct{}

// plan gives the shell a file rather than an argument, so that scripts may be of
// any length and their text, which may hold secrets, stands in no process list.
func (sh) plan(ctx context.Context, t task) (command.Plan, error) {
	shell := t.params.Strings("shell")
	text := t.params.CommandText()
	if err := t.params.Err(); err != nil {
		return command.Plan{}, err
	}
	text, err := t.Secrets.Expand(ctx, text)
	if err != nil {
		return command.Plan{}, err
	}
	shell, file := shellFor(shell)
	return command.Plan{
		Files:   []command.File{{Name: file, Data: []byte(text)}},
		Command: func(scratch string) []string { return append(slices.Clip(shell), filepath.Join(scratch, file)) },
		Env:     append(variables(t.seen, t.Log), t.env...),
		Missing: "the shell " + shell[0] + " is needed to run the script; name another one with `shell:`",
	}, nil
}

// shellFor is the command line of a shell and the name that it wants its script to
// have. As in Digdag, the "-" that PowerShell needed long ago is dropped.
func shellFor(shell []string) (line []string, file string) {
	if len(shell) == 0 {
		return []string{"/bin/sh"}, "runner.sh"
	}
	program := strings.ToLower(filepath.Base(shell[0]))
	if !strings.HasPrefix(program, "powershell") && !strings.HasPrefix(program, "pwsh") {
		return shell, "runner.sh"
	}
	if len(shell) == 2 && shell[1] == "-" {
		shell = shell[:1]
	}
	return shell, "runner.ps1"
}

func (sh) answer(ended *command.Ended) (operator.Result, error) {
	if f := ended.Failure("Command"); f != nil {
		return operator.Result{}, f
	}
	return operator.Result{}, nil
}
