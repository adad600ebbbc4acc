package coordinator

import "sync"

// slots bounds how many operators run at once. Those that wait get their turn in
// the order they asked.
type slots struct {
	mu      sync.Mutex
	free    int
	waiting []*turn
}

// turn is a place in the queue for a slot.
type turn struct {
	begin  func() // called once with the slot held
	begun  bool
	gaveUp bool
}

func newSlots(n int) *slots { return &slots{free: n} }

// request calls begin at once if a slot is free, else when it is its turn. begin
// must not block; whoever it starts calls release.
func (s *slots) request(begin func()) *turn {
	t := &turn{begin: begin}
	s.mu.Lock()
	if s.free == 0 {
		s.waiting = append(s.waiting, t)
		s.mu.Unlock()
		return t
	}
	s.free--
	t.begun = true
	s.mu.Unlock()
	begin()
	return t
}

// giveUp leaves the queue and reports whether begin was not called and never
// will be.
func (s *slots) giveUp(t *turn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.gaveUp = !t.begun
	return t.gaveUp
}

// release gives a slot to the next in the queue.
func (s *slots) release() {
	s.mu.Lock()
	for len(s.waiting) > 0 {
		next := s.waiting[0]
		s.waiting[0] = nil
		s.waiting = s.waiting[1:]
		if !next.gaveUp {
			next.begun = true
			s.mu.Unlock()
			next.begin()
			return
		}
	}
	s.free++
	s.mu.Unlock()
}
