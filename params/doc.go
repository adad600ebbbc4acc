// Package params is the JSON document that tasks see, change and hand on.
//
// A document is immutable. Merging a layer over it makes a new document that
// shares everything the layer does not touch, so a child task's view of its
// parent's params costs as much as the child's own keys, however large the
// parent's document is.
//
// Keys keep the order in which they first appeared, because that order decides
// the order of evaluation and, for workflow files, the order of tasks. Entries
// that came from a workflow file remember where they were written.
//
// The package knows nothing of YAML, templates or tasks.
package params
