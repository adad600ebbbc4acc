package engine_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// A failing simulation names its seed; the same seed gives the same run again.
const (
	simulatedTasks   = 14 // at the start; operators generate more
	thoroughlyTasks  = 6
	streamOfTree     = 1
	streamOfSchedule = 2
)

// simulations is how many random workflows are simulated.
func simulations() uint64 { return uint64(effort(600, 20_000)) }

// orderly dice let everything that is possible happen in turn, without accidents.
type orderly struct{ turn int }

func (o *orderly) roll(n int, what string) int {
	if what != "move" {
		return 0
	}
	o.turn++
	return o.turn % n
}

// TestSimulatedAttemptsKeepAllInvariants lets random attempts run with crashes and
// kills at random moments.
func TestSimulatedAttemptsKeepAllInvariants(t *testing.T) {
	t.Parallel()
	for seed := range simulations() {
		root, doc := grow(t, newSeeded(seed, streamOfTree), simulatedTasks)
		limits := engine.DefaultLimits()
		if seed%8 == 7 {
			limits.Tasks = root.Size() + int(seed/8%10)
		}
		s := newSimulation(t, root, doc, limits, newSeeded(seed, streamOfSchedule), seed)
		s.crashes, s.kills, s.abandoned = int(seed%4), int(seed/4%2), seed%16 == 1
		if err := s.run(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// TestOutcomeDoesNotDependOnTiming runs the same attempts in different orders and
// with crashes: the tasks, their states, params and errors are always the same.
func TestOutcomeDoesNotDependOnTiming(t *testing.T) {
	t.Parallel()
	for seed := range simulations() / 4 {
		inTurn := prepare(t, seed, simulatedTasks, &orderly{})
		if err := inTurn.run(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		want := inTurn.outcome()
		for schedule := range uint64(3) {
			s := prepare(t, seed, simulatedTasks, newSeeded(seed, streamOfSchedule+schedule))
			s.crashes = int(schedule)
			if err := s.run(); err != nil {
				t.Fatalf("seed %d, schedule %d: %v", seed, schedule, err)
			}
			if d := cmp.Diff(want, s.outcome()); d != "" {
				t.Fatalf("seed %d, schedule %d (-in turn +other):\n%s", seed, schedule, d)
			}
		}
	}
}

// TestOutcomeIsWhatTheTreeSays compares how attempts end with what a plain
// recursive reading of the workflow gives.
func TestOutcomeIsWhatTheTreeSays(t *testing.T) {
	t.Parallel()
	for seed := range simulations() {
		root, doc := grow(t, newSeeded(seed, streamOfTree), simulatedTasks)
		s := newSimulation(t, root, doc, engine.DefaultLimits(), newSeeded(seed, streamOfSchedule), seed)
		s.careless, s.crashes = true, int(seed%2)
		if err := s.run(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if d := cmp.Diff((&interpreter{seed: seed}).run(root), s.verdicts()); d != "" {
			t.Fatalf("seed %d (-tree +engine):\n%s\n%s", seed, d, params.JSON(doc))
		}
	}
}

// TestAccidentsAtEveryPoint interrupts the same run after each of its steps, one
// after the other: by a crash, by a kill, by a crash after a kill, and by a crash
// after which the attempt is abandoned.
func TestAccidentsAtEveryPoint(t *testing.T) {
	t.Parallel()
	fall := (*simulation).fall
	kill := func(s *simulation) error {
		if s.state.Flags() != 0 {
			return nil
		}
		return s.apply(engine.Killed{})
	}
	for _, accident := range []struct {
		name    string
		happens func(s *simulation) error
		kills   bool
	}{
		{"crash", fall, false},
		{"kill", kill, true},
		{"kill and crash", func(s *simulation) error {
			err := kill(s)
			if err == nil {
				s.commit()
				err = s.fall()
			}
			return err
		}, true},
		{"crash and kill", func(s *simulation) error {
			s.abandoned = true
			return s.fall()
		}, true},
	} {
		t.Run(accident.name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(effort(16, 100)) {
				undisturbed := prepare(t, seed, thoroughlyTasks, newSeeded(seed, streamOfSchedule))
				if err := undisturbed.run(); err != nil {
					t.Fatalf("seed %d: %v", seed, err)
				}
				want := undisturbed.outcome()
				for point := range undisturbed.steps {
					s, err := disturbed(t, seed, point, accident.happens)
					if err != nil {
						t.Fatalf("seed %d, after step %d: %v", seed, point, err)
					}
					if accident.kills {
						continue
					}
					if d := cmp.Diff(want, s.outcome()); d != "" {
						t.Fatalf("seed %d, after step %d (-undisturbed +disturbed):\n%s", seed, point, d)
					}
				}
			}
		})
	}
}

// disturbed is a run that is interrupted after a number of steps.
func disturbed(t *testing.T, seed uint64, point int, happens func(*simulation) error) (*simulation, error) {
	t.Helper()
	s := prepare(t, seed, thoroughlyTasks, newSeeded(seed, streamOfSchedule))
	s.careless = true // another run has checked these steps
	for range point {
		if err := s.step(); err != nil {
			return nil, err
		}
	}
	s.careless = false
	if err := happens(s); err != nil {
		return nil, fmt.Errorf("accident: %w", err)
	}
	return s, s.run()
}

// prepare makes the simulation of the random workflow of a seed.
func prepare(t testing.TB, seed uint64, tasks int, schedule dice) *simulation {
	t.Helper()
	root, doc := grow(t, newSeeded(seed, streamOfTree), tasks)
	return newSimulation(t, root, doc, engine.DefaultLimits(), schedule, seed)
}

func newSimulation(t testing.TB, root *workflow.Node, doc *params.Object, limits engine.Limits, schedule dice, seed uint64) *simulation {
	t.Helper()
	def := engine.Definition{Params: params.Of("x", "given", "m", params.Of("p", "given")), Limits: limits}
	s, err := simulate(root, def, schedule, seed)
	if err != nil {
		t.Fatalf("%s: %v", params.JSON(doc), err)
	}
	return s
}
