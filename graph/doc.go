// Package graph shows the tasks of a workflow and what waits for what: as a tree
// of text for the terminal, and as a picture for the web. It is pure: the same
// tree gives the same bytes.
//
// [Text] and [SVG] show a definition as [workflow.Compile] makes it. Tasks that
// are generated while a workflow runs are one node there, the operator that will
// make them; a tree that also holds the generated tasks shows all of them, since
// an operator with subtasks is shown as a group.
//
// A picture is made in steps that know nothing of each other: a box for each task
// ([box]), which siblings wait for which (net.go), the rows they stand in
// (band.go), their order and place in the rows (order.go, place.go), the arrows
// between the rows (wire.go), and the drawing (svg.go).
package graph
