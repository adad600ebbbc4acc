package script

import (
	"context"
	"runtime"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dop251/goja"
)

// watchInterval is how often a running session is looked at. Most sessions end
// before the first time.
const watchInterval = 5 * time.Millisecond

// maxCollections is how many garbage collections a session may cause in order to
// find out whether it holds the memory that was allocated meanwhile.
const maxCollections = 20

// watchdog ends the evaluations of a session when its time is over, its context
// is done, or the heap has grown too much.
type watchdog struct {
	ctx    context.Context
	limits Limits
	start  time.Time

	reason atomic.Pointer[error] // why scripts must stop, or nil

	// Of look, while there is no reason to stop.
	baseline    uint64 // heap bytes when first looked at, 0 before
	collections int

	mu      sync.Mutex
	timer   *time.Timer
	running *goja.Runtime // what to interrupt
	over    bool
}

func watch(ctx context.Context, limits Limits) *watchdog {
	w := &watchdog{ctx: ctx, limits: limits, start: time.Now()}
	w.mu.Lock() // so that look finds the timer
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(watchInterval, w.look)
	return w
}

func (w *watchdog) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	w.timer.Stop()
}

// verdict is why scripts must stop, or nil.
func (w *watchdog) verdict() error {
	if reason := w.reason.Load(); reason != nil {
		return *reason
	}
	return w.ctx.Err()
}

// forgive lets a session go on that was stopped because of its memory. Nothing
// runs meanwhile.
func (w *watchdog) forgive() {
	runtime.GC() // what it held must not count as there before
	w.baseline, w.collections = 0, 0
	w.reason.Store(nil) // last, as from now on the heap is looked at again
}

// attach names the machine that runs from now on.
func (w *watchdog) attach(vm *goja.Runtime) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.running = vm
}

// detach says that nothing runs any more. The machine is never interrupted after
// it has returned.
func (w *watchdog) detach() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.running = nil
}

// look runs in a goroutine of its own, every watchInterval until the session is
// over. What must stop is interrupted each time: the engine forgets an interruption
// when that ends a function which was called from outside of any script.
func (w *watchdog) look() {
	if w.reason.Load() == nil {
		if reason := w.judge(); reason != nil {
			w.reason.Store(&reason)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return
	}
	if reason := w.reason.Load(); reason != nil && w.running != nil {
		w.running.Interrupt(*reason)
	}
	w.timer.Reset(watchInterval)
}

func (w *watchdog) judge() error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if time.Since(w.start) >= w.limits.Timeout {
		return ErrTimeout
	}
	if w.hoards() {
		return ErrMemory
	}
	return nil
}

// hoards reports whether the heap has grown beyond the limit and a garbage
// collection does not help.
func (w *watchdog) hoards() bool {
	size := heapSize()
	if w.baseline == 0 {
		w.baseline = size
	}
	if size <= w.baseline+w.limits.MaxMemory {
		return false
	}
	if w.collections++; w.collections > maxCollections {
		return true
	}
	runtime.GC()
	return heapSize() > w.baseline+w.limits.MaxMemory
}

// heapSize is the bytes of all objects on the heap of the process that are in
// use or not collected yet.
func heapSize() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
