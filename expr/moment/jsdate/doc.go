// Package jsdate is the arithmetic of JavaScript's Date in a time zone that is
// an argument: goja's own Date knows only the zone of the process.
//
// It follows ECMA-262 section 21.4 and, where the standard leaves the choice to
// the engine (strings that are not ISO 8601), V8. Month numbers count from 0, as
// they do there. Numbers are float64 because a script may hand over anything:
// fractions are cut off, and NaN or an infinity makes the date invalid.
package jsdate
