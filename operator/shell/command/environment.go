package command

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

var variableName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z_0-9]*$`)

// IsVariableName reports whether a shell can read an environment variable of
// that name.
func IsVariableName(name string) bool { return variableName.MatchString(name) }

// Variables are the environment variables of the task's own `_env`, as KEY=VALUE,
// with their secrets.
func Variables(ctx context.Context, req *operator.Request) ([]string, error) {
	own := req.Params.Own()
	settings := own.ObjectOr("_env", nil)
	if err := own.Err(); err != nil {
		return nil, err
	}
	env := make([]string, 0, settings.Len())
	for e := range settings.Entries() {
		if !IsVariableName(e.Key) {
			return nil, operator.Configf("Invalid _env key name: %s", e.Key).At(e.Pos)
		}
		text, ok := operator.AsString(e.Value)
		if !ok && e.Value != nil {
			text = params.JSON(e.Value)
		}
		value, err := req.Secrets.Expand(ctx, text)
		if err != nil {
			return nil, err
		}
		env = append(env, e.Key+"="+value)
	}
	return env, nil
}

// LookPath is where the PATH of an environment has a program. Folders that are
// not absolute are passed over, because what they hold depends on where one is.
func LookPath(environ []string, program string) (string, bool) {
	for _, dir := range filepath.SplitList(variable(environ, "PATH")) {
		if !filepath.IsAbs(dir) {
			continue
		}
		if path := filepath.Join(dir, program); IsExecutable(path) {
			return path, true
		}
	}
	return "", false
}

// IsExecutable reports whether path is a file that can be run.
func IsExecutable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// variable is the value of the last setting of a variable, which is the one that counts.
func variable(environ []string, name string) string {
	value := ""
	for _, setting := range environ {
		if v, ok := strings.CutPrefix(setting, name+"="); ok {
			value = v
		}
	}
	return value
}
