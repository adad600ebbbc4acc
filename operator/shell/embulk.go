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
	expanded, err := expandSecrets(ctx, t.Secrets, config)
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

// expandSecrets is v with the secrets in its texts. They are put into values, not
// into the file's text, so that no secret can change what the file says.
func expandSecrets(ctx context.Context, secrets *operator.Secrets, v params.Value) (params.Value, error) {
	switch v := v.(type) {
	case string:
		return secrets.Expand(ctx, v)
	case params.List:
		list := make(params.List, len(v))
		for i, element := range v {
			expanded, err := expandSecrets(ctx, secrets, element)
			if err != nil {
				return nil, err
			}
			list[i] = expanded
		}
		return list, nil
	case *params.Object:
		entries := make([]params.Entry, 0, v.Len())
		for e := range v.Entries() {
			expanded, err := expandSecrets(ctx, secrets, e.Value)
			if err != nil {
				return nil, err
			}
			entries = append(entries, params.Entry{Key: e.Key, Value: expanded, Pos: e.Pos})
		}
		return params.New(entries...), nil
	}
	return v, nil
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
