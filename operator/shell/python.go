package shell

import (
	_ "embed"

	"github.com/heitan/heitan/operator/shell/command"
)

//go:embed runner.py
var pythonRunner []byte

// python makes py>.
var python = language{
	title:   "Python",
	runner:  command.File{Name: "runner.py", Data: pythonRunner},
	script:  "script.py",
	invoke:  func(t task, _ bool) (before, after []string) { return pythonOf(t), nil },
	explain: explainPython,
	missing: "py> needs Python 3.8 or newer; name the interpreter with `python:`, for example `python: python3`",
}

// pythonOf is the interpreter: `python`, else the program of that name. Many
// machines have only python3 today, which Digdag does not look for.
func pythonOf(t task) []string {
	if named := t.params.Strings("python"); len(named) > 0 {
		return named
	}
	if !t.place.Contained() {
		_, hasPython := command.LookPath(t.environ(), "python")
		_, hasPython3 := command.LookPath(t.environ(), "python3")
		if !hasPython && hasPython3 {
			return []string{"python3"}
		}
	}
	return []string{"python"}
}

func explainPython(message string, r report) string {
	return message + "\nError messages from python: " + r.summary() + r.from()
}
