package cli

import (
	"slices"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
)

// progress is where a run stands: how many tasks there are, how many have ended,
// and which are running. Groups do not count, nor what a retry replaced.
type progress struct {
	total, done, failed, skipped int

	states  map[heitan.TaskID]heitan.TaskState // of tasks that count
	groups  map[heitan.TaskID]bool             // those that were seen
	below   map[heitan.TaskID][]heitan.TaskID  // children
	running map[heitan.TaskID]*runningTask
}

// runningTask is a task whose operator runs, or a task or group that waits to be
// tried again.
type runningTask struct {
	fullName string
	since    time.Time
	waiting  time.Time // when it is tried again; zero while it runs
	lastLine string
}

func newProgress() *progress {
	return &progress{
		states:  make(map[heitan.TaskID]heitan.TaskState),
		groups:  make(map[heitan.TaskID]bool),
		below:   make(map[heitan.TaskID][]heitan.TaskID),
		running: make(map[heitan.TaskID]*runningTask),
	}
}

// change follows a task, and reports whether it has just been skipped.
func (p *progress) change(t engine.Task) (skipped bool) {
	was, known := p.states[t.ID]
	if t.Flags.Has(heitan.Superseded) {
		p.forget(t.ID)
		return false
	}
	if !known && !p.groups[t.ID] {
		p.below[t.Parent] = append(p.below[t.Parent], t.ID)
	}
	if t.Group {
		p.groups[t.ID] = true
		p.follow(t)
		return false
	}
	if known {
		p.count(was, -1)
	} else {
		p.total++
	}
	p.states[t.ID] = t.State
	p.count(t.State, 1)
	p.follow(t)
	if t.Flags.Has(heitan.Skipped) && (!known || was == heitan.TaskBlocked) && t.State != heitan.TaskBlocked {
		p.skipped++
		return true
	}
	return false
}

// forget leaves out a task that a retry replaced, and all below it.
func (p *progress) forget(id heitan.TaskID) {
	if state, known := p.states[id]; known {
		p.count(state, -1)
		p.total--
		delete(p.states, id)
	}
	delete(p.running, id)
	delete(p.groups, id)
	for _, child := range p.below[id] {
		p.forget(child)
	}
	delete(p.below, id)
}

func (p *progress) count(state heitan.TaskState, n int) {
	if state.Done() {
		p.done += n
	}
	if state.Failed() {
		p.failed += n
	}
}

func (p *progress) follow(t engine.Task) {
	switch t.State {
	case heitan.TaskRunning, heitan.TaskRetryWaiting, heitan.TaskGroupRetryWaiting:
		r := p.running[t.ID]
		if r == nil {
			r = &runningTask{fullName: t.FullName, since: t.Started}
			p.running[t.ID] = r
		}
		r.waiting = t.RetryAt
	case heitan.TaskBlocked, heitan.TaskReady, heitan.TaskPlanned,
		heitan.TaskGroupError, heitan.TaskSuccess, heitan.TaskError, heitan.TaskCanceled:
		delete(p.running, t.ID)
	}
}

// longest are the running tasks, those that run longest first.
func (p *progress) longest() []*runningTask {
	tasks := make([]*runningTask, 0, len(p.running))
	for _, r := range p.running {
		tasks = append(tasks, r)
	}
	slices.SortFunc(tasks, func(a, b *runningTask) int {
		if c := a.since.Compare(b.since); c != 0 {
			return c
		}
		if a.fullName < b.fullName {
			return -1
		}
		return 1
	})
	return tasks
}
