package runnertest

import (
	"fmt"
	"strings"
	"time"
)

// Program is what a command does, step after step. It ends with exit code 0
// unless a step says otherwise.
type Program []Step

// Step is one thing that a program does. One of its fields is set.
type Step struct {
	Print  string        // to standard output, without a newline of its own
	Warn   string        // to standard error, likewise
	Pause  time.Duration // before the next step
	Ignore bool          // SIGTERM from here on
	Exit   int           // end with this code, if Ends
	Ends   bool
	Die    string // end by this signal, such as "SIGKILL"
}

// Print writes text to standard output.
func Print(text string) Step { return Step{Print: text} }

// Warn writes text to standard error.
func Warn(text string) Step { return Step{Warn: text} }

// Pause does nothing for a while.
func Pause(d time.Duration) Step { return Step{Pause: d} }

// Ignore lets SIGTERM pass without effect from here on.
func Ignore() Step { return Step{Ignore: true} }

// Exit ends with a code.
func Exit(code int) Step { return Step{Exit: code, Ends: true} }

// Die ends by a signal.
func Die(signal string) Step { return Step{Die: signal} }

// forever is a pause that only a stop ends.
func forever() Step { return Pause(time.Hour) }

// Shell is the program for /bin/sh.
func (p Program) Shell() string {
	var b strings.Builder
	for _, s := range p {
		switch {
		case s.Ends:
			fmt.Fprintf(&b, "exit %d\n", s.Exit)
		case s.Die != "":
			fmt.Fprintf(&b, "kill -%s $$\n", strings.TrimPrefix(s.Die, "SIG"))
		case s.Ignore:
			b.WriteString("trap '' TERM\n")
		case s.Pause > 0:
			fmt.Fprintf(&b, "sleep %g\n", s.Pause.Seconds())
		case s.Warn != "":
			fmt.Fprintf(&b, "printf %%s %s >&2\n", quote(s.Warn))
		default:
			fmt.Fprintf(&b, "printf %%s %s\n", quote(s.Print))
		}
	}
	return b.String()
}

// quote is text as one word of the shell.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
