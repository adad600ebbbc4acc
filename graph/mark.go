package graph

import (
	"fmt"
	"strings"

	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// mark is something remarkable about a task.
type mark struct {
	text  string // "retry 3 every 10s"
	short string // "retry 3"; "" for what a picture shows by arrows
}

// settingMarks are the marks of a task's settings.
func settingMarks(n *workflow.Node) []mark {
	var marks []mark
	if n.Group && len(n.Children) == 0 {
		marks = append(marks, mark{"no tasks", "no tasks"})
	}
	if limit, on := parallelism(n); on {
		marks = append(marks, parallelMark(limit))
	}
	for _, key := range []string{"schedule", "sla"} {
		section, _ := n.Config.Object(key)
		if kind, when, ok := workflow.OperatorOf(section); ok {
			text := strings.TrimSpace(key + " " + oneLine(kind+">") + " " + valueText(when.Value))
			marks = append(marks, mark{text, text})
		}
	}
	if v, ok := n.Config.Get("_retry"); ok {
		marks = append(marks, retryMarks(v)...)
	}
	if body, ok := n.Error(); ok {
		marks = append(marks, mark{"on error: " + bodyText(body), "on error"})
	}
	if body, ok := n.Check(); ok {
		marks = append(marks, mark{"check: " + bodyText(body), "check"})
	}
	return marks
}

// parallelism reports whether a group's tasks may run at the same time, and how
// many of them start together, 0 for all. A wrong setting is none.
func parallelism(n *workflow.Node) (limit int, on bool) {
	setting, _ := n.Config.Get("_parallel")
	p, err := workflow.ParseParallel(setting)
	return p.Limit, err == nil && p.On
}

func parallelMark(limit int) mark {
	if limit == 0 {
		return mark{"parallel", "parallel"}
	}
	text := fmt.Sprintf("parallel, %d at a time", limit)
	return mark{text, text}
}

func retryMarks(v params.Value) []mark {
	r, err := workflow.ParseRetry(v)
	if err != nil {
		text := "retry " + valueText(v) // a template
		return []mark{{text, text}}
	}
	if r.Limit <= 0 {
		return nil
	}
	short := fmt.Sprintf("retry %d", r.Limit)
	text := short
	switch {
	case r.Exponential && r.MaxInterval > 0:
		text += fmt.Sprintf(" after %v, doubling to %v", r.Interval, r.MaxInterval)
	case r.Exponential:
		text += fmt.Sprintf(" after %v, doubling", r.Interval)
	case r.Interval > 0:
		text += fmt.Sprintf(" every %v", r.Interval)
	}
	return []mark{{text, short}}
}

// bodyText describes the tasks of an `_error` or `_check` body.
func bodyText(body params.Value) string {
	n, err := workflow.CompileTask("^body", body)
	if err != nil {
		return valueText(body)
	}
	if name, command, ok := workflow.OperatorOf(n.Config); ok {
		return strings.TrimSpace(oneLine(name+">") + " " + cut(valueText(command.Value), 40))
	}
	count := 0
	n.Walk("", func(_ string, n *workflow.Node) {
		if !n.Group {
			count++
		}
	})
	if count == 1 {
		return "1 task"
	}
	return fmt.Sprintf("%d tasks", count)
}
