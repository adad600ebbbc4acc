// Package script runs single JavaScript expressions whose text nobody vouches
// for: the inside of a template's ${...}.
//
// A script sees the names of its scope, moment and the pure part of the
// language, nothing else: no file, no network, no console, no Go value. Whatever
// it assigns, patches or redefines ends with its evaluation. It cannot run
// longer than its time, take more memory than its share, or crash the process.
//
// # How evaluations are kept apart
//
// Each evaluation gets a global object of its own, which holds the scope and
// inherits the built-in functions. A tame program, one that can only read and
// call, runs in a pooled machine whose built-in objects are all frozen. Every
// other program runs in a machine that is made for it and thrown away.
//
// # How evaluations are bounded
//
// The engine checks for interruption between two instructions, never inside a
// built-in function. So each built-in function that scripts can reach is one of
// three: it was looked at and is linear in values that exist already; or it is
// replaced by one that bounds its work and its result; or it was removed
// (intrinsics.go lists the first two, a test compares the list with what a
// script can reach). The rest is left to a watchdog that looks at the clock, the
// context and the heap every few milliseconds.
package script
