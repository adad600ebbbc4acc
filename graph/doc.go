// Package graph shows the tasks of a workflow and what waits for what: as a tree
// of text for the terminal, and as a picture for the web. It is pure: the same
// tree gives the same bytes.
//
// [Text] and [SVG] show a definition as [workflow.Compile] makes it. Tasks that
// are generated while a workflow runs are one node there, the operator that will
// make them; a tree that also holds the generated tasks shows all of them, since
// an operator with subtasks is shown as a group.
//
// A picture is made in steps: a box for each task (box.go), the sets of siblings
// that others wait for (net.go), the rows they stand in (sheet.go), their order
// in the rows and their places (order.go, place.go), the arrows between the rows
// (track.go, wire.go), blocks beside and below each other (arrange.go), and the
// drawing (svg.go, path.go). All lengths are whole pixels, so that a picture does
// not depend on how a processor rounds.
package graph
