package engine_test

import (
	"testing"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
)

// FuzzRestore restores attempts whose stored tasks were damaged in any way, and
// lets everything happen to them. They may be refused, or do what makes no sense,
// but nothing panics or hangs.
func FuzzRestore(f *testing.F) {
	f.Add(uint64(1), uint8(10), []byte{})
	f.Add(uint64(2), uint8(40), []byte{1, 0, 1})
	f.Add(uint64(3), uint8(90), []byte{3, 1, 2, 4, 2, 8, 5, 3, 4, 6, 4, 5, 7, 5, 3, 8, 6, 200})
	f.Fuzz(func(t *testing.T, seed uint64, steps uint8, damage []byte) {
		s := prepare(t, seed, thoroughlyTasks, newSeeded(seed, streamOfSchedule))
		s.careless = true
		for range steps {
			if s.ended() {
				break
			}
			if err := s.step(); err != nil {
				t.Fatal(err)
			}
		}
		tasks := s.state.Tasks()
		for ; len(damage) >= 3; damage = damage[3:] {
			hurt(&tasks[int(damage[0])%len(tasks)], damage[1], damage[2])
		}
		a, err := engine.Restore(tasks, s.state.Flags(), s.def)
		if err != nil {
			return
		}
		shake(a, seed%2 == 0)
	})
}

// hurt changes one field of a task.
func hurt(t *engine.Task, field, value byte) {
	switch field % 8 {
	case 0:
		t.State = heitan.TaskState(value % 12)
	case 1:
		t.Flags = heitan.TaskFlags(value)
	case 2:
		t.Parent = heitan.TaskID(int8(value))
	case 3:
		t.Gate = heitan.TaskID(int8(value))
	case 4:
		t.Upstreams = []heitan.TaskID{heitan.TaskID(int8(value)), heitan.TaskID(value % 5)}
	case 5:
		t.ID = heitan.TaskID(int8(value))
	case 6:
		t.Group = !t.Group
	case 7:
		t.Retries = int(int8(value))
	}
}

// shake lets every event happen to every task.
func shake(a *engine.Attempt, resume bool) {
	if resume {
		a.Resume()
	}
	now := curtain
	for id := heitan.TaskID(1); int(id) <= min(a.Len(), 200); id++ {
		now = now.Add(time.Hour)
		for _, e := range append(everyEvent(id), everyEvent(id)...) {
			_, _ = a.Apply(e, now) // most do not fit
		}
		a.Params(id)
	}
	_, _ = a.Apply(engine.Killed{}, now) // it may have ended
}
