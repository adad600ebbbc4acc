// Package javaregexp matches regular expressions in the syntax and with the
// meaning of java.util.regex.Pattern, for the methods of java.lang.String that
// Digdag's expressions can call.
//
// A pattern is rewritten for a backtracking engine that knows the constructs of
// Perl. What the two disagree on is spelled out: line terminators, the ASCII
// meaning of \w and its kin, character classes with their set operations,
// possessive quantifiers, quoting and POSIX classes. \X, \N and canonical
// equivalence are refused.
package javaregexp
