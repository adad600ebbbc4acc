package graph

import (
	"iter"
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// maxText bounds what is shown of any text of the user, in characters. Commands
// may be whole scripts.
const maxText = 400

// label is what is written of a task.
type label struct {
	name     string
	operator string // "sh>"; "" for a group
	command  string // in one line; "" if there is none
	marks    []mark
}

// newLabel describes the i-th of siblings. parent is nil for the root.
func newLabel(parent *workflow.Node, i int, n *workflow.Node) label {
	l := label{name: oneLine(n.Name)}
	if name, command, ok := workflow.OperatorOf(n.Config); ok {
		l.operator = oneLine(name + ">")
		l.command = valueText(command.Value)
	}
	l.marks = append(waitMarks(parent, i, n), settingMarks(n)...)
	return l
}

// pills are the marks that a picture shows in a box.
func (l label) pills() iter.Seq2[int, mark] {
	return func(yield func(int, mark) bool) {
		for i, m := range l.marks {
			if m.short != "" && !yield(i, m) {
				return
			}
		}
	}
}

// generates reports whether an operator task makes more tasks when it runs.
func generates(n *workflow.Node) bool {
	name, _, ok := workflow.OperatorOf(n.Config)
	return ok && (name == "call" || n.Config.Has("_do") || n.Config.Has("_else_do"))
}

func valueText(v params.Value) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return oneLine(v)
	}
	return oneLine(params.JSON(v))
}

// oneLine makes text fit to be shown within a line: line ends become signs, runs
// of white space one space, and nothing is left that could steer a terminal or
// turn the order of what is shown.
func oneLine(text string) string {
	var b strings.Builder
	count, space, broken := 0, false, false
	for _, r := range text {
		switch {
		case r == '\n':
			broken = true
			continue
		case unicode.IsSpace(r):
			space = true
			continue
		case r != zeroWidthJoiner && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
			continue
		}
		if count == maxText {
			b.WriteString("…")
			break
		}
		if b.Len() > 0 && broken {
			b.WriteString(" ↵ ")
		} else if b.Len() > 0 && space {
			b.WriteByte(' ')
		}
		space, broken = false, false
		b.WriteRune(r)
		count++
	}
	return b.String()
}

// zeroWidthJoiner is part of emoji.
const zeroWidthJoiner = '\u200d'

// columns is how many columns text takes where all characters are as wide as
// each other, or twice as wide.
func columns(text string) int {
	if isPrintableASCII(text) {
		return len(text)
	}
	return ansi.StringWidth(text)
}

// cut is text in at most n columns.
func cut(text string, n int) string {
	if n <= 0 {
		return ""
	}
	if columns(text) <= n {
		return text
	}
	return ansi.Truncate(text, n, "…")
}

func isPrintableASCII(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] >= 0x7f {
			return false
		}
	}
	return true
}
