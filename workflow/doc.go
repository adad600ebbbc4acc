// Package workflow reads Digdag's workflow language: from YAML text to a tree of
// nodes with the places where everything was written, and the problems in it.
//
// The stages are files: yaml.go and scalar.go read text by Digdag's typing
// rules, include.go merges included files, compile.go and group.go turn the
// document into nodes and their dependencies, workflow.go adds what only the top
// level has, project.go reads a folder, lint.go finds what Digdag finds only when
// the task runs.
//
// The package does no I/O but through an fs.FS, and evaluates no templates.
package workflow
