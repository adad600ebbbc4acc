package docker

import (
	"context"
	"sync"
)

// turns lets one at a time do something with a name.
type turns struct {
	mu    sync.Mutex
	taken map[string]chan struct{} // closed when the name is free again
}

// take waits until the name is free, and returns what gives it back.
func (t *turns) take(ctx context.Context, name string) (release func(), err error) {
	for {
		t.mu.Lock()
		taken := t.taken[name]
		if taken == nil {
			done := make(chan struct{})
			if t.taken == nil {
				t.taken = map[string]chan struct{}{}
			}
			t.taken[name] = done
			t.mu.Unlock()
			return func() {
				t.mu.Lock()
				defer t.mu.Unlock()
				delete(t.taken, name)
				close(done)
			}, nil
		}
		t.mu.Unlock()
		select {
		case <-taken:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}
