package engine_test

import (
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// script is what an operator does in one try of a task. It depends on what the
// task is, and never on when it runs.
type script struct {
	polls   int  // how often it asks to be called again first
	outside bool // it starts a job outside, and waits for it
	fails   bool
	leaves  bool // when it fails, the job runs on and is what the next try waits for
	heeds   bool // it heeds `_retry`
	result  engine.Result
}

// identity names a task by its place in the tree: its name and its number among
// siblings of the same name, and so for all that is above it.
func identity(s snapshot, t *engine.Task) string {
	id := ""
	for i, n := range s.path(t) {
		if i == 0 {
			id = n.FullName
			continue
		}
		number := 0
		for sibling := range s.below(s.task(n.Parent)) {
			if sibling.ID < n.ID && sibling.FullName == n.FullName {
				number++
			}
		}
		id += fmt.Sprintf("%s#%d", n.FullName[len(s.task(n.Parent).FullName):], number)
	}
	return id
}

// scriptOf is what the operator of a task does in a try.
func scriptOf(seed uint64, identity string, retries int) script {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d", identity, retries)
	d := newSeeded(seed, h.Sum64())
	g := &grower{dice: d, left: 4, value: 1000 * d.IntN(1000)}
	made := script{
		polls:   max(0, d.IntN(5)-3),
		outside: g.oneIn(3, "outside"),
		fails:   g.oneIn(4, "fails"),
		leaves:  g.oneIn(2, "leaves"),
		heeds:   !g.oneIn(4, "heeds"),
	}
	if g.oneIn(3, "stores") {
		made.result.Store = g.update()
	}
	if g.oneIn(8, "resets") {
		made.result.Reset = []string{[...]string{"x", "m", "m.p", "m.q.r", "z"}[d.IntN(5)]}
	}
	if g.oneIn(8, "exports") {
		made.result.Export = g.update()
	}
	if strings.Count(identity, "^") < 3 && g.oneIn(5, "generates") {
		made.result.Subtasks = params.New(g.body(1)...)
	}
	return made
}

// retryOf is what a failure of the task says about trying again.
func (s *simulation) retryOf(t engine.Task, heeds bool) workflow.Retry {
	if !heeds {
		return workflow.Retry{}
	}
	node := workflow.Node{Config: t.Config}
	setting, _ := s.state.Params(t.ID).Merge(node.Export()).Merge(node.Local()).Get("_retry")
	retry, err := workflow.ParseRetry(setting)
	if err != nil {
		return workflow.Retry{}
	}
	return retry
}

// invocation is an operator that was called and has not answered.
type invocation struct {
	script script
	phase  phase
	token  string // of the job outside
}

type phase int

const (
	thinking phase = iota // before anything was done
	saving                // a checkpoint was saved and is not durable yet
	starting              // the checkpoint is durable
)

// operate lets the operator of a called task make its next move.
func (s *simulation) operate(id heitan.TaskID) error {
	task, _ := s.state.Task(id)
	c, i := s.calls[id], s.invocations[id]
	if i == nil {
		return s.call(task, c)
	}
	if c.dispatch.Cleanup {
		return s.cleanUp(task)
	}
	if c.interrupted && s.dice.roll(2, "heeds the interrupt") == 0 {
		s.stop(i.token)
		return s.answer(s.failure(task, i.script, nil))
	}
	switch {
	case i.phase == saving:
		return nil // until it is durable
	case i.phase == starting:
		s.start(i.token)
		return s.answer(engine.Polled{Task: id, After: s.wait(), Checkpoint: params.Of("token", i.token)})
	case i.script.outside && i.token == "":
		i.token = fmt.Sprintf("%d-%d", id, task.Retries)
		i.phase = saving
		return s.apply(engine.Checkpointed{Task: id, Checkpoint: params.Of("token", i.token)})
	case i.token != "" && s.jobs[i.token] == nil: // a crash came between
		i.phase = starting
		return nil
	case i.token != "" && !s.jobs[i.token].finished && (!i.script.fails || !i.script.leaves):
		return s.answer(engine.Polled{Task: id, After: s.wait(), Checkpoint: params.Of("token", i.token)})
	}
	if polls, _ := task.Checkpoint.Get("polls"); i.token == "" {
		if n, _ := polls.(int64); int(n) < i.script.polls {
			return s.answer(engine.Polled{Task: id, After: s.wait(), Checkpoint: params.Of("polls", n+1)})
		}
	}
	if i.script.fails {
		return s.answer(s.failure(task, i.script, i))
	}
	return s.answer(engine.Succeeded{Task: id, Result: i.script.result, Usage: heitan.Usage{CPUTime: 1}})
}

// call begins an invocation, or answers that it was not begun.
func (s *simulation) call(task engine.Task, c *call) error {
	if c.interrupted && s.dice.roll(2, "is not begun") == 0 {
		return s.answer(engine.Failed{Task: task.ID})
	}
	i := &invocation{script: scriptOf(s.seed, identity(snapshotOf(s.tasks), &task), task.Retries)}
	if token, ok := task.Checkpoint.Get("token"); ok {
		i.token = token.(string)
	}
	s.invocations[task.ID] = i
	if task.State == heitan.TaskRunning {
		return nil
	}
	return s.apply(engine.Started{Task: task.ID})
}

// failure is the answer of an operator that fails; i is nil if it was stopped. If
// it may be tried again, it may leave its job to the next try.
func (s *simulation) failure(task engine.Task, made script, i *invocation) engine.Event {
	e := engine.Failed{
		Task: task.ID, Retry: s.retryOf(task, made.heeds), Usage: heitan.Usage{CPUTime: 1, PeakMemory: 5},
		Error: params.Of("message", identity(snapshotOf(s.tasks), &task)),
	}
	switch {
	case i == nil || i.token == "":
	case made.leaves && task.Retries < e.Retry.Limit:
		e.Checkpoint = params.Of("token", i.token)
	default:
		s.stop(i.token)
	}
	return e
}

// cleanUp stops what a task's checkpoint names. What is answered does not matter.
func (s *simulation) cleanUp(task engine.Task) error {
	if token, ok := task.Checkpoint.Get("token"); ok {
		s.stop(token.(string))
	}
	switch s.dice.roll(3, "answer to the clean-up") {
	case 0:
		return s.answer(engine.Failed{Task: task.ID, Retry: workflow.Retry{Limit: 9}, Checkpoint: task.Checkpoint})
	case 1:
		return s.answer(engine.Polled{Task: task.ID, Checkpoint: task.Checkpoint})
	}
	return s.answer(engine.Succeeded{Task: task.ID})
}
