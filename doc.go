// Package heitan holds the nouns of heitan: projects, workflows' sessions and
// attempts, the states of tasks, and the kinds of errors. It imports nothing of
// the repository; everything else imports it.
//
// The repository is a program, not a library: no Go API is promised.
package heitan
