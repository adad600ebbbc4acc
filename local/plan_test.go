package local

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

const planned = `
+prepare: {echo>: 0}
+load:
  +a: {echo>: 1}
  +b: {echo>: 2}
+each:
  loop>: 2
  _do: {echo>: 3}
+show: {echo>: 4}
`

// succeeded are tasks of an attempt that all ended well.
func succeeded(names ...string) earlier {
	var b earlier
	for i, name := range names {
		b.tasks = append(b.tasks, engine.Task{
			ID: heitan.TaskID(i + 1), FullName: "+wf" + name, State: heitan.TaskSuccess,
			Result: engine.Result{Store: params.Of("from", name)},
		})
	}
	return b
}

// decision is a plan in short: the names of tasks that are skipped as they were
// finished, and behind a minus of those that take no part.
func decision(finished map[string]engine.Result) string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(finished)) {
		sign := ""
		if finished[name].Omitted {
			sign = "-"
		}
		words = append(words, sign+strings.TrimPrefix(name, "+wf"))
	}
	return strings.Join(words, " ")
}

func TestWhatARunSkips(t *testing.T) {
	t.Parallel()
	all := succeeded("+prepare", "+load+a", "+load+b", "+each", "+each^sub+loop-0", "+each^sub+loop-1", "+show")
	for _, c := range []struct {
		name      string
		selection Selection
		before    earlier
		want      string
	}{
		{"nothing at first", Selection{}, earlier{}, ""},
		{"all that succeeded", Selection{}, all, "+each +each^sub+loop-0 +each^sub+loop-1 +load+a +load+b +prepare +show"},
		{"what succeeded before a failure", Selection{}, succeeded("+prepare", "+load+a"), "+load+a +prepare"},
		{"nothing of a rerun", Selection{Rerun: true}, all, ""},
		{"what is before the start", Selection{Start: "+load+b"}, all, "+load+a +prepare"},
		{"nothing of a group that is the start", Selection{Start: "+load"}, all, "+prepare"},
		{"generated tasks with the task they come from", Selection{Start: "+show"}, all, "+each +each^sub+loop-0 +each^sub+loop-1 +load+a +load+b +prepare"},
		{"not what the start generates", Selection{Start: "+each"}, all, "+load+a +load+b +prepare"},
		{"what is before and after the goal", Selection{Goal: "+load"}, all, "-+each +prepare -+show"},
		{"what was finished before a goal that is the last", Selection{Goal: "+show"}, succeeded("+load+b"), "+load+b"},
		{"what is from the end on", Selection{End: "+each"}, succeeded("+prepare"), "-+each +prepare -+show"},
		{"the end even if it succeeded", Selection{End: "+load+b"}, all, "-+each +load+a -+load+b +prepare -+show"},
		{"all but what is between", Selection{Start: "+load+b", End: "+show"}, all, "+load+a +prepare -+show"},
		{"all but one task", Selection{Only: "+load"}, succeeded("+load+a"), "-+each +load+a -+prepare -+show"},
		{"all but one task, which runs again", Selection{Only: "+load+a", Rerun: true}, all, "-+each -+load+b -+prepare -+show"},
		{"all but a part of one task", Selection{Only: "+load", Start: "+b"}, all, "-+each +load+a -+prepare -+show"},
	} {
		got, err := plan(compile(t, planned).Root, c.selection, c.before)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if diff := cmp.Diff(c.want, decision(got)); diff != "" {
			t.Errorf("a run skips %s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestWhatCountsAsFinished(t *testing.T) {
	t.Parallel()
	task := func(name string, state heitan.TaskState, flags heitan.TaskFlags) engine.Task {
		return engine.Task{FullName: name, State: state, Flags: flags, Result: engine.Result{Store: params.Of("of", "this")}}
	}
	old := engine.Result{Store: params.Of("of", "before")}
	for _, c := range []struct {
		name  string
		tasks []engine.Task
		known map[string]engine.Result
		want  string
	}{
		{"success", []engine.Task{task("+a", heitan.TaskSuccess, 0)}, nil, "+a"},
		{"no failure", []engine.Task{task("+a", heitan.TaskError, 0)}, nil, ""},
		{"no task that was canceled", []engine.Task{task("+a", heitan.TaskCanceled, 0)}, nil, ""},
		{"no task that runs", []engine.Task{task("+a", heitan.TaskRunning, 0)}, nil, ""},
		{"what an earlier run had finished and this one did not come to", []engine.Task{task("+a", heitan.TaskBlocked, 0)}, map[string]engine.Result{"+a": old}, "+a"},
		{"not what was finished and failed since", []engine.Task{task("+a", heitan.TaskError, 0)}, map[string]engine.Result{"+a": old}, ""},
		{"not what was left out", []engine.Task{task("+a", heitan.TaskSuccess, heitan.Skipped)}, map[string]engine.Result{"+a": {Omitted: true}}, ""},
		{"the copy that a retry made, not the one before", []engine.Task{
			task("+a", heitan.TaskSuccess, heitan.Superseded), task("+a", heitan.TaskError, 0),
		}, nil, ""},
		{"no task that ran because of a failure", []engine.Task{
			task("+a^error", heitan.TaskSuccess, 0), task("+a^error+b", heitan.TaskSuccess, 0), task("+wf^failure-alert", heitan.TaskSuccess, 0),
		}, nil, ""},
		{"no group", []engine.Task{{FullName: "+a", Group: true, State: heitan.TaskSuccess}}, nil, ""},
	} {
		got := earlier{tasks: c.tasks, finished: c.known}.results()
		if names := strings.Join(slices.Sorted(maps.Keys(got)), " "); names != c.want {
			t.Errorf("%s: got %q, want %q", c.name, names, c.want)
		}
	}
}

func TestTasksOfTheSelectionMustBeUnique(t *testing.T) {
	t.Parallel()
	root := compile(t, "+load:\n  +a: {echo>: 1}\n+show:\n  +a: {echo>: 2}\n+a: {echo>: 3}\n").Root
	for _, c := range []struct {
		selection Selection
		msg, hint string
	}{
		{Selection{Start: "+shw"}, "--start: no task matches +shw", "did you mean `+show`?"},
		{Selection{Goal: "+zzzzzz"}, "--goal: no task matches +zzzzzz", ""},
		{Selection{End: "+a"}, "--end: +a matches several tasks: +wf+load+a, +wf+show+a, +wf+a", "give more of the name"},
		{Selection{Only: "a"}, "+task: a matches several tasks: +wf+load+a, +wf+show+a, +wf+a", "give more of the name"},
	} {
		_, err := plan(root, c.selection, earlier{})
		if err == nil || err.Error() != c.msg || heitan.HintOf(err) != c.hint || heitan.KindOf(err) != heitan.Invalid {
			t.Errorf("%+v: got %v, hint %q", c.selection, err, heitan.HintOf(err))
		}
	}
	// A full name is that task even if others end with it.
	if _, err := plan(root, Selection{Start: "+wf+a"}, earlier{}); err != nil {
		t.Error(err)
	}
}

// genTree is a tree of groups and tasks.
func genTree(t *rapid.T, depth int) *workflow.Node {
	n := &workflow.Node{Config: params.Empty()}
	if depth > 0 && rapid.Bool().Draw(t, "group") {
		n.Group = true
		for i := range rapid.IntRange(1, 4).Draw(t, "children") {
			child := genTree(t, depth-1)
			child.Name = fmt.Sprintf("+t%d", i)
			n.Children = append(n.Children, child)
		}
	}
	return n
}

// The properties say the same as the table, of all trees: where each task stands
// relative to those of the selection decides.
func TestASelectionDividesTheTasksInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		root := genTree(t, 4)
		root.Name = "+wf"
		l := layoutOf(root)
		name := func(label string) string {
			if !rapid.Bool().Draw(t, "has "+label) {
				return ""
			}
			return rapid.SampledFrom(l.names).Draw(t, label)
		}
		s := Selection{Start: name("start"), End: name("end"), Only: name("only"), Rerun: rapid.Bool().Draw(t, "rerun")}
		if s.Start == "" {
			s.Goal = name("goal")
		}
		before := earlier{}
		for i, task := range l.names {
			if rapid.Bool().Draw(t, "succeeded") {
				before.tasks = append(before.tasks, engine.Task{FullName: task, Group: l.group[i], State: heitan.TaskSuccess})
			}
		}
		finished, err := plan(root, s, before)
		if err != nil {
			t.Fatal(err)
		}
		at := func(name string) (from, end int) {
			i, ok := l.index[name]
			if !ok {
				return 0, len(l.names)
			}
			return i, l.end[i]
		}
		start, _ := at(s.Start)
		goal, goalEnd := at(s.Goal)
		end, _ := at(s.End)
		only, onlyEnd := at(s.Only)
		done := before.results()
		for i, task := range l.names {
			result, skipped := finished[task]
			partless := s.Goal != "" && i >= goalEnd || s.End != "" && i >= end || i < only || i >= onlyEnd
			again := s.Rerun || s.Start != "" && i >= start || s.Goal != "" && i >= goal
			_, was := done[task]
			switch {
			case l.group[i]:
				if skipped {
					t.Fatalf("the group %s is skipped", task)
				}
			case partless:
				if !skipped || !result.Omitted {
					t.Fatalf("%s takes part", task)
				}
			case again:
				if skipped {
					t.Fatalf("%s does not run again", task)
				}
			case skipped != was || result.Omitted:
				t.Fatalf("%s: skipped %v, finished before %v", task, skipped, was)
			}
		}
	})
}
