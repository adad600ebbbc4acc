package graph

import (
	"bytes"
	_ "embed"
	"encoding/xml"
	"strconv"
	"strings"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/workflow"
)

//go:embed svg.css
var css string

// SVGOptions say how a picture looks. The zero value shows a definition.
type SVGOptions struct {
	// States colour the boxes of tasks; the keys are full names. Tasks that are not
	// in it look as in a definition.
	States map[string]heitan.TaskState
	// Width is the number of pixels at which tasks that stand side by side wrap to
	// the next row; 0 is 1200. A picture can be a little wider, if it has to.
	Width int
}

const (
	defaultWidth = 1200
	margin       = 8 // around the picture
)

// SVG is a picture of the tasks below root, a whole SVG document: groups are boxes
// in boxes, arrows run from tasks to those that wait for them, always downwards.
// It has no scripts, refers to nothing outside and fits light and dark pages by
// the reader's setting. Every box is a g element with the task's full name in
// data-task, and a title that tells what was cut.
func SVG(root *workflow.Node, o SVGOptions) []byte {
	limit := o.Width
	if limit <= 0 {
		limit = defaultWidth
	}
	top := newBox(nil, 0, root, "", limit-2*margin, o.States != nil)
	top.move(margin, margin)
	d := &drawing{states: o.States}
	d.document(top)
	return d.Bytes()
}

// drawing writes the elements of a picture.
type drawing struct {
	bytes.Buffer
	states map[string]heitan.TaskState
}

// put writes text as it is and numbers in digits.
func (d *drawing) put(parts ...any) {
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			d.WriteString(p)
		case int:
			d.Write(strconv.AppendInt(d.AvailableBuffer(), int64(p), 10))
		}
	}
}

// text writes text of the user: escaped, and without what XML cannot hold.
func (d *drawing) text(s string) {
	_ = xml.EscapeText(&d.Buffer, []byte(s)) // a bytes.Buffer never fails
}

func (d *drawing) document(top *box) {
	w, h := top.w+2*margin, top.h+2*margin
	d.put(`<svg xmlns="http://www.w3.org/2000/svg" class="heitan-graph" role="img" width="`, w, `" height="`, h,
		`" viewBox="0 0 `, w, ` `, h, `"><title>`)
	d.text(strings.TrimPrefix(top.label.name, "+"))
	d.put("</title>\n<style>\n", css, "</style>\n",
		`<rect class="page" width="`, w, `" height="`, h, "\"/>\n")
	top.walk(d.box)
	d.put("</svg>\n")
}

// box draws a box and the arrows in it.
func (d *drawing) box(b *box) {
	state, known := d.states[b.fullName]
	d.put(`<g class="`, b.class())
	if known {
		d.put(" ", stateClass(state))
	}
	d.put(`" data-task="`)
	d.text(b.fullName)
	d.put(`"><title>`)
	d.text(b.describe())
	if known {
		d.put("\n", state.String())
	}
	d.put("</title>")
	if generates(b.node) && len(b.children) == 0 {
		d.rect(b.x+4, b.y+4, b.w, b.h, "frame")
	}
	d.rect(b.x, b.y, b.w, b.h, "frame")
	x, y := b.x+textInset, b.y+19
	if d.states != nil {
		if known {
			d.put(`<text class="glyph name" x="`, x, `" y="`, y, `">`, Glyph(state), "</text>")
		}
		x += glyphSpace
	}
	d.title(b, x, y)
	d.put("</g>\n")
	for _, w := range b.wires {
		d.wire(w)
	}
}

func (d *drawing) rect(x, y, w, h int, class string) {
	d.put(`<rect class="`, class, `" x="`, x, `" y="`, y, `" width="`, w, `" height="`, h, `" rx="6"/>`)
}

// title writes the texts of a box: name, marks at the right, operator and command.
func (d *drawing) title(b *box, x, y int) {
	right := b.x + b.w - textInset
	pills := 0
	for _, m := range b.label.pills() {
		pills += pillSpace + pillWidth(m)
	}
	name := cut(b.label.name, (right-pills-x)*10/nameChar)
	d.put(`<text class="name" x="`, x, `" y="`, y, `">`)
	d.text(name)
	d.put("</text>")
	if b.group {
		x += nameWidth(name)
		x = d.pills(b, x, y, right)
		if b.label.operator != "" {
			d.command(b, x+textInset, y, min(right-x-textInset, smallChar*maxTitle/10))
		}
		return
	}
	d.pills(b, right-pills, y, right)
	if b.label.operator != "" {
		d.command(b, b.x+textInset, y+commandRow, b.w-2*textInset)
	}
}

// pills draws the marks from x on, as many as fit, and returns where they end.
func (d *drawing) pills(b *box, x, y, right int) int {
	x = max(x, b.x+textInset)
	for _, m := range b.label.pills() {
		w := pillWidth(m)
		if x+pillSpace+w > right+pillSpace {
			break
		}
		d.rect(x+pillSpace, y-12, w, 17, "pill")
		d.put(`<text class="small" x="`, x+pillSpace+pillInset, `" y="`, y, `">`)
		d.text(m.short)
		d.put("</text>")
		x += pillSpace + w
	}
	return x
}

func (d *drawing) command(b *box, x, y, room int) {
	operator := cut(b.label.operator, room*10/smallChar)
	d.put(`<text class="small" x="`, x, `" y="`, y, `"><tspan class="operator">`)
	d.text(operator)
	d.put("</tspan>")
	if command := cut(b.label.command, (room*10-(columns(operator)+1)*smallChar)/smallChar); command != "" {
		d.text(" " + command)
	}
	d.put("</text>")
}

// class is the CSS class of the box.
func (b *box) class() string {
	switch {
	case !b.group:
		return "task"
	case len(b.children) == 0:
		return "group empty"
	}
	return "group"
}

func stateClass(s heitan.TaskState) string {
	switch s {
	case heitan.TaskSuccess:
		return "success"
	case heitan.TaskError, heitan.TaskGroupError:
		return "failure"
	case heitan.TaskRunning, heitan.TaskPlanned:
		return "running"
	case heitan.TaskRetryWaiting, heitan.TaskGroupRetryWaiting:
		return "waiting"
	case heitan.TaskCanceled:
		return "canceled"
	case heitan.TaskBlocked, heitan.TaskReady:
	}
	return "blocked"
}

// describe is the text that a reader gets who points at the box, or cannot see it.
func (b *box) describe() string {
	lines := []string{oneLine(b.fullName)}
	if b.label.operator != "" {
		lines = append(lines, strings.TrimSpace(b.label.operator+" "+b.label.command))
	}
	for _, m := range b.label.marks {
		lines = append(lines, m.text)
	}
	return strings.Join(lines, "\n")
}
