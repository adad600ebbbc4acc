package engine_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// small workflows are enough for properties: rapid looks for the smallest that
// breaks one, and every roll of its dice can be shrunk.
const propertyTasks = 8

// attempt draws a workflow and lets it run, with what may happen on the way.
func attempt(t *rapid.T, def engine.Definition, crashes, kills int) (*workflow.Node, *simulation) {
	doc := (&grower{dice: drawn{t}, left: propertyTasks}).file()
	w, problems := workflow.Compile("wf", "wf.dig", doc)
	if problems.HasErrors() {
		t.Fatalf("%s\n%s", params.JSON(doc), problems)
	}
	s, err := simulate(w.Root, def, drawn{t}, rapid.Uint64().Draw(t, "what operators do"))
	if err != nil {
		t.Skip(err) // over the limits
	}
	s.crashes, s.kills = crashes, kills
	if err := s.run(); err != nil {
		t.Fatalf("%s\n%v", params.JSON(doc), err)
	}
	return w.Root, s
}

func TestPropertyEveryAttemptEndsAndKeepsTheInvariants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		def := engine.Definition{Limits: engine.Limits{
			Tasks: rapid.IntRange(1, 40).Draw(t, "task limit"),
			Depth: rapid.IntRange(1, 6).Draw(t, "depth limit"),
		}}
		attempt(t, def, rapid.IntRange(0, 3).Draw(t, "crashes"), rapid.IntRange(0, 1).Draw(t, "kills"))
	})
}

func TestPropertyAttemptsEndAsTheTreeSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		root, s := attempt(t, engine.Definition{Limits: engine.DefaultLimits()}, 1, 0)
		if d := cmp.Diff((&interpreter{seed: s.seed}).run(root), s.verdicts()); d != "" {
			t.Fatalf("(-tree +engine):\n%s", d)
		}
	})
}

// TestPropertyNothingIsRunAgainThatWasFinished lets a second attempt follow with
// the results of the first: it runs nothing that had succeeded, unless a retry
// repeats it, and later tasks inherit the same from tasks that were skipped.
func TestPropertyNothingIsRunAgainThatWasFinished(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		root, first := attempt(t, engine.Definition{Limits: engine.DefaultLimits()}, 0, 0)
		results := make(map[string]engine.Result)
		for _, task := range first.durable {
			if task.State == heitan.TaskSuccess && !task.Group {
				results[task.FullName] = task.Result
			}
		}
		def := engine.Definition{Limits: engine.DefaultLimits(), Finished: results}
		second, err := simulate(root, def, drawn{t}, first.seed)
		if err == nil {
			second.crashes = 1
			err = second.run()
		}
		if err != nil {
			t.Fatal(err)
		}
		s := snapshotOf(second.durable)
		for i := range s.tasks {
			task := &s.tasks[i]
			repeated := slices.ContainsFunc(s.path(task), func(up *engine.Task) bool { return up.Retries > 0 })
			if _, done := results[task.FullName]; done && !task.Group && !repeated && !task.Started.IsZero() {
				t.Fatalf("%s ran again", identity(s, task))
			}
		}
		if success := heitan.AttemptSuccess; first.flags.Has(success) && (!second.flags.Has(success) || len(second.jobs) > 0) {
			t.Fatalf("an attempt that had succeeded ends with %s", second.flags)
		}
	})
}

// TestPropertyKilledAttemptsEndSoon counts what still happens after a kill: each
// task that ran answers, and cleans up once.
func TestPropertyKilledAttemptsEndSoon(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		doc := (&grower{dice: drawn{t}, left: propertyTasks}).file()
		w, _ := workflow.Compile("wf", "wf.dig", doc)
		s, err := simulate(w.Root, engine.Definition{Limits: engine.DefaultLimits()}, drawn{t}, rapid.Uint64().Draw(t, "what operators do"))
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 60).Draw(t, "steps before") {
			if s.ended() {
				return
			}
			if err := s.step(); err != nil {
				t.Fatal(err)
			}
		}
		if s.state.Flags() != 0 {
			return
		}
		if err := s.apply(engine.Killed{}); err != nil {
			t.Fatal(err)
		}
		before := s.answers
		running := len(slices.DeleteFunc(slices.Clone(s.tasks), func(t engine.Task) bool { return !running(t.State) }))
		if err := s.run(); err != nil {
			t.Fatal(err)
		}
		if after := s.answers - before; after > 2*running || s.flags.String() != "killed" {
			t.Fatalf("%d tasks ran; %d answers later the attempt ends as %s", running, after, s.flags)
		}
	})
}
