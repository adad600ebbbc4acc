package runnertest

import (
	"bytes"
	"context"
	"sync"
	"testing"
)

// Output takes a run's output and lets a test wait for a part of it.
type Output struct {
	mu      sync.Mutex
	buf     bytes.Buffer
	changed chan struct{} // closed at the next write; nil if nobody waits
}

// Write takes all of p.
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.changed != nil {
		close(o.changed)
		o.changed = nil
	}
	return o.buf.Write(p)
}

// String is everything that was written so far.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// Await returns when the output contains text. It fails the test if ctx ends first.
func (o *Output) Await(ctx context.Context, t testing.TB, text string) {
	t.Helper()
	for {
		o.mu.Lock()
		if bytes.Contains(o.buf.Bytes(), []byte(text)) {
			o.mu.Unlock()
			return
		}
		if o.changed == nil {
			o.changed = make(chan struct{})
		}
		changed := o.changed
		o.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			t.Fatalf("waited for %q in the output, got %q", text, o.String())
		}
	}
}
