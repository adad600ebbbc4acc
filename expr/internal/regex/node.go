package regex

import "slices"

// Node is a part of a regular expression.
type Node interface{ node() }

// The kinds of nodes.
type (
	// Chars matches one character of a set.
	Chars struct{ Set Set }

	// Sequence matches its parts behind each other; without any it is empty.
	Sequence []Node

	// Choice matches the first part that leads to a match.
	Choice []Node

	// Repeat matches its part at least Min times, and at most Max times unless
	// that is negative, as often as possible or, if Lazy, as rarely.
	Repeat struct {
		Part     Node
		Min, Max int
		Lazy     bool

		// FirstGroup to LastGroup are forgotten when the part begins anew. None
		// are if FirstGroup is 0.
		FirstGroup, LastGroup int

		// EndsEmpty says that an optional repetition that matched nothing ends
		// the loop. Otherwise it is no match.
		EndsEmpty bool
	}

	// Capture is a group that remembers what it matched. Index counts from 1.
	Capture struct {
		Part  Node
		Index int
	}

	// Look matches what follows, or what is before if Behind, without consuming
	// it. If Negative it matches where its part does not.
	Look struct {
		Part             Node
		Behind, Negative bool
	}

	// Atomic takes the first match of its part and gives nothing back.
	Atomic struct{ Part Node }

	// Reference matches what a group has matched, of which Fold makes characters
	// equal unless it is nil. A group that took no part matches nothing; or, if
	// MustBeSet, is no match.
	Reference struct {
		Index     int
		Fold      func(rune) rune
		MustBeSet bool
	}

	// Start matches where the search began.
	Start struct{}

	// Assert matches where Holds says so.
	Assert struct {
		Holds func(text []rune, at int) bool
	}
)

func (Chars) node()     {}
func (Sequence) node()  {}
func (Choice) node()    {}
func (Repeat) node()    {}
func (Capture) node()   {}
func (Look) node()      {}
func (Atomic) node()    {}
func (Reference) node() {}
func (Start) node()     {}
func (Assert) node()    {}

// matchesEmpty reports whether a node may match nothing.
func matchesEmpty(n Node) bool {
	switch n := n.(type) {
	case Chars:
		return false
	case Sequence:
		for _, part := range n {
			if !matchesEmpty(part) {
				return false
			}
		}
		return true
	case Choice:
		return slices.ContainsFunc(n, matchesEmpty)
	case Repeat:
		return n.Min == 0 || matchesEmpty(n.Part)
	case Capture:
		return matchesEmpty(n.Part)
	case Atomic:
		return matchesEmpty(n.Part)
	}
	return true
}
