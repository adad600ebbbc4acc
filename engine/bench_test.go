package engine_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/heitan/heitan/engine"
)

// BenchmarkAttempt runs whole attempts of more and more tasks. ns/task and B/task
// must not grow; held-B/task is what an attempt keeps in memory at its end.
func BenchmarkAttempt(b *testing.B) {
	for _, l := range loads() {
		for _, n := range []int{1_000, 10_000, 100_000} {
			b.Run(fmt.Sprintf("%s/%d", l.name, n), func(b *testing.B) {
				root, says := l.root(n), l.answer(n)
				before := heap()
				var a *engine.Attempt
				var allocated uint64
				for b.Loop() {
					start := totalAllocated()
					a = mustComplete(b, root, says)
					allocated += totalAllocated() - start
				}
				perTask(b, a.Len())
				b.ReportMetric(float64(allocated)/float64(b.N)/float64(a.Len()), "B/task")
				b.ReportMetric(float64(heap()-before)/float64(a.Len()), "held-B/task")
				runtime.KeepAlive(a)
			})
		}
	}
}

// BenchmarkTakeOver restores attempts in the middle of their run.
func BenchmarkTakeOver(b *testing.B) {
	for _, l := range loads()[:5] {
		for _, n := range []int{1_000, 100_000} {
			b.Run(fmt.Sprintf("%s/%d", l.name, n), func(b *testing.B) {
				a := mustComplete(b, l.root(n), l.answer(n))
				tasks, flags := a.Tasks(), a.Flags()
				b.ReportAllocs()
				for b.Loop() {
					restored, err := engine.Restore(tasks, flags, engine.Definition{Limits: engine.DefaultLimits()})
					if err != nil {
						b.Fatal(err)
					}
					restored.Resume()
				}
				perTask(b, n)
			})
		}
	}
}

// BenchmarkKill kills attempts whose tasks all run.
func BenchmarkKill(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			root := loads()[0].root(n)
			for b.Loop() {
				b.StopTimer()
				a, _, err := engine.New(root, engine.Definition{Limits: engine.DefaultLimits()}, curtain)
				if err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				if _, err := a.Apply(engine.Killed{}, curtain); err != nil {
					b.Fatal(err)
				}
			}
			perTask(b, n)
		})
	}
}

func perTask(b *testing.B, n int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/task")
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func totalAllocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}
