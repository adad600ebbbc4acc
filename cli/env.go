package cli

import (
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"
)

// Env is what a command sees of its process.
type Env struct {
	Args    []string // without the program's name
	Environ []string // KEY=VALUE
	Dir     string   // absolute path of the working directory
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	// Terminal tells whether standard output and standard error are a terminal
	// that can show a live view.
	Terminal bool
	// Size is the terminal's width and height.
	Size func() (width, height int)
	// Signals begins to deliver the signals that ask heitan to end, instead of
	// letting them end the process, until stop is called.
	Signals func() (signals <-chan os.Signal, stop func())
	Now     func() time.Time
}

// System is the Env of the running process.
func System() Env {
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	return Env{
		Args:     os.Args[1:],
		Environ:  os.Environ(),
		Dir:      dir,
		Stdin:    os.Stdin,
		Stdout:   os.Stdout,
		Stderr:   os.Stderr,
		Terminal: term.IsTerminal(int(os.Stdout.Fd())) && term.IsTerminal(int(os.Stderr.Fd())) && os.Getenv("TERM") != "dumb",
		Size:     terminalSize,
		Signals:  endSignals,
		Now:      time.Now,
	}
}

// endSignals leaves signals ignored that heitan's parent lets it ignore, as nohup
// does with SIGHUP, and shells with SIGINT of what runs in the background. While
// they are delivered, output that nobody reads any more is lost and ends nothing.
func endSignals() (signals <-chan os.Signal, stop func()) {
	c := make(chan os.Signal, 4)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			signal.Notify(c, s)
		}
	}
	unread := make(chan os.Signal, 1)
	signal.Notify(unread, syscall.SIGPIPE)
	return c, func() {
		signal.Stop(c)
		signal.Stop(unread)
	}
}

func terminalSize() (width, height int) {
	width, height, err := term.GetSize(int(os.Stderr.Fd()))
	if err != nil || width <= 0 {
		return 80, 24
	}
	return width, height
}

// Getenv is the value of an environment variable, or "".
func (e Env) Getenv(name string) string {
	for _, entry := range slices.Backward(e.Environ) {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}

// Path makes a path that the user typed absolute.
func (e Env) Path(typed string) string {
	if filepath.IsAbs(typed) {
		return filepath.Clean(typed)
	}
	return filepath.Join(e.Dir, typed)
}
