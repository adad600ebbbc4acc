package shell

import (
	"fmt"
	"strings"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/params"
)

// maxOutput bounds what a script hands on.
const maxOutput = 64 << 20

// readOutput reads output.json. It fails with fs.ErrNotExist.
func readOutput(ended *command.Ended) (*params.Object, error) {
	data, err := ended.Read(outputFile, maxOutput)
	if err != nil {
		return nil, err
	}
	output, err := params.ParseObject(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", outputFile, err)
	}
	return output, nil
}

// resultOf is what a script that succeeded hands on.
func resultOf(output *params.Object) (operator.Result, error) {
	p := operator.NewParams(output, output)
	result := operator.Result{
		Subtasks: p.ObjectOr("subtask_config", nil),
		Export:   p.ObjectOr("export_params", nil),
		Store:    p.ObjectOr("store_params", nil),
		Reset:    p.Strings("reset_store_params"),
	}
	if err := p.Err(); err != nil {
		return operator.Result{}, operator.Runtimef("output.json: %s", operator.AsFailure(err).Message)
	}
	return result, nil
}

// report is what a failed script says of its failure.
type report struct {
	class     string
	message   string
	backtrace []string
}

// reported is the report in a script's output, if there is one. It is lenient,
// because the message is worth more than its form.
func reported(output *params.Object) (report, bool) {
	failure, ok := output.Object("error")
	if !ok {
		return report{}, false
	}
	var r report
	class, _ := failure.Get("class")
	r.class, _ = operator.AsString(class)
	r.class = command.Clip(r.class)
	message, _ := failure.Get("message")
	r.message, _ = operator.AsString(message)
	r.message = command.Clip(r.message)
	lines, _ := failure.Get("backtrace")
	r.backtrace, _ = operator.AsStrings(lines)
	left := command.MaxMessage
	for i, line := range r.backtrace {
		if left -= len(lineStart) + len(line); left < 0 {
			r.backtrace = append(r.backtrace[:i:i], fmt.Sprintf("... %d more", len(r.backtrace)-i))
			break
		}
	}
	return r, true
}

// summary is the error's message and class, as Digdag shows them.
func (r report) summary() string {
	if r.class == "" {
		return r.message
	}
	return r.message + " (" + r.class + ")"
}

// lineStart stands before each line of a backtrace in a message.
const lineStart = "\n\tfrom "

// from is the backtrace behind a message, as Digdag shows it.
func (r report) from() string {
	var b strings.Builder
	for _, line := range r.backtrace {
		b.WriteString(lineStart)
		b.WriteString(line)
	}
	return b.String()
}

// text is the backtrace as its language would print it.
func (r report) text() string { return strings.Join(r.backtrace, "\n") }

func (r report) hint() string {
	if r.class == "SystemExit" {
		return "return from the function rather than end the process"
	}
	return ""
}
