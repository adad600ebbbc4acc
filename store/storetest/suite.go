// Package storetest is what every store must fulfil. A store's own tests call
// [Run] with a function that opens an empty store.
//
// The suite knows nothing of the database: what only one engine has, such as
// files and processes, is tested beside that engine.
package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

// Opener opens a new, empty store and closes it when the test ends.
type Opener func(t *testing.T) store.Store

// Run runs the suite. Every test opens a store of its own; all run in parallel.
func Run(t *testing.T, open Opener) {
	groups := []struct {
		name  string
		tests []test
	}{
		{"projects", projectTests},
		{"submissions", submissionTests},
		{"commits", commitTests},
		{"documents", documentTests},
		{"leases", leaseTests},
		{"params", paramTests},
		{"contention", contentionTests},
		{"large", largeTests},
	}
	for _, group := range groups {
		t.Run(group.name, func(t *testing.T) {
			t.Parallel()
			for _, test := range group.tests {
				t.Run(test.name, func(t *testing.T) {
					t.Parallel()
					test.run(newFixture(t, open))
				})
			}
		})
	}
}

// test is one test of the suite, named after a behaviour.
type test struct {
	name string
	run  func(*fixture)
}

// fixture is a store with a project, and what tests do again and again.
type fixture struct {
	*testing.T
	store.Store
	project  heitan.Project
	revision heitan.Revision
}

// Times at which things happen in tests. Stores keep microseconds.
var (
	start = time.Date(2026, 11, 21, 9, 30, 0, 123_456_000, time.UTC)
	later = start.Add(time.Minute)
)

func newFixture(t *testing.T, open Opener) *fixture {
	f := &fixture{T: t, Store: open(t)}
	var err error
	f.project, err = f.EnsureProject(t.Context(), "billing", start)
	f.must(err)
	f.revision, err = f.EnsureRevision(t.Context(), f.project.ID, "1", start)
	f.must(err)
	return f
}

// must ends the test at an error.
func (f *fixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// wantKind checks what kind of error an error is.
func (f *fixture) wantKind(err error, want heitan.ErrorKind) {
	f.Helper()
	if err == nil || heitan.KindOf(err) != want {
		f.Errorf("error is %v, want one of kind %q", err, want)
	}
}

// same checks that two values are the same.
func (f *fixture) same(what string, got, want any) {
	f.Helper()
	if diff := cmp.Diff(want, got, sameDocuments, cmpopts.EquateEmpty()); diff != "" {
		f.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// sameDocuments compares documents by their text: values, kinds of numbers and
// the order of keys. No document is an empty one.
var sameDocuments = cmp.Comparer(func(a, b *params.Object) bool { return params.JSON(a) == params.JSON(b) })

// submission is one of a workflow at start, owned by alice, with three tasks.
func (f *fixture) submission(workflow string) store.Submission {
	return store.Submission{
		Project:     f.project.ID,
		Revision:    f.revision.ID,
		Workflow:    workflow,
		SessionTime: start.Truncate(time.Second),
		SessionUUID: "uuid of " + workflow,
		Key:         "key of " + workflow,
		Timezone:    "Asia/Tokyo",
		Params:      params.Of("z", int64(1), "a", "${z}"),
		Tasks:       tasks(3),
		Owner:       "alice",
		Now:         start,
		Until:       later,
	}
}

// submit submits a workflow.
func (f *fixture) submit(workflow string) (store.Attempt, heitan.Fence) {
	f.Helper()
	a, fence, err := f.Submit(f.Context(), f.submission(workflow))
	f.must(err)
	return a, fence
}

// commit commits writes, none of which may be lost.
func (f *fixture) commit(writes ...store.Write) {
	f.Helper()
	lost, err := f.Commit(f.Context(), writes)
	f.must(err)
	if len(lost) > 0 {
		f.Errorf("attempts %v are lost", lost)
	}
}

// tasksOf are an attempt's tasks as they are stored.
func (f *fixture) tasksOf(id heitan.AttemptID) []engine.Task {
	f.Helper()
	stored, err := f.Tasks(f.Context(), id)
	f.must(err)
	return stored
}

// tasks are n tasks as an engine makes them: a group, and tasks that wait for
// each other in pairs.
func tasks(n int) []engine.Task {
	made := make([]engine.Task, n)
	for i := range made {
		id := heitan.TaskID(i + 1)
		made[i] = engine.Task{
			ID: id, Parent: 1, FullName: "+billing+step_" + id.String(),
			Config: params.Of("sh>", "echo "+id.String(), "_export", params.Of("n", int64(id))),
			Pos:    params.Pos{File: "billing.dig", Line: int32(id), Column: 3},
			Flags:  heitan.InitialTask, Updated: start,
		}
		if id > 2 {
			made[i].Gate, made[i].Upstreams = id, []heitan.TaskID{id - 1}
		}
	}
	made[0].Parent, made[0].Group, made[0].FullName, made[0].State = 0, true, "+billing", heitan.TaskPlanned
	return made
}

// progress is a task after it has run for the n-th time.
func progress(t engine.Task, n int) engine.Task {
	t.State, t.Retries, t.Updated = heitan.TaskSuccess, n, start.Add(time.Duration(n)*time.Second)
	t.Checkpoint = params.Of("n", int64(n))
	t.Result = engine.Result{Store: params.Of("rows", int64(n)), Reset: []string{"a.b"}}
	return t
}
