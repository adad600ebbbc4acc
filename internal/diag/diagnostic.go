// Package diag is how problems in users' files are described and shown: where
// (file:line:column and the source line with a caret), what (a code that never
// changes and a message), and what was probably meant.
package diag

import (
	"cmp"
	"slices"
	"strings"

	"github.com/heitan/heitan/params"
)

// Severity says whether a problem keeps a workflow from running.
type Severity uint8

const (
	// Error means that the file cannot be used, or that the task will fail.
	Error Severity = iota
	// Warning means that something is probably not what was meant.
	Warning
)

func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// MarshalText makes severities words in JSON.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Diagnostic is one problem in a user's file.
type Diagnostic struct {
	Pos      params.Pos
	Severity Severity
	Code     string // lower-case words joined by hyphens; docs/reference/diagnostics.md has a line for each
	Message  string // one line without a full stop
	Hint     string // may be empty
}

// Error is the diagnostic on one line.
func (d Diagnostic) Error() string {
	var b strings.Builder
	if !d.Pos.IsZero() {
		b.WriteString(d.Pos.String())
		b.WriteString(": ")
	} else if d.Pos.File != "" {
		b.WriteString(d.Pos.File)
		b.WriteString(": ")
	}
	if d.Severity == Warning {
		b.WriteString("warning: ")
	}
	if d.Code != "" {
		b.WriteString(d.Code)
		b.WriteString(": ")
	}
	b.WriteString(d.Message)
	if d.Hint != "" {
		b.WriteString(" (" + d.Hint + ")")
	}
	return b.String()
}

// List is all problems that were found. As an error it is one line for each.
type List []Diagnostic

func (l List) Error() string {
	lines := make([]string, len(l))
	for i, d := range l {
		lines[i] = d.Error()
	}
	return strings.Join(lines, "\n")
}

// HasErrors reports whether any of the problems is more than a warning.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Err is l as an error if it has errors, else nil.
func (l List) Err() error {
	if l.HasErrors() {
		return l
	}
	return nil
}

// Sort orders the problems by file and place, keeping the order of equals.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
		)
	})
}
