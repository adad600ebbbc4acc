// Package calendar is the date arithmetic of Moment.js 2.21.0 without
// JavaScript: moments in the local zone, in UTC or at a fixed offset; durations;
// units; parsing, formatting and wording in the locale en.
//
// It copies results to the millisecond, oddities included, since workflows rely
// on them; package moment's tests compare it with the original. So numbers are
// float64 as in JavaScript: fractions and NaN have a meaning in most places.
//
// Nothing here waits, and nothing is safe for concurrent use: a Library belongs
// to one JavaScript VM.
package calendar
