package cli

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
)

const (
	// frameInterval is the time from one frame to the next.
	frameInterval = 100 * time.Millisecond
	// frameShare is the part of the time that frames may take, as a divisor: with
	// very many tasks there are fewer frames.
	frameShare = 20
	// maxPending is how much output waits for the next frame before it is written
	// without one.
	maxPending = 64 << 10
)

// liveView shows a run on a terminal. What tasks and heitan print scrolls by;
// below it stay a line for each running task and one with the state of the whole.
//
// Lines are gathered and written with the next frame, so that a task that prints
// much pays for its lines only. Frames may be dropped, lines never.
type liveView struct {
	env      Env
	progress *progress
	screen   *liveScreen
	began    time.Time

	drawn   time.Time // start of the last frame
	cost    time.Duration
	pending []byte // whole lines that are not shown yet
	closed  bool
	stop    chan struct{}

	root      string // full name of the root task, left out of what is shown
	active    int    // tasks that may print
	nameWidth int    // of the longest name before lines
	known     map[taskRef]liveTask
	styles    map[taskRef]string // colours that a task's next line begins with
}

// newLiveView begins to show a run. mu is the lock under which the view's methods
// are called; the view takes it itself to draw frames while nothing happens.
func newLiveView(env Env, mu *sync.Mutex, p *progress) view {
	v := &liveView{
		env: env, progress: p, began: env.Now(),
		screen: &liveScreen{to: env.Stdout, size: env.Size},
		stop:   make(chan struct{}),
		known:  make(map[taskRef]liveTask), styles: make(map[taskRef]string),
	}
	go v.tick(mu)
	return v
}

// tick draws frames until the view is closed.
func (v *liveView) tick(mu *sync.Mutex) {
	ticker := time.NewTicker(frameInterval)
	defer ticker.Stop()
	for {
		select {
		case <-v.stop:
			return
		case <-ticker.C:
			mu.Lock()
			if now := v.env.Now(); v.due(now) {
				v.draw(now)
			}
			mu.Unlock()
		}
	}
}

func (v *liveView) log(text string) {
	v.print("", text, "")
	v.show()
}

func (v *liveView) output(t taskRef, lines []byte) {
	prefix := ""
	if v.active > 1 {
		prefix = v.prefix(t.fullName)
	}
	style := v.print(prefix, string(lines), v.styles[t])
	if style == "" {
		delete(v.styles, t)
	} else {
		v.styles[t] = style
	}
	v.show()
}

// print adds lines to what is to be shown. style is how the first begins; print
// returns how the line after the last one would.
func (v *liveView) print(prefix, lines, style string) string {
	colors := v.env.colors()
	for len(lines) > 0 {
		line := lines
		if i := strings.IndexByte(lines, '\n'); i >= 0 {
			line, lines = lines[:i], lines[i+1:]
		} else {
			lines = ""
		}
		v.pending = append(v.pending, prefix...)
		v.pending, style = appendClean(v.pending, line, style, colors)
		v.pending = append(v.pending, '\n')
	}
	return style
}

// prefix names the task before what it prints, all names as long as each other.
func (v *liveView) prefix(fullName string) string {
	width, _ := v.screen.measure()
	return v.env.color(gray).paint(padRight(cutLeft(v.short(fullName), width/3), min(v.nameWidth, width/3))+" |") + " "
}

func (v *liveView) changed(_ *progress, tasks []engine.Task) {
	first := len(v.known) == 0
	parents := make(map[heitan.TaskID]bool)
	for _, t := range tasks {
		parents[t.Parent] = true
	}
	var later []engine.Task
	for _, t := range tasks {
		if t.Parent == 0 && v.root == "" {
			v.root = t.FullName
		}
		if parents[t.ID] {
			later = append(later, t)
			continue
		}
		v.follow(t, first)
	}
	// They end, or are tried again, because a child has ended, which has a higher id.
	for _, t := range slices.Backward(later) {
		v.follow(t, first)
	}
	v.show()
}

// show draws a frame if it is time for one, and else sees to it that not too much
// waits for the next.
func (v *liveView) show() {
	switch now := v.env.Now(); {
	case v.due(now):
		v.draw(now)
	case v.closed, len(v.pending) >= maxPending:
		v.screen.scroll(v.pending)
		v.pending = v.pending[:0]
	}
}

// due reports whether it is time for a frame.
func (v *liveView) due(now time.Time) bool {
	return !v.closed && now.Sub(v.drawn) >= max(frameInterval, v.cost*frameShare)
}

// draw shows what is pending and a new frame.
func (v *liveView) draw(now time.Time) {
	width, height := v.screen.measure()
	v.screen.draw(v.pending, v.frame(now, width, height))
	v.pending = v.pending[:0]
	v.drawn, v.cost = now, v.env.Now().Sub(now)
}

func (v *liveView) close() {
	if v.closed {
		return
	}
	v.closed = true
	close(v.stop)
	v.screen.draw(v.pending, nil)
	v.pending = nil
}
