package engine_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// simulation runs an attempt with a driver that may crash at any moment, with
// operators that start jobs outside, and with everything in random order.
type simulation struct {
	*driver
	dice dice
	seed uint64 // of what operators do

	invocations map[heitan.TaskID]*invocation // lost in a crash
	jobs        map[string]*job               // by token; they outlive crashes

	crashes, kills int  // that may still come
	abandoned      bool // a crash is followed by a kill
	steps          int
}

// job is something that runs outside.
type job struct{ finished bool }

// maxSteps is far more than any attempt of the tests needs.
const maxSteps = 50_000

func simulate(root *workflow.Node, def engine.Definition, d dice, seed uint64) (*simulation, error) {
	driver, err := begin(root, def, curtain)
	if err != nil {
		return nil, err
	}
	driver.commit()
	return &simulation{
		driver: driver, dice: d, seed: seed,
		invocations: make(map[heitan.TaskID]*invocation),
		jobs:        make(map[string]*job),
	}, nil
}

// start starts a job, unless it was started before with the same token.
func (s *simulation) start(token string) {
	if s.jobs[token] == nil {
		s.jobs[token] = &job{}
	}
}

func (s *simulation) stop(token string) {
	if j := s.jobs[token]; j != nil {
		j.finished = true
	}
}

func (s *simulation) wait() time.Duration { return time.Duration(s.dice.roll(3, "wait")) * time.Second }

// run makes steps until the attempt has ended, and checks the end.
func (s *simulation) run() error {
	for !s.ended() {
		if err := s.step(); err != nil {
			return fmt.Errorf("step %d: %w", s.steps, err)
		}
		if s.steps++; s.steps > maxSteps {
			return errors.New("the attempt never ends")
		}
	}
	return s.checkEnd()
}

// checkEnd is what holds when an attempt has ended: nothing is outstanding, and
// nothing it started runs on.
func (s *simulation) checkEnd() error {
	if s.finishes != 1 || !s.flags.Has(heitan.AttemptDone) {
		return fmt.Errorf("ended once (the attempt's end is carried out exactly once): %d times, flags %b", s.finishes, s.flags)
	}
	if len(s.calls) > 0 || len(s.queue) > 0 || len(s.commands) > 0 || len(s.pending) > 0 {
		return fmt.Errorf("nothing outstanding (an ended attempt waits for nobody): %d calls, %d commands", len(s.calls), len(s.queue))
	}
	for token, j := range s.jobs {
		if !j.finished {
			return fmt.Errorf("nothing left running (no job outlives the attempt that started it): %s", token)
		}
	}
	if s.flags.Has(heitan.AttemptCancelRequested) != (s.durable[0].State == heitan.TaskCanceled) {
		return fmt.Errorf("a killed attempt is canceled: %s", s.durable[0].State)
	}
	return sameWhenRestored(s.driver)
}

// step does one thing that may happen next.
func (s *simulation) step() error {
	switch s.dice.roll(24, "something out of the ordinary") {
	case 23:
		if s.crashes > 0 {
			s.crashes--
			return s.fall()
		}
	case 22:
		if s.kills > 0 && s.state.Flags() == 0 {
			s.kills--
			return s.apply(engine.Killed{})
		}
	case 21:
		return s.stale()
	case 20:
		if err := sameWhenRestored(s.driver); err != nil || s.state.Flags() != 0 || s.twin != nil {
			return err
		}
		return s.restoreTwin()
	}
	moves := s.moves()
	if len(moves) == 0 {
		return errors.New("nothing can happen any more")
	}
	return moves[s.dice.roll(len(moves), "move")]()
}

// moves are the ordinary things that may happen next.
func (s *simulation) moves() []func() error {
	var moves []func() error
	if len(s.pending)+len(s.commands) > 0 {
		moves = append(moves, func() error {
			s.commit()
			for _, i := range s.invocations {
				if i.phase == saving {
					i.phase = starting
				}
			}
			return nil
		})
	}
	if len(s.queue) > 0 {
		moves = append(moves, s.carryOut)
	}
	for _, id := range sortedIDs(s.calls) {
		moves = append(moves, func() error {
			err := s.operate(id)
			if s.calls[id] == nil {
				delete(s.invocations, id)
			}
			return err
		})
	}
	for _, id := range sortedIDs(s.timers) {
		moves = append(moves, func() error { return s.ring(id) })
	}
	for _, token := range slices.Sorted(maps.Keys(s.jobs)) {
		if !s.jobs[token].finished {
			moves = append(moves, func() error { s.jobs[token].finished = true; return nil })
		}
	}
	return moves
}

// ring lets a timer go off, perhaps too early.
func (s *simulation) ring(id heitan.TaskID) error {
	if due := s.timers[id]; due.After(s.now) && s.dice.roll(8, "too early") < 7 {
		s.now = due
	}
	delete(s.timers, id)
	err := s.apply(engine.TimerDue{Task: id})
	if errors.Is(err, errRejected) { // it does not wait any more
		return nil
	}
	return err
}

// fall loses the attempt in memory and takes it over, or kills it.
func (s *simulation) fall() error {
	if err := sameWhenRestored(s.driver); err != nil {
		return err
	}
	clear(s.invocations)
	if s.abandoned {
		if err := s.restore(); err != nil {
			return err
		}
		if !s.state.Flags().Has(heitan.AttemptDone) {
			return s.apply(engine.Killed{})
		}
	}
	return s.crash()
}

// stale applies an event for which it is too late.
func (s *simulation) stale() error {
	tasks := s.state.Tasks()
	t := tasks[s.dice.roll(len(tasks), "task")]
	if running(t.State) || waiting(t.State) {
		return nil
	}
	events := everyEvent(t.ID)
	event := events[s.dice.roll(len(events), "event")]
	if err := s.apply(event); !errors.Is(err, errRejected) {
		return fmt.Errorf("stale (an event for a task that neither runs nor waits is rejected): %T for a %s task gives %w", event, t.State, err)
	}
	return nil
}

// verdicts are all tasks of an ended attempt by their place in the tree, and how
// they ended.
func (s *simulation) verdicts() []string {
	all := snapshotOf(s.durable)
	lines := make([]string, len(all.tasks))
	for i := range all.tasks {
		t := &all.tasks[i]
		lines[i] = verdict(identity(all, t), t.State, t.Retries, t.Flags.Has(heitan.Superseded))
	}
	slices.Sort(lines)
	return lines
}

func verdict(identity string, state heitan.TaskState, retries int, replaced bool) string {
	return fmt.Sprintf("%s %s retries=%d replaced=%t", identity, state, retries, replaced)
}

// outcome is everything about an ended attempt that must not depend on timing:
// every task by its place in the tree, how it ended, and what it inherited.
func (s *simulation) outcome() []string {
	all := snapshotOf(s.durable)
	lines := make([]string, len(all.tasks))
	for i := range all.tasks {
		t := &all.tasks[i]
		lines[i] = fmt.Sprintf("%s %s error=%s config=%s stored=%s reset=%s inherited=%s", identity(all, t), show(t),
			params.JSON(params.Empty().Merge(t.Error)), params.JSON(t.Config), params.JSON(params.Empty().Merge(t.Result.Store)),
			t.Result.Reset, params.JSON(s.state.Params(t.ID)))
	}
	slices.Sort(lines)
	return lines
}
