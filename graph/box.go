package graph

import (
	"github.com/heitan/heitan/workflow"
)

// Lengths of the picture, in pixels. All are even, so that the middle of a box
// is a whole pixel and straight arrows are straight.
const (
	padding    = 14  // between a group's border and what is in it
	titleLine  = 30  // height of a group's title
	boxHeight  = 28  // of a task without operator
	commandRow = 16  // what a line with the operator adds to it
	boxSpace   = 16  // between neighbours in a row
	laneWidth  = 16  // of an arrow that passes a row
	minBox     = 100 // least width of a task
	maxBox     = 280 // most width of a task
	minRow     = 600 // least width at which a group's rows wrap, however deep it is
	textInset  = 12  // between a border and text
	nameChar   = 73  // tenths of pixels per column of a name
	smallChar  = 67  // the same of other text
	pillInset  = 6   // between a mark's border and its text
	pillSpace  = 6   // before a mark
	glyphSpace = 16  // what the sign of a state takes before a name
)

// box is a task or a group in the picture.
type box struct {
	node     *workflow.Node
	fullName string
	label    label
	group    bool // drawn as a group, with children or a dashed border
	children []*box
	wires    []wire
	// x and y are the upper left corner: in the parent's box while the picture is
	// laid out, in the picture after [box.move].
	x, y, w, h int
}

// newBox makes the boxes of a node, the i-th of parent, and all below it, and lays
// out what is in them. limit is the width at which rows wrap.
func newBox(parent *workflow.Node, i int, n *workflow.Node, prefix string, limit int, states bool) *box {
	b := &box{node: n, fullName: prefix + n.Name, label: newLabel(parent, i, n), group: n.Group || len(n.Children) > 0}
	b.w = b.titleWidth(states)
	if len(n.Children) == 0 {
		b.h = boxHeight
		if b.label.operator != "" {
			b.h += commandRow
		}
		b.w = even(min(max(b.w, minBox), maxBox))
		return b
	}
	inner := max(limit-2*padding, minRow)
	for i, c := range n.Children {
		b.children = append(b.children, newBox(n, i, c, b.fullName, inner, states))
	}
	alike(b.children)
	content := arrange(b, inner)
	content.shift(padding, titleLine)
	b.h = content.h + titleLine + padding
	b.w = even(max(b.w, content.w+2*padding))
	content.shift((b.w-2*padding-content.w)/2, 0)
	b.wires = content.wires
	return b
}

// titleWidth is the room for the box's text.
func (b *box) titleWidth(states bool) int {
	first := 2*textInset + nameWidth(b.label.name)
	if states {
		first += glyphSpace
	}
	for _, m := range b.label.pills() {
		first += pillSpace + pillWidth(m)
	}
	second := b.label.operator
	if b.label.command != "" {
		second += " " + b.label.command
	}
	if b.group && second != "" { // a group has all in its title
		return first + textInset + smallWidth(cut(second, maxTitle))
	}
	return max(first, 2*textInset+smallWidth(second))
}

// maxTitle is the length of a command in the title of a group.
const maxTitle = 48

func nameWidth(text string) int  { return (columns(text)*nameChar + 9) / 10 }
func smallWidth(text string) int { return (columns(text)*smallChar + 9) / 10 }
func pillWidth(m mark) int       { return smallWidth(m.short) + 2*pillInset }
func even(n int) int             { return (n + 1) &^ 1 }

// alike makes the tasks of a group as wide as each other, so that they stand in columns.
func alike(boxes []*box) {
	widest := 0
	for _, b := range boxes {
		if len(b.children) == 0 {
			widest = max(widest, b.w)
		}
	}
	for _, b := range boxes {
		if len(b.children) == 0 {
			b.w = widest
		}
	}
}

// move turns places in the parent's box into places in the picture.
func (b *box) move(x, y int) {
	b.x += x
	b.y += y
	shiftWires(b.wires, b.x, b.y)
	for _, c := range b.children {
		c.move(b.x, b.y)
	}
}

// walk calls visit for the box and all in it, outer ones first.
func (b *box) walk(visit func(*box)) {
	visit(b)
	for _, c := range b.children {
		c.walk(visit)
	}
}
