package storetest

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

// Benchmark measures what a store is asked to do most. open opens an empty
// store, and closes it when the benchmark ends.
func Benchmark(b *testing.B, open func(b *testing.B) store.Store) {
	b.Run("commit", func(b *testing.B) {
		for _, size := range []int{1, 10, 200, 5000} {
			b.Run(fmt.Sprintf("rows=%d", size), func(b *testing.B) { benchmarkCommits(b, open(b), size, 1) })
		}
		b.Run("rows=200,attempts=100", func(b *testing.B) { benchmarkCommits(b, open(b), 2, 100) })
		b.Run("new,rows=200", func(b *testing.B) { benchmarkNewTasks(b, open(b), 200) })
	})
	for _, size := range []int{1000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("submit/tasks=%d", size), func(b *testing.B) { benchmarkSubmit(b, open(b), size) })
		b.Run(fmt.Sprintf("read/tasks=%d", size), func(b *testing.B) { benchmarkRead(b, open(b), size) })
	}
	b.Run("renew/leases=10000", func(b *testing.B) { benchmarkRenew(b, open(b), 10_000) })
}

// benchmarkCommits commits changes of a number of tasks of each of some attempts.
func benchmarkCommits(b *testing.B, s store.Store, size, attempts int) {
	writes := make([]store.Write, attempts)
	for i := range writes {
		a, fence := benchmarkAttempt(b, s, strconv.Itoa(i), size)
		writes[i] = store.Write{Attempt: a.ID, Fence: fence, Tasks: tasks(size)}
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n++
		for _, w := range writes {
			for j := range w.Tasks {
				w.Tasks[j] = progress(w.Tasks[j], n)
			}
		}
		if lost, err := s.Commit(b.Context(), writes); err != nil || len(lost) > 0 {
			b.Fatal(lost, err)
		}
	}
	b.ReportMetric(float64(b.N*size*attempts)/b.Elapsed().Seconds(), "rows/s")
}

// benchmarkNewTasks commits tasks that were not there.
func benchmarkNewTasks(b *testing.B, s store.Store, size int) {
	a, fence := benchmarkAttempt(b, s, "growing", size)
	w := store.Write{Attempt: a.ID, Fence: fence, Tasks: tasks(size)}
	b.ReportAllocs()
	for b.Loop() {
		for j := range w.Tasks {
			w.Tasks[j].ID += heitan.TaskID(size)
		}
		if lost, err := s.Commit(b.Context(), []store.Write{w}); err != nil || len(lost) > 0 {
			b.Fatal(lost, err)
		}
	}
	b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "rows/s")
}

func benchmarkSubmit(b *testing.B, s store.Store, size int) {
	sub := benchmarkSubmission(b, s, size)
	sub.Finished = make(map[string]engine.Result, size)
	for i := range size {
		sub.Finished["+billing+step_"+strconv.Itoa(i)] = engine.Result{Store: params.Of("n", int64(i))}
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n++
		sub.Workflow = strconv.Itoa(n)
		if _, _, err := s.Submit(b.Context(), sub); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*2*size)/b.Elapsed().Seconds(), "rows/s")
}

func benchmarkRead(b *testing.B, s store.Store, size int) {
	a, _ := benchmarkAttempt(b, s, "daily", size)
	b.ReportAllocs()
	for b.Loop() {
		if stored, err := s.Tasks(b.Context(), a.ID); err != nil || len(stored) != size {
			b.Fatal(len(stored), err)
		}
	}
	b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "rows/s")
}

func benchmarkRenew(b *testing.B, s store.Store, leases int) {
	for i := range leases {
		benchmarkAttempt(b, s, strconv.Itoa(i), 1)
	}
	until := later
	for b.Loop() {
		until = until.Add(1e9)
		if err := s.Renew(b.Context(), "alice", until); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkAttempt(b *testing.B, s store.Store, workflow string, size int) (store.Attempt, heitan.Fence) {
	b.Helper()
	sub := benchmarkSubmission(b, s, size)
	sub.Workflow = workflow
	a, fence, err := s.Submit(b.Context(), sub)
	if err != nil {
		b.Fatal(err)
	}
	return a, fence
}

func benchmarkSubmission(b *testing.B, s store.Store, size int) store.Submission {
	b.Helper()
	p, err := s.EnsureProject(b.Context(), "billing", start)
	if err != nil {
		b.Fatal(err)
	}
	r, err := s.EnsureRevision(b.Context(), p.ID, "1", start)
	if err != nil {
		b.Fatal(err)
	}
	return store.Submission{
		Project: p.ID, Revision: r.ID, SessionTime: start, Timezone: "UTC",
		Tasks: tasks(size), Owner: "alice", Now: start, Until: later,
	}
}
