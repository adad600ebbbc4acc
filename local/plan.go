package local

import (
	"fmt"
	"slices"
	"strings"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/workflow"
)

// Selection says which tasks of a workflow take part in a run. Names may be the
// end of a full name, if it fits one task only.
type Selection struct {
	Rerun bool   // nothing that was finished before is skipped
	Start string // this task and all after it run again
	Goal  string // this task and all below it run again; tasks after it take no part
	End   string // tasks from this one on take no part
	Only  string // only this task and those below it take part
}

// IsZero reports whether all tasks take part and finished ones are skipped.
func (s Selection) IsZero() bool { return s == Selection{} }

// layout is the tasks of a definition in the order of the file. A task's
// descendants follow it directly.
type layout struct {
	names []string
	index map[string]int
	end   []int // index behind the last descendant
	group []bool
}

func layoutOf(root *workflow.Node) *layout {
	l := &layout{index: make(map[string]int)}
	root.Walk("", func(fullName string, n *workflow.Node) {
		i := len(l.names)
		l.index[fullName] = i
		l.names = append(l.names, fullName)
		l.end = append(l.end, i+n.Size())
		l.group = append(l.group, n.Group)
	})
	return l
}

// find is the place of the one task whose full name ends with pattern.
func (l *layout) find(option, pattern string) (int, error) {
	var found []string
	for _, name := range l.names {
		if name == pattern {
			return l.index[name], nil
		}
		if strings.HasSuffix(name, pattern) {
			found = append(found, name)
		}
	}
	switch len(found) {
	case 1:
		return l.index[found[0]], nil
	case 0:
		return 0, &heitan.Error{
			Kind: heitan.Invalid,
			Msg:  fmt.Sprintf("%s: no task matches %s", option, pattern),
			Hint: diag.DidYouMean(pattern, l.lastNames()),
		}
	}
	return 0, &heitan.Error{
		Kind: heitan.Invalid,
		Msg:  fmt.Sprintf("%s: %s matches several tasks: %s", option, pattern, strings.Join(found, ", ")),
		Hint: "give more of the name",
	}
}

func (l *layout) lastNames() []string {
	names := make([]string, len(l.names))
	for i, name := range l.names {
		names[i] = name[strings.LastIndex(name, "+"):]
	}
	return slices.Compact(slices.Sorted(slices.Values(names)))
}

// owner is the place of the task in the definition that a full name belongs to:
// the task itself, or the one whose operator generated it.
func (l *layout) owner(fullName string) (int, bool) {
	if i, ok := l.index[fullName]; ok {
		return i, true
	}
	for i := 0; i < len(fullName); i++ {
		if fullName[i] != '^' {
			continue
		}
		if place, ok := l.index[fullName[:i]]; ok {
			return place, true
		}
	}
	return 0, false
}

// part is what a selection says of a task.
type part uint8

const (
	skipFinished part = iota // run it unless it was finished before
	run
	omit
)

// parts is what a selection says of every task of the layout.
func (s Selection) parts(l *layout) ([]part, error) {
	parts := make([]part, len(l.names))
	set := func(from, to int, p part) {
		for i := from; i < to; i++ {
			parts[i] = p
		}
	}
	last := len(parts)
	for _, option := range []struct {
		name, pattern string
		apply         func(from, end int)
	}{
		{"--start", s.Start, func(from, _ int) { set(from, last, run) }},
		{"--goal", s.Goal, func(from, end int) { set(from, end, run); set(end, last, omit) }},
		{"--end", s.End, func(from, _ int) { set(from, last, omit) }},
		{"+task", s.Only, func(from, end int) { set(0, from, omit); set(end, last, omit) }},
	} {
		if option.pattern == "" {
			continue
		}
		i, err := l.find(option.name, option.pattern)
		if err != nil {
			return nil, err
		}
		option.apply(i, l.end[i])
	}
	return parts, nil
}

// earlier is what is known of the attempt before.
type earlier struct {
	tasks    []engine.Task
	finished map[string]engine.Result // with which it was submitted
}

// plan is the results of tasks that need not run: those that earlier attempts
// have finished, and those that take no part.
func plan(root *workflow.Node, s Selection, before earlier) (map[string]engine.Result, error) {
	l := layoutOf(root)
	parts, err := s.parts(l)
	if err != nil {
		return nil, err
	}
	finished := make(map[string]engine.Result)
	if !s.Rerun {
		for name, result := range before.results() {
			if i, ok := l.owner(name); ok && parts[i] == skipFinished {
				finished[name] = result
			}
		}
	}
	for i, p := range parts {
		if p == omit && !l.group[i] {
			finished[l.names[i]] = engine.Result{Omitted: true}
		}
	}
	return finished, nil
}

// results are the results of all tasks that had succeeded when the attempt ended,
// and of those that it would have skipped had their turn come. Tasks that ran
// because something failed do not count: they run again if it fails again.
func (b earlier) results() map[string]engine.Result {
	results := make(map[string]engine.Result)
	for name, result := range b.finished {
		if !result.Omitted {
			results[name] = result
		}
	}
	replaced := engine.Replaced(b.tasks)
	for i, t := range b.tasks { // a later copy of a task comes after the earlier ones
		switch {
		case t.Group || t.State == heitan.TaskBlocked && !replaced[i]:
		case b.finished[t.FullName].Omitted && t.Flags.Has(heitan.Skipped):
		case t.State == heitan.TaskSuccess && !replaced[i] && !becauseOfFailure(t.FullName):
			results[t.FullName] = t.Result
		default:
			delete(results, t.FullName)
		}
	}
	return results
}

func becauseOfFailure(fullName string) bool {
	return strings.Contains(fullName, engine.ErrorTask) || strings.Contains(fullName, engine.FailureAlert)
}
