// Package scripted is a runner for tests: it starts nothing and does what a script
// says, on the clock of package time, which testing/synctest makes jump. So the
// whole way of a task, its retries, time-outs, kills and recoveries included, is
// tested in no time and without processes.
//
// A [World] is where commands run. It outlives heitan: each [World.Runner] stands
// for one heitan, and what was started can be attached to by the next. The world
// counts what was really started, so that a test can tell that it happened once.
//
// What a command does is read from its environment, so that a workflow file can
// say it (_export sets the environment of sh>):
//
//	SCRIPTED_OUTPUT       text that it prints at once
//	SCRIPTED_DURATION     how long it runs, such as 90s; 0 if not set
//	SCRIPTED_EXIT_CODE    its exit code; 0 if not set
//	SCRIPTED_SIGNAL       the signal that ends it instead, such as SIGSEGV
//	SCRIPTED_IGNORE_TERM  true if SIGTERM does not end it
//	SCRIPTED_OOM          true if it ends by SIGKILL for using too much memory
//	SCRIPTED_CPU_TIME     what it used, such as 1.5s
//	SCRIPTED_PEAK_MEMORY  what it used, in bytes
//	SCRIPTED_START_ERROR  text of an error of every start that may be tried again
//	SCRIPTED_SPEC_ERROR   text of a *runner.SpecError of every start
//	SCRIPTED_LOST         true if a restart of heitan loses it (runner.ErrLost)
//
// A command whose program is "scripted" says it step after step in its arguments
// instead, as in
//
//	scripted "print one\n" "pause 2s" "warn two" "exit 3"
//
// with the steps print, warn, pause, ignore (SIGTERM), exit and die (of a signal).
// A test in Go may decide everything in [World.Answer].
package scripted
