// Package moment gives a JavaScript VM the functions of Moment.js 2.21.0, written
// in Go, so that no VM has to load a script for them.
//
// The arithmetic is in package calendar and knows nothing of JavaScript; here is
// what turns its values into objects and the arguments of scripts into its
// values. Objects are made when they are asked for: Install makes one function,
// a method of a moment becomes a function when a script first mentions it.
//
// What a script can change about moment (its methods, formats, locales and
// thresholds) lives in the VM until Install is called again.
package moment
