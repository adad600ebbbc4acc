package control_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/control"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// simulation runs a workflow in an engine, with the operators of this package,
// templates that are plain paths, and a clock that jumps from timer to timer.
type simulation struct {
	t     *testing.T
	root  string
	state *engine.Attempt
	now   time.Time
	log   strings.Builder // what tasks wrote, why they failed, how they waited
}

// simulate runs main.dig of a project and returns the log.
func simulate(t *testing.T, files map[string]string) string {
	t.Helper()
	project := make(fstest.MapFS)
	for name, text := range files {
		project[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	s := &simulation{t: t, root: t.TempDir(), now: operatortest.Now}
	if err := os.CopyFS(s.root, project); err != nil {
		t.Fatal(err)
	}
	w, problems := workflow.LoadWorkflow(os.DirFS(s.root), "main.dig")
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	limits := engine.Limits{Tasks: maxSubtasks, Depth: 20}
	state, changes, err := engine.New(w.Root, engine.Definition{Params: params.Empty(), Limits: limits}, s.now)
	if err != nil {
		t.Fatal(err)
	}
	s.state = state
	for commands := changes.Commands; len(commands) > 0; commands = commands[1:] {
		commands = append(commands, s.carryOut(commands[0])...)
	}
	return s.log.String()
}

// carryOut does what the engine demands and returns what it demands then.
func (s *simulation) carryOut(command engine.Command) []engine.Command {
	var event engine.Event
	switch c := command.(type) {
	case engine.Dispatch:
		event = s.invoke(c.Task)
	case engine.SetTimer:
		s.now, event = c.At, engine.TimerDue{Task: c.Task}
	default:
		return nil
	}
	changes, err := s.state.Apply(event, s.now)
	if err != nil {
		s.t.Fatal(err)
	}
	return changes.Commands
}

func (s *simulation) invoke(id heitan.TaskID) engine.Event {
	stored, _ := s.state.Task(id)
	node := workflow.Node{Config: stored.Config}
	scope := s.state.Params(id).Merge(node.Export())
	scope = evaluate(scope, scope).(*params.Object)
	own := evaluate(scope, node.Local()).(*params.Object)
	name := ""
	for e := range own.Entries() {
		if operatorName, ok := strings.CutSuffix(e.Key, ">"); ok {
			name, own = operatorName, own.With("_command", e.Value)
		}
	}
	entry, ok := control.Operators(control.Settings{MaxSubtasks: maxSubtasks})[name]
	if !ok {
		return engine.Succeeded{Task: id} // the notification that the attempt failed
	}
	req, record := operatortest.Request(s.t, own, operatortest.WithParams(scope))
	req.Now = func() time.Time { return s.now }
	workdir, _ := scope.Get("_workdir")
	dir, _ := workdir.(string)
	req.Workspace = operator.Workspace{Root: s.root, Dir: dir}
	if stored.Checkpoint != nil {
		req.Checkpoint = stored.Checkpoint
	}
	result, err := entry.Operator.Run(s.t.Context(), req)
	for line := range strings.Lines(record.Output()) {
		fmt.Fprintf(&s.log, "%s: %s", stored.FullName, line)
	}
	switch {
	case err != nil:
		fmt.Fprintf(&s.log, "%s FAILED: %v\n", stored.FullName, err)
		return engine.Failed{Task: id, Error: engine.NewError(err.Error(), stored.Pos, "")}
	case result.Poll != nil:
		fmt.Fprintf(&s.log, "%s waits %s\n", stored.FullName, result.Poll.After)
		return engine.Polled{Task: id, After: result.Poll.After, Checkpoint: result.Poll.Checkpoint}
	}
	return engine.Succeeded{Task: id, Result: engine.Result{
		Subtasks: result.Subtasks, Export: result.Export, Store: result.Store, Reset: result.Reset,
	}}
}

var template = regexp.MustCompile(`\$\{([^}]*)\}`)

// evaluate replaces ${a.b} in texts, but not in the bodies of subtasks.
func evaluate(scope *params.Object, v params.Value) params.Value {
	switch v := v.(type) {
	case string:
		return template.ReplaceAllStringFunc(v, func(match string) string {
			found, ok := scope.Lookup(strings.Split(template.FindStringSubmatch(match)[1], ".")...)
			if text, isText := operator.AsString(found); ok && isText {
				return text
			}
			return match
		})
	case *params.Object:
		entries := slices.Collect(v.Entries())
		for i, e := range entries {
			if e.Key != "_do" && e.Key != "_else_do" {
				entries[i].Value = evaluate(scope, e.Value)
			}
		}
		return params.New(entries...)
	}
	return v
}
