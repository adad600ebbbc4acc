// Package jsregexp parses regular expressions in the syntax of ECMAScript 2018
// with the extensions of its Annex B, and gives them their meaning there.
//
// Without the flag u a pattern and a text are UTF-16 units, with it characters.
package jsregexp
