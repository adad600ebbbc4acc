package script

import "time"

// Limits bound one call of [Session.Eval], but Timeout, which bounds a session.
type Limits struct {
	Timeout   time.Duration // for all evaluations of a session together
	MaxSource int           // bytes of an expression
	MaxResult int           // bytes of the text that an expression makes
	MaxMemory uint64        // bytes by which the heap may grow
}

// What built-in functions may make or work on at once. The time that one call
// takes at these sizes is well below a second.
const (
	maxString = 16 << 20 // UTF-16 units of a string
	maxArray  = 1 << 20  // elements of an array
	maxNodes  = 4 << 20  // values converted from the scope in one evaluation
	maxNested = 1000     // arrays and objects in each other, operators in each other
	maxCalls  = 2000     // functions calling each other
	maxSearch = 1 << 30  // characters compared in the worst case of a text search
)
