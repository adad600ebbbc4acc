// Package command runs one command for a task, by whatever runner the task's
// params ask for: it chooses the runner, lays the files out that the command
// needs, starts the command or finds the one again that was started before a
// crash, waits for it, stops it when the task is over, and says how it ended.
//
// What the command is and what its end means is left to the operators that use
// this package: sh>, py>, rb>, embulk> and operators of one's own.
package command
