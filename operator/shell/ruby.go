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
	explain: func(message string, r report) string { return message + ": " + r.summary() + r.from() },
	missing: "rb> needs Ruby 2.7 or newer; name the interpreter with `ruby:`",
}

// invokeRuby leaves `require` to the runner, unlike Digdag, so that what fails in
// the required file is reported too. An inline script has no runner.
func invokeRuby(t task, named bool) (before, after []string) {
	before = t.params.Strings("ruby")
	if len(before) == 0 {
		before = []string{"ruby"}
	}
	before = append(slices.Clip(before), "-I", t.Workspace.Path())
	if feature := t.params.StringOr("require", ""); feature != "" {
		if named {
			after = []string{feature}
		} else {
			before = append(before, "-r", feature)
		}
	}
	return append(before, "--"), after
}
