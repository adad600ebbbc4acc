package shell

import (
	_ "embed"
	"slices"

	"github.com/heitan/heitan/operator/shell/command"
)

//go:embed runner.rb
var rubyRunner []byte

// ruby makes rb>.
var ruby = language{
	title:   "Ruby",
	runner:  command.File{Name: "runner.rb", Data: rubyRunner},
	script:  "script.rb",
	invoke:  invokeRuby,
	more:    feature,
	explain: func(message string, r report) string { return message + ": " + r.summary() + r.from() },
	missing: "rb> needs Ruby 2.7 or newer; name the interpreter with `ruby:`",
}

// invokeRuby leaves `require` to the runner, unlike Digdag, so that what fails in
// the required file is reported too. An inline script has no runner.
func invokeRuby(t task, plain bool) []string {
	line := t.params.Strings("ruby")
	if len(line) == 0 {
		line = []string{"ruby"}
	}
	line = append(slices.Clip(line), "-I", t.Workspace.Path())
	if plain {
		for _, name := range feature(t) {
			line = append(line, "-r", name)
		}
	}
	return append(line, "--")
}

// feature is what the task's `require` names, or nothing.
func feature(t task) []string {
	if name := t.params.StringOr("require", ""); name != "" {
		return []string{name}
	}
	return nil
}
