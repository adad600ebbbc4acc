package external

import (
	"os"
	"path/filepath"
	"regexp"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/runner"
)

const (
	// projectDir holds a project's own operators.
	projectDir = ".heitan/operators"
	prefix     = "heitan-operator-"
)

// name is what an operator can be called. It cannot be a path.
var name = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$`)

// NewFinder finds operators for a registry: first in the project, then on the PATH
// of environ. Their executables are run by processes, which has to be a runner of
// processes on this machine.
func NewFinder(processes runner.Runner, environ []string) operator.Finder {
	runners := command.Runners{command.Process: processes}
	return func(root, operatorName string) (operator.Entry, bool) {
		path, ok := find(root, operatorName, environ)
		if !ok {
			return operator.Entry{}, false
		}
		return operator.Entry{Operator: &executable{path: path, runners: runners}, SelfRetry: true}, true
	}
}

// find is the executable of an operator. A file in the project counts even if it
// cannot be executed, so that the task can say so.
func find(root, operatorName string, environ []string) (path string, ok bool) {
	if !name.MatchString(operatorName) {
		return "", false
	}
	path = filepath.Join(root, projectDir, prefix+operatorName)
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
		return path, true
	}
	return command.LookPath(environ, prefix+operatorName)
}
