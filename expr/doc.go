// Package expr renders templates: text in which ${...} stands for the value of a
// JavaScript expression, as in Digdag's workflow files.
//
// An [Evaluator] renders a single text, or the whole configuration of a task in
// the order and with the scopes that Digdag has. Rendering always makes text.
// [Check] finds syntax errors without evaluating anything.
//
// Most expressions are plain paths such as ${a.b[0]}: they are looked up in the
// document. All others are run by a JavaScript engine that is made safe for text
// that nobody vouches for; see the package internal/script.
//
// The package does no I/O. It knows nothing of tasks, but that _do and _else_do
// are left to the tasks they describe.
package expr
