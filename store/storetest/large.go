package storetest

import (
	"strconv"
	"strings"
	"testing"

	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

var largeTests = []test{
	{"an attempt may have 10,000 tasks and finished results", func(f *fixture) { f.large(10_000) }},
	{"an attempt may have 100,000 tasks and finished results", func(f *fixture) {
		if testing.Short() {
			f.Skip("takes some seconds")
		}
		f.large(100_000)
	}},
	{"a document may have a megabyte", func(f *fixture) {
		a, fence := f.submit("daily")
		want := tasks(3)
		for i := range want {
			want[i].Result.Store = params.Of("text", strings.Repeat("兵站 ", 150_000))
		}
		f.commit(store.Write{Attempt: a.ID, Fence: fence, Tasks: want})
		f.same("tasks", f.tasksOf(a.ID), want)
	}},
}

func (f *fixture) large(n int) {
	sub := f.submission("daily")
	sub.Tasks = tasks(n)
	sub.Finished = make(map[string]engine.Result, n)
	for i := range n {
		sub.Finished["+billing+step_"+strconv.Itoa(i)] = engine.Result{Store: params.Of("n", int64(i))}
	}
	a, fence, err := f.Submit(f.Context(), sub)
	f.must(err)
	f.sameAtSome("submitted", f.tasksOf(a.ID), sub.Tasks)
	finished, err := f.Finished(f.Context(), a.ID)
	f.must(err)
	f.same("number of finished results", len(finished), n)
	for name, result := range finished {
		if !params.Equal(result.Store, sub.Finished[name].Store) {
			f.Fatalf("the result of %s is %s", name, params.JSON(result.Store))
		}
	}

	for i := range sub.Tasks {
		sub.Tasks[i] = progress(sub.Tasks[i], i)
	}
	f.commit(store.Write{Attempt: a.ID, Fence: fence, Tasks: sub.Tasks})
	f.sameAtSome("committed", f.tasksOf(a.ID), sub.Tasks)
}

// sameAtSome is same for very many tasks: all ids, and some tasks as a whole.
func (f *fixture) sameAtSome(what string, got, want []engine.Task) {
	f.Helper()
	f.same("number of "+what+" tasks", len(got), len(want))
	for i := range got {
		if got[i].ID != want[i].ID || got[i].Retries != want[i].Retries {
			f.Fatalf("%s: task %d at place %d has run %d times", what, got[i].ID, i, got[i].Retries)
		}
	}
	const some = 100
	for i := 0; i < len(got); i += max(1, len(got)/some) {
		f.same(what, got[i], want[i])
	}
}
