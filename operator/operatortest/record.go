package operatortest

import (
	"bytes"
	"context"
	"slices"
	"sync"

	"github.com/heitan/heitan/params"
)

// Record is what an operator did with a request. Its methods may be called while
// the operator runs.
type Record struct {
	output, log buffer

	mu          sync.Mutex
	checkpoints []*params.Object
	revealed    []string
}

// Output is what was written to the task's log as it is.
func (r *Record) Output() string { return r.output.String() }

// Log is heitan's own messages: `level=INFO msg=... key=value`, one on a line.
func (r *Record) Log() string { return r.log.String() }

// Checkpoints are those saved while the operator ran, in order.
func (r *Record) Checkpoints() []*params.Object {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.checkpoints)
}

// Revealed are the values of the secrets that the operator read, in order.
func (r *Record) Revealed() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.revealed)
}

func (r *Record) saveCheckpoint(ctx context.Context, checkpoint *params.Object) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.checkpoints = append(r.checkpoints, checkpoint)
	return nil
}

func (r *Record) reveal(value string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.revealed = append(r.revealed, value)
}

// buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
