package command_test

import (
	"testing"

	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/runner"
)

func TestFailureSaysHowTheCommandEnded(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		outcome runner.Outcome
		memory  int64
		message string
		hint    string
	}{
		{"exit code", runner.Outcome{ExitCode: 2}, 0, "Command failed with code 2", ""},
		{"signal", runner.Outcome{ExitCode: 139, Signal: "SIGSEGV"}, 0, "Command failed with code 139", "it was ended by SIGSEGV"},
		{
			"out of memory",
			runner.Outcome{ExitCode: 137, Signal: "SIGKILL", OOMKilled: true, Usage: runner.Usage{PeakMemory: 536_000_000}},
			512 << 20,
			"Command failed with code 137: it used more memory than it may: limit 512 MB, peak 511.2 MB", "give the task more with `memory:`, or make it use less",
		},
		{
			"out of memory by another limit",
			runner.Outcome{ExitCode: 137, OOMKilled: true},
			0,
			"Command failed with code 137: it used more memory than it may: the limit was not set by the task", "give the task more with `memory:`, or make it use less",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ended := command.Ended{Outcome: c.outcome, Place: command.Place{Limits: command.Limits{Memory: c.memory}}}
			f := ended.Failure("Command")
			if f.Error() != c.message+" (runtime)" || f.Hint != c.hint {
				t.Errorf("failure = %s, hint %s", f, f.Hint)
			}
		})
	}
	if f := (&command.Ended{}).Failure("Command"); f != nil {
		t.Errorf("failure of a success: %v", f)
	}
}
