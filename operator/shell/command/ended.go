package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/runner"
)

// MaxMessage is about how many bytes of what a command says of its failure are
// kept. They become a param of the `_error` tasks.
const MaxMessage = 32 << 10

// Clip shortens a text to about MaxMessage.
func Clip(text string) string {
	if len(text) <= MaxMessage {
		return text
	}
	return strings.ToValidUTF8(text[:MaxMessage], "") + fmt.Sprintf("... (%d bytes in all)", len(text))
}

// Ended is a command that has ended. A nil *Ended is none.
type Ended struct {
	Outcome runner.Outcome
	Place   Place

	execution *execution // nil if nothing is kept any more
}

// Read is the content of a file in the scratch folder. It fails with
// fs.ErrNotExist, and refuses what is larger than limit bytes or no regular file.
func (e *Ended) Read(name string, limit int64) ([]byte, error) {
	return e.execution.scratch.read(name, limit)
}

// Result is an operator's answer with what the command used, and with the release
// of what is kept of it.
func (e *Ended) Result(answer operator.Result) operator.Result {
	if e == nil {
		return answer
	}
	answer.Usage = e.Outcome.Usage
	if e.execution != nil {
		answer.Release = e.Release
	}
	return answer
}

// Release gives up what is kept of the command, its scratch folder among it.
func (e *Ended) Release(ctx context.Context) {
	if e != nil && e.execution != nil {
		e.execution.release(ctx)
	}
}

// Failure is the failure of a command that ended with an exit code other than 0,
// else nil. what begins the message, which is Digdag's: "Command" gives "Command
// failed with code 1".
func (e *Ended) Failure(what string) *operator.Failure {
	o := e.Outcome
	if o.ExitCode == 0 {
		return nil
	}
	f := operator.Runtimef("%s failed with code %d", what, o.ExitCode)
	switch {
	case o.OOMKilled:
		f.Message += ": it used more memory than it may: " + e.memory()
		f.Hint = "give the task more with `memory:`, or make it use less"
	case o.Signal != "":
		f.Hint = "it was ended by " + o.Signal
	case o.ExitCode == 126:
		f.Hint = "code 126 usually means that a file cannot be executed"
	case o.ExitCode == 127:
		f.Hint = "code 127 usually means that a command was not found"
	}
	return f
}

// memory says what an out-of-memory kill is about.
func (e *Ended) memory() string {
	var facts []string
	if e.Place.Memory > 0 {
		facts = append(facts, "limit "+Bytes(e.Place.Memory))
	}
	if peak := e.Outcome.Usage.PeakMemory; peak > 0 {
		facts = append(facts, "peak "+Bytes(peak))
	}
	if len(facts) == 0 {
		return "the limit was not set by the task"
	}
	return strings.Join(facts, ", ")
}
