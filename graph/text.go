package graph

import (
	"strings"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/workflow"
)

// TextOptions say how a tree of text looks. The zero value is plain text.
type TextOptions struct {
	// States are shown before the names of tasks; the keys are full names. Tasks
	// that are not in it get a blank, and nil shows no states at all.
	States map[string]heitan.TaskState
	// Width is the number of columns that a line should have at most. Commands are
	// cut to fit, names and marks never; 0 cuts commands at 60 columns.
	Width int
	Style Style
}

// Style colours parts of a tree. A nil function leaves its part plain.
type Style struct {
	Tree, Operator, Command, Mark func(string) string
	State                         func(heitan.TaskState, string) string
}

const (
	// defaultCommand is the length of commands where no width is given.
	defaultCommand = 60
	// minCommand is the length below which a command says nothing and is left out.
	minCommand = 8
	// maxAligned is the longest name that operators of siblings are aligned behind.
	maxAligned = 32
)

// Text shows the tasks below root as a tree, a task on a line: its name, its
// operator and command, and in brackets what is remarkable about it: how it is
// retried, what is done when it fails, and what it waits for if that is not just
// the task before, or its turn in a parallel group.
func Text(root *workflow.Node, o TextOptions) string {
	w := &textWriter{options: o}
	w.node(nil, 0, root, place{})
	return w.String()
}

type textWriter struct {
	strings.Builder
	options TextOptions
}

// place is where in the tree a task stands.
type place struct {
	prefix string // full name of the parent
	first  string // begins the task's own line
	rest   string // begins the lines of its children
	depth  int
	align  int // how wide the name is made
}

// indent is how many columns a level of the tree takes.
const indent = 3

// node writes the i-th task of parent and all below it.
func (w *textWriter) node(parent *workflow.Node, i int, n *workflow.Node, at place) {
	full := at.prefix + n.Name
	w.line(full, newLabel(parent, i, n), at)
	align := w.alignment(n)
	for i, c := range n.Children {
		if beginsChunk(n, i) {
			w.WriteString(paint(w.options.Style.Tree, at.rest+"├╌ then") + "\n")
		}
		branch, below := "├─ ", "│  "
		if i == len(n.Children)-1 {
			branch, below = "└─ ", "   "
		}
		w.node(n, i, c, place{full, at.rest + branch, at.rest + below, at.depth + 1, align})
	}
}

// alignment is the width of the longest name among a node's operator tasks.
func (w *textWriter) alignment(n *workflow.Node) int {
	longest := 0
	for _, c := range n.Children {
		if width := columns(oneLine(c.Name)); !c.Group && width <= maxAligned {
			longest = max(longest, width)
		}
	}
	return longest
}

func (w *textWriter) line(full string, l label, at place) {
	style, used := w.options.Style, at.depth*indent+columns(l.name)
	w.WriteString(paint(style.Tree, at.first))
	if w.options.States != nil {
		w.state(full)
		used += 2
	}
	w.WriteString(l.name)
	marks := marksText(l.marks)
	if l.operator != "" {
		pad := max(0, at.align-columns(l.name)) + 2
		w.WriteString(strings.Repeat(" ", pad) + paint(style.Operator, l.operator))
		used += pad + columns(l.operator)
		if command := w.command(l.command, used, marks); command != "" {
			w.WriteString(" " + paint(style.Command, command))
		}
	}
	if marks != "" {
		w.WriteString("  " + paint(style.Mark, marks))
	}
	w.WriteByte('\n')
}

// state writes the sign of a task's state and a space.
func (w *textWriter) state(full string) {
	state, known := w.options.States[full]
	switch {
	case !known:
		w.WriteByte(' ')
	case w.options.Style.State != nil:
		w.WriteString(w.options.Style.State(state, Glyph(state)))
	default:
		w.WriteString(Glyph(state))
	}
	w.WriteByte(' ')
}

// command is what of a command fits into the line.
func (w *textWriter) command(command string, used int, marks string) string {
	room := defaultCommand
	if w.options.Width > 0 {
		room = w.options.Width - used - 1
		if marks != "" {
			room -= columns(marks) + 2
		}
	}
	if room < minCommand && columns(command) > room {
		return ""
	}
	return cut(command, room)
}

func marksText(marks []mark) string {
	var b strings.Builder
	for i, m := range marks {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString("[" + m.text + "]")
	}
	return b.String()
}

func paint(with func(string) string, text string) string {
	if with == nil || text == "" {
		return text
	}
	return with(text)
}
