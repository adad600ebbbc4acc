// Package javaregexp matches regular expressions in the syntax and with the
// meaning of java.util.regex.Pattern as Java 8 to 17 have it, for the methods of
// java.lang.String that Digdag's expressions can call.
//
// \X, \N, canonical equivalence and the flags U and L are refused.
package javaregexp
