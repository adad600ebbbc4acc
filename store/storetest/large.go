package storetest

import (
	"strconv"

	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

var largeTests = []test{
	{"an attempt may have 10,000 tasks and finished results", func(f *fixture) { f.large(10_000) }},
	{"a document may have a megabyte", func(f *fixture) {
		a, fence := f.submit("daily")
		want := tasks(3)
		for i := range want {
			want[i].Result.Store = params.Of("text", string(make([]byte, 1<<20)))
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
	f.same("submitted", f.tasksOf(a.ID), sub.Tasks)
	finished, err := f.Finished(f.Context(), a.ID)
	f.must(err)
	f.same("finished", finished, sub.Finished)

	for i := range sub.Tasks {
		sub.Tasks[i] = progress(sub.Tasks[i], i)
	}
	f.commit(store.Write{Attempt: a.ID, Fence: fence, Tasks: sub.Tasks})
	f.same("committed", f.tasksOf(a.ID), sub.Tasks)
}
