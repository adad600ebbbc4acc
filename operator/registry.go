package operator

import (
	"maps"
	"slices"

	"github.com/heitan/heitan/internal/diag"
)

// Entry is an operator with what the rest of heitan must know of it.
type Entry struct {
	Operator Operator
	// SelfRetry means that the task's `_retry` repeats the operator when it
	// fails. The control operators of Digdag do not do that.
	SelfRetry bool
	// OwnTimeout means that the operator gives a meaning of its own to `timeout`.
	// Otherwise the task fails when it has run longer than that.
	OwnTimeout bool
	// Instead is set for operators that heitan knows but does not have: what does
	// their work.
	Instead string
}

// Registry finds operators by name. It is filled once, when heitan starts.
type Registry struct {
	entries map[string]Entry
	finders []Finder
}

// Finder finds operators that are not built in, such as executables of a
// project. root is the absolute path of the project.
type Finder func(root, name string) (Entry, bool)

// NewRegistry makes a registry of named operators and of finders, which are
// asked in order for all other names.
func NewRegistry(entries map[string]Entry, finders ...Finder) *Registry {
	return &Registry{entries: maps.Clone(entries), finders: finders}
}

// Names are the built-in operators' names, sorted.
func (r *Registry) Names() []string { return slices.Sorted(maps.Keys(r.entries)) }

// Instead is what does the work of a built-in operator that heitan does not have,
// or "".
func (r *Registry) Instead(name string) string { return r.entries[name].Instead }

// Find is the operator of a name for a project at root.
func (r *Registry) Find(root, name string) (Entry, error) {
	if e, ok := r.entries[name]; ok {
		return e, nil
	}
	for _, find := range r.finders {
		if e, ok := find(root, name); ok {
			return e, nil
		}
	}
	return Entry{}, Configf("Unknown task type: %s", name).WithHint(diag.DidYouMean(name, r.Names()))
}
