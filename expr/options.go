package expr

import "time"

// Options are the clock and the limits of an [Evaluator]. Zero values stand for
// the defaults.
type Options struct {
	// Now is the current time for moment() and new Date(). The default, for those
	// who do not care what the result is, is the beginning of 1970.
	Now func() time.Time

	// Timeout bounds one call of Text or Document. The default is 5 s.
	Timeout time.Duration

	// MaxSource is how many bytes an expression may have. The default is 64 KiB.
	MaxSource int

	// MaxResult is how many bytes the texts made by one call of Text or Document
	// may have together. The default is 16 MiB.
	MaxResult int

	// MaxMemory is by how many bytes the heap of the process may grow during an
	// evaluation. What else goes on in the process counts too; so a suspicion is
	// verified by garbage collection and by evaluating again. The default is
	// 128 MiB. More than 256 MiB count as that, because the chains of objects
	// that fit into more could exhaust the stack.
	MaxMemory int64
}

const largestMemory = 256 << 20

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = func() time.Time { return time.Unix(0, 0) }
	}
	if o.Timeout <= 0 {
		o.Timeout = 5 * time.Second
	}
	if o.MaxSource <= 0 {
		o.MaxSource = 64 << 10
	}
	if o.MaxResult <= 0 {
		o.MaxResult = 16 << 20
	}
	if o.MaxMemory <= 0 {
		o.MaxMemory = 128 << 20
	}
	o.MaxMemory = min(o.MaxMemory, largestMemory)
	return o
}
