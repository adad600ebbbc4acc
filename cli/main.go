package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/internal/buildinfo"
	"github.com/heitan/heitan/internal/diag"
)

// Main runs the command that the arguments name and returns the exit status.
func Main(env Env) int {
	root := newRoot(env)
	if asksVersion(env.Args) {
		fmt.Fprintln(env.Stdout, buildinfo.Version())
		return 0
	}
	root.SetArgs(longHelp(env.Args))
	err := root.Execute()
	return exitStatus(env, err)
}

// asksVersion reports whether --version stands anywhere, which makes every
// command print only the version, as in Digdag.
func asksVersion(args []string) bool {
	for _, arg := range args {
		if arg == "--" {
			return false
		}
		if arg == "--version" {
			return true
		}
	}
	return false
}

// longHelp takes -help for --help, as Digdag does, rather than for -h -e lp.
func longHelp(args []string) []string {
	long := slices.Clone(args)
	for i, arg := range long {
		if arg == "--" {
			break
		}
		if arg == "-help" {
			long[i] = "--help"
		}
	}
	return long
}

// silentError fails a command that has already said what is wrong.
type silentError struct{ status int }

func (silentError) Error() string { return "failed" }

// signalError ends a command because of a signal.
type signalError struct{ signal os.Signal }

func (e signalError) Error() string { return "ended by signal: " + e.signal.String() }

func (e signalError) status() int {
	if s, ok := e.signal.(syscall.Signal); ok {
		return 128 + int(s)
	}
	return 1
}

// exitStatus prints an error for people and maps it to the exit status.
func exitStatus(env Env, err error) int {
	if err == nil {
		return 0
	}
	if e, ok := errors.AsType[silentError](err); ok {
		return e.status
	}
	if e, ok := errors.AsType[signalError](err); ok {
		fmt.Fprintln(env.Stderr, "error: "+e.Error())
		return e.status()
	}
	if list, ok := errors.AsType[diag.List](err); ok {
		_ = diag.Write(env.Stderr, list, env.source, env.diagStyle())
		return 1
	}
	fmt.Fprintln(env.Stderr, "error: "+strings.TrimRight(cleanText(err.Error()), "\n"))
	if hint := heitan.HintOf(err); hint != "" {
		fmt.Fprintln(env.Stderr, "hint: "+strings.TrimRight(cleanText(hint), "\n"))
	}
	return 1
}

// source reads a file named in a diagnostic.
func (e Env) source(file string) (string, bool) {
	if file == "" {
		return "", false
	}
	text, err := os.ReadFile(e.Path(file))
	return string(text), err == nil
}

// banner is the first line on standard error of most commands.
func (e Env) banner() {
	fmt.Fprintf(e.Stderr, "%s: heitan v%s\n", e.Now().Format(timeLayout), buildinfo.Version())
}

// timeLayout is how Digdag's command line shows times.
const timeLayout = "2006-01-02 15:04:05 -0700"

// elapsed is a duration for people: 0.4s, 12s, 3m 05s, 2h 03m.
func elapsed(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1fs", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm %02ds", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%dh %02dm", int(d.Hours()), int(d.Minutes())%60)
}

// plural is "1 task" or "3 tasks".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// indent puts prefix before every line.
func indent(text, prefix string) string {
	return prefix + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n"+prefix)
}
