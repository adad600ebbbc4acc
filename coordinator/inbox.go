package coordinator

import "sync"

// inbox is an unbounded queue of messages for one driver. It holds no more than
// the attempt has tasks, and sending never blocks, so that operators and timers
// never wait for a transaction.
type inbox struct {
	wake chan struct{} // has a value while there may be messages

	mu       sync.Mutex
	messages []message
}

func newInbox() *inbox { return &inbox{wake: make(chan struct{}, 1)} }

func (b *inbox) put(m message) {
	b.mu.Lock()
	b.messages = append(b.messages, m)
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *inbox) take() []message {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.messages
	b.messages = nil
	return taken
}
