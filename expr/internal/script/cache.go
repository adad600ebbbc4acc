package script

import "sync"

// cache remembers what was made from a text, at most about twice as much as
// limit. When the young generation is full it becomes the old one, whose entries
// are forgotten unless they are used again.
type cache[K comparable, V any] struct {
	limit int

	mu         sync.RWMutex
	young, old map[K]V
	weight     int // of the young generation
}

func newCache[K comparable, V any](limit int) *cache[K, V] {
	return &cache[K, V]{limit: limit, young: map[K]V{}}
}

func (c *cache[K, V]) get(key K) (V, bool) {
	c.mu.RLock()
	v, ok := c.young[key]
	aged := false
	if !ok {
		v, aged = c.old[key]
	}
	c.mu.RUnlock()
	if aged {
		c.put(key, v, 1)
	}
	return v, ok || aged
}

func (c *cache[K, V]) put(key K, v V, weight int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.weight+weight > c.limit && len(c.young) > 0 {
		c.old, c.young, c.weight = c.young, map[K]V{}, 0
	}
	c.young[key] = v
	c.weight += weight
}
