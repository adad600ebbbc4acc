package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
)

// expect compares all tasks, one per line, with their states and what is
// remarkable of them.
func (p *play) expect(tasks string) *play {
	p.t.Helper()
	var shown []string
	for _, t := range p.state.Tasks() {
		shown = append(shown, show(&t))
	}
	diff(p.t, "tasks", lines(tasks), shown)
	return p
}

// is compares the state of single tasks.
func (p *play) is(state heitan.TaskState, names ...string) *play {
	p.t.Helper()
	for _, name := range names {
		if got := p.task(name).State; got != state {
			p.t.Errorf("%s is %s, want %s", name, got, state)
		}
	}
	return p
}

// does compares the commands of the last step.
func (p *play) does(commands ...string) *play {
	p.t.Helper()
	var shown []string
	for _, c := range p.last {
		shown = append(shown, p.showCommand(c))
	}
	diff(p.t, "commands", commands, shown)
	return p
}

// sees compares what a task inherits, as JSON.
func (p *play) sees(name, want string) *play {
	p.t.Helper()
	diff(p.t, "params of "+name, want, params.JSON(p.state.Params(p.id(name))))
	return p
}

// ends checks that the attempt has ended, and how.
func (p *play) ends(how string) *play {
	p.t.Helper()
	if !p.ended() || p.flags.String() != how {
		p.t.Errorf("the attempt is %s, want %s", p.flags, how)
	}
	return p
}

// goesOn checks that the attempt has not ended.
func (p *play) goesOn() *play {
	p.t.Helper()
	if p.ended() || p.flags.Has(heitan.AttemptDone) {
		p.t.Errorf("the attempt has ended: %s", p.flags)
	}
	return p
}

// warns compares the warnings of the last step.
func (p *play) warns(messages ...string) *play {
	p.t.Helper()
	diff(p.t, "warnings", messages, p.told)
	return p
}

// count checks how many copies of a task there are.
func (p *play) count(name string, want int) *play {
	p.t.Helper()
	got := 0
	for _, t := range p.state.Tasks() {
		if t.FullName == name {
			got++
		}
	}
	if got != want {
		p.t.Errorf("there are %d tasks %s, want %d", got, name, want)
	}
	return p
}

func show(t *engine.Task) string {
	words := []string{t.FullName, t.State.String()}
	if t.Retries > 0 {
		words = append(words, fmt.Sprintf("retries=%d", t.Retries))
	}
	for _, flag := range []struct {
		is   heitan.TaskFlags
		word string
	}{
		{heitan.CancelRequested, "cancel"},
		{heitan.DelayedError, "delayed-error"},
		{heitan.DelayedGroupError, "delayed-group-error"},
		{heitan.Superseded, "replaced"},
		{heitan.Skipped, "skipped"},
	} {
		if t.Flags.Has(flag.is) {
			words = append(words, flag.word)
		}
	}
	return strings.Join(words, " ")
}

func (p *play) showCommand(c engine.Command) string {
	switch c := c.(type) {
	case engine.Dispatch:
		text := "dispatch " + p.name(c.Task)
		if c.Recovering {
			text += " recovering"
		}
		if c.Cleanup {
			text += " cleanup"
		}
		return text
	case engine.SetTimer:
		return fmt.Sprintf("timer %s %s", p.name(c.Task), c.At.Sub(p.now))
	case engine.Interrupt:
		return "interrupt " + p.name(c.Task)
	case engine.Finish:
		return "finish " + c.Flags.String()
	}
	return fmt.Sprintf("%T", c)
}

// lines are the lines of a text, without indentation and empty ones.
func lines(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

func diff(t testing.TB, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// errorOf is a task's own error message.
func (p *play) errorOf(name string) string {
	p.t.Helper()
	message, _ := p.task(name).Error.Get("message")
	text, _ := message.(string)
	return text
}

// at is a time relative to the beginning of the play.
func at(d time.Duration) time.Time { return curtain.Add(d) }

// json is a task's config.
func (p *play) json(name string) []byte {
	p.t.Helper()
	return params.AppendJSON(nil, p.task(name).Config)
}
