package engine_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// scene is one sentence about workflows, and a play that shows that it is true.
type scene struct {
	name string
	file string // of the workflow wf
	play func(p *play)
}

func perform(t *testing.T, scenes []scene) {
	t.Helper()
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.play(run(t, s.file))
		})
	}
}

// play runs an attempt step by step. What the engine commands is carried out at
// once, the operators are played by the test. Tasks are named by full name; of
// several copies the newest is meant.
type play struct {
	t testing.TB
	*driver
	last []engine.Command // of the last step
	told []string         // warnings of the last step
}

// curtain is when plays begin.
var curtain = time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)

// run submits the workflow wf. changes may alter the definition first.
func run(t testing.TB, file string, changes ...func(*engine.Definition)) *play {
	t.Helper()
	def := engine.Definition{Limits: engine.DefaultLimits()}
	for _, change := range changes {
		change(&def)
	}
	d, err := begin(compile(t, file), def, curtain)
	if err != nil {
		t.Fatal(err)
	}
	p := &play{t: t, driver: d}
	p.settle()
	return p
}

func compile(t testing.TB, file string) *workflow.Node {
	t.Helper()
	doc, problems := workflow.ParseYAML("wf.dig", []byte(file))
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	w, problems := workflow.Compile("wf", "wf.dig", doc)
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return w.Root
}

// given sets the attempt's own params.
func given(keysAndValues ...any) func(*engine.Definition) {
	return func(d *engine.Definition) { d.Params = params.Of(keysAndValues...) }
}

// finished gives results of earlier attempts.
func finished(results map[string]engine.Result) func(*engine.Definition) {
	return func(d *engine.Definition) { d.Finished = results }
}

func atMost(tasks, depth int) func(*engine.Definition) {
	return func(d *engine.Definition) { d.Limits = engine.Limits{Tasks: tasks, Depth: depth} }
}

// step does something to the attempt; it must break no invariant.
func (p *play) step(err error) *play {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	p.settle()
	return p
}

// settle carries out all commands.
func (p *play) settle() {
	p.t.Helper()
	p.commit()
	p.last = slices.Clone(p.queue)
	for len(p.queue) > 0 {
		if err := p.carryOut(); err != nil {
			p.t.Fatal(err)
		}
	}
	if err := sameWhenRestored(p.driver); err != nil {
		p.t.Fatal(err)
	}
	p.told = p.warnings
	p.warnings = nil
}

// id finds a task.
func (p *play) id(name string) heitan.TaskID {
	p.t.Helper()
	for _, t := range slices.Backward(p.state.Tasks()) {
		if t.FullName == name {
			return t.ID
		}
	}
	p.t.Fatalf("there is no task %s", name)
	return 0
}

func (p *play) task(name string) engine.Task {
	p.t.Helper()
	t, _ := p.state.Task(p.id(name))
	return t
}

// start hands tasks to their operators.
func (p *play) start(names ...string) *play {
	p.t.Helper()
	for _, name := range names {
		p.step(p.apply(engine.Started{Task: p.id(name)}))
	}
	return p
}

// succeed lets operators succeed with nothing to say.
func (p *play) succeed(names ...string) *play {
	p.t.Helper()
	for _, name := range names {
		p.answers(name, engine.Result{})
	}
	return p
}

// answers lets an operator succeed with a result.
func (p *play) answers(name string, r engine.Result) *play {
	p.t.Helper()
	return p.step(p.answer(engine.Succeeded{Task: p.id(name), Result: r}))
}

// stores lets an operator succeed and store params.
func (p *play) stores(name string, keysAndValues ...any) *play {
	p.t.Helper()
	return p.answers(name, engine.Result{Store: params.Of(keysAndValues...)})
}

// generates lets an operator succeed with subtasks, written as YAML.
func (p *play) generates(name, body string) *play {
	p.t.Helper()
	return p.answers(name, engine.Result{Subtasks: document(p.t, body)})
}

// fail lets an operator fail that does not heed `_retry`, such as fail>.
func (p *play) fail(name, message string) *play {
	p.t.Helper()
	return p.step(p.answer(engine.Failed{Task: p.id(name), Error: engine.NewError(message, params.Pos{}, "")}))
}

// failRetrying lets an operator fail that heeds the `_retry` of its merged
// params, such as sh>. checkpoint is for the next try.
func (p *play) failRetrying(name, message string, checkpoint ...any) *play {
	p.t.Helper()
	node := workflow.Node{Config: p.task(name).Config}
	setting, _ := p.state.Params(p.id(name)).Merge(node.Export()).Merge(node.Local()).Get("_retry")
	retry, err := workflow.ParseRetry(setting)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.step(p.answer(engine.Failed{
		Task: p.id(name), Retry: retry, Checkpoint: params.Of(checkpoint...),
		Error: engine.NewError(message, params.Pos{}, ""),
	}))
}

// poll lets an operator ask to be called again.
func (p *play) poll(name string, after time.Duration, checkpoint ...any) *play {
	p.t.Helper()
	return p.step(p.answer(engine.Polled{Task: p.id(name), After: after, Checkpoint: params.Of(checkpoint...)}))
}

// saves lets a running operator save a checkpoint.
func (p *play) saves(name string, checkpoint ...any) *play {
	p.t.Helper()
	return p.step(p.apply(engine.Checkpointed{Task: p.id(name), Checkpoint: params.Of(checkpoint...)}))
}

// elapse lets time pass and the timers go off that are due, in their order.
func (p *play) elapse(d time.Duration) *play {
	p.t.Helper()
	end := p.now.Add(d)
	for {
		due := slices.DeleteFunc(slices.Collect(maps.Keys(p.timers)), func(id heitan.TaskID) bool { return p.timers[id].After(end) })
		if len(due) == 0 {
			break
		}
		slices.SortFunc(due, func(a, b heitan.TaskID) int {
			if c := p.timers[a].Compare(p.timers[b]); c != 0 {
				return c
			}
			return int(a - b)
		})
		p.now = p.timers[due[0]]
		delete(p.timers, due[0])
		p.step(p.apply(engine.TimerDue{Task: due[0]}))
	}
	p.now = end
	return p
}

func (p *play) kill() *play {
	p.t.Helper()
	return p.step(p.apply(engine.Killed{}))
}

// takeOver restores the attempt after a crash and goes on.
func (p *play) takeOver() *play {
	p.t.Helper()
	return p.step(p.crash())
}

// abandon restores the attempt after a crash and kills it.
func (p *play) abandon() *play {
	p.t.Helper()
	if err := p.restore(); err != nil {
		p.t.Fatal(err)
	}
	return p.kill()
}

// rejects checks that an event does not fit, and why.
func (p *play) rejects(event engine.Event, why string) *play {
	p.t.Helper()
	if err := p.apply(event); !errors.Is(err, errRejected) || !strings.Contains(err.Error(), why) {
		p.t.Errorf("%T gives %v, want %q", event, err, why)
	}
	return p
}

// document reads YAML text.
func document(t testing.TB, text string) *params.Object {
	t.Helper()
	doc, problems := workflow.ParseYAML("generated", []byte(text))
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return doc
}
