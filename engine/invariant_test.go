package engine_test

import (
	"fmt"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
)

// moment is what invariants look at: what one event did, and what the driver
// knows. before is nil when the attempt has just been submitted.
type moment struct {
	driver  *driver
	before  []engine.Task
	changes engine.Changes
	after   []engine.Task
}

// invariant is something that is true after every event. It holds for each task
// by itself, or for the attempt; the other function is nil.
type invariant struct {
	name    string
	says    string
	task    func(m moment, s snapshot, t *engine.Task) error
	attempt func(m moment, s snapshot) error
}

// broken is an error that names an invariant that does not hold.
func broken(m moment) error {
	s := snapshotOf(m.after)
	for _, list := range [...][]invariant{attemptInvariants, taskInvariants, driverInvariants} {
		for _, i := range list {
			if err := i.check(m, s); err != nil {
				return err
			}
		}
	}
	return nil
}

func (i invariant) check(m moment, s snapshot) error {
	if i.attempt != nil {
		if err := i.attempt(m, s); err != nil {
			return fmt.Errorf("%s (%s): %w", i.name, i.says, err)
		}
		return nil
	}
	for n := range s.tasks {
		t := &s.tasks[n]
		if err := i.task(m, s, t); err != nil {
			return fmt.Errorf("%s (%s): task %d %s, %s: %w", i.name, i.says, t.ID, t.FullName, t.State, err)
		}
	}
	return nil
}

// old is the task before the event, and whether there was one.
func (m moment) old(t *engine.Task) (*engine.Task, bool) {
	if int(t.ID) > len(m.before) {
		return nil, false
	}
	return &m.before[t.ID-1], true
}

// wasKilled reports whether the attempt had been killed before the event.
func (m moment) wasKilled() bool {
	return len(m.before) > 0 && !m.before[0].State.Done() && m.before[0].Flags.Has(heitan.CancelRequested)
}

func running(s heitan.TaskState) bool { return s == heitan.TaskReady || s == heitan.TaskRunning }

func waiting(s heitan.TaskState) bool {
	return s == heitan.TaskRetryWaiting || s == heitan.TaskGroupRetryWaiting
}
