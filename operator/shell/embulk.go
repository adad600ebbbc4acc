package shell

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// embulk is embulk>: a bulk load of a configuration that is a file, whose
// templates are evaluated, or stands in the task.
type embulk struct{}

const loadFile = "load.yml"

func (embulk) plan(ctx context.Context, t task) (command.Plan, error) {
	config, err := loadConfig(ctx, t)
	if err != nil {
		return command.Plan{}, err
	}
	expanded, err := t.Secrets.ExpandAll(ctx, config)
	if err != nil {
		return command.Plan{}, err
	}
	env := t.env
	if t.place.Contained() {
		env = append(ownEnviron(t.Environ), env...)
	}
	return command.Plan{
		Files: []command.File{{Name: loadFile, Data: params.AppendJSON(nil, expanded)}}, // JSON is YAML
		Command: func(scratch string) []string {
			return []string{"embulk", "run", filepath.Join(scratch, loadFile)}
		},
		Env:     env,
		Missing: "embulk> needs the program embulk on PATH, or in the image named by `docker:`",
	}, nil
}

// loadConfig is the configuration: a map behind embulk>, the file it names, or the
// map `config`.
func loadConfig(ctx context.Context, t task) (*params.Object, error) {
	named, ok := t.params.Command()
	if !ok {
		config := t.params.Object("config")
		return config, t.params.Err()
	}
	inline, isMap := named.(*params.Object)
	if isMap && !inline.Has("data") {
		return inline, nil
	}
	text, err := t.Template(ctx, named)
	if err != nil {
		return nil, err
	}
	file, _ := operator.AsString(named)
	config, problems := workflow.ParseYAML(file, []byte(text))
	if problems.HasErrors() {
		return nil, operator.Configf("Failed to parse yaml file: %w", problems)
	}
	return config, nil
}

// ofThisMachine are variables that name things on heitan's machine, which mean
// nothing in a container.
var ofThisMachine = []string{"PATH", "HOME", "PWD", "OLDPWD", "TMPDIR", "HOSTNAME", "SHELL", "USER", "LOGNAME"}

// ownEnviron is the part of heitan's environment that embulk gets in a container.
// Digdag hands all of it over; what would only break the container, and heitan's
// own settings, stay outside.
func ownEnviron(environ []string) []string {
	var env []string
	for _, setting := range environ {
		name, _, _ := strings.Cut(setting, "=")
		if slices.Contains(ofThisMachine, name) || strings.HasPrefix(name, "HEITAN_") {
			continue
		}
		env = append(env, setting)
	}
	return env
}

func (embulk) answer(ended *command.Ended) (operator.Result, error) { return sh{}.answer(ended) }
