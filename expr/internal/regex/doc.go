// Package regex matches regular expressions by backtracking, as JavaScript and
// Java do, within bounds that its caller sets.
//
// It knows no syntax: packages for the dialects parse patterns into nodes, and
// give each node the meaning that their dialect has. A match asks every few
// thousand steps whether to go on, and its memory is limited, so that patterns
// that backtrack without end do no harm.
//
// There are engines with more features and optimizations. This one exists
// because those at hand can be stopped only roughly or not at all, and because
// their results differ from both languages in details that templates depend on:
// what \b is between Japanese letters, what $ is before a carriage return, which
// groups a repeated group forgets.
package regex
