// Package cli is heitan's command line: a file per command. Commands parse their
// options, call a feature and print; they decide nothing about workflows.
//
// Everything a command needs of its process comes in an [Env], so that whole
// commands are tested in the test's own process.
//
// Standard output is for data: logs and output of tasks, listings, events.
// Standard error is for talk: banners, verdicts, errors, hints. The exit status
// is 0 for success and 1 for every failure, as Digdag's; a run that a signal
// ended exits with 128 and the signal's number.
package cli
