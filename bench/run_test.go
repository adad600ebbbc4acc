package bench

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkFortySequentialTasks runs 40 `sh>: "true"` one after the other, as a
// whole process with durable state, beside a shell loop that forks the same 40
// commands.
func BenchmarkFortySequentialTasks(b *testing.B) {
	var workflow strings.Builder
	for i := range 40 {
		fmt.Fprintf(&workflow, "+t%d:\n  sh>: \"true\"\n", i)
	}
	dir := project(b, workflow.String())
	var ours, floor time.Duration
	for b.Loop() {
		floor += measure(b, dir, "/bin/sh", "-c", "i=0; while [ $i -lt 40 ]; do /bin/sh -c true; i=$((i+1)); done").wall
		ours += measure(b, dir, heitan, "run", "wf.dig", "--rerun").wall
	}
	b.ReportMetric(ours.Seconds()/float64(b.N)*1000, "ms/run")
	b.ReportMetric(floor.Seconds()/float64(b.N)*1000, "shell-ms/run")
	b.ReportMetric(ours.Seconds()/floor.Seconds(), "x-shell-loop")
}

// BenchmarkDurableNoOps runs 10,000 echo> tasks in parallel groups on SQLite with
// synchronous=FULL, and compares their rate with that of fork and exec.
func BenchmarkDurableNoOps(b *testing.B) {
	const tasks = 10_000
	dir := project(b, "+all:\n  loop>: 10\n  _do:\n    +ten:\n      loop>: 1000\n      _parallel: true\n      _do:\n        echo>: x\n")
	var ours time.Duration
	var floor float64
	for b.Loop() {
		floor += forkExecRate(b)
		ours += measure(b, dir, heitan, "run", "wf.dig", "--rerun", "-l", "error").wall
	}
	rate := tasks * float64(b.N) / ours.Seconds()
	b.ReportMetric(rate, "tasks/s")
	b.ReportMetric(floor/float64(b.N), "forks/s")
	b.ReportMetric(rate/(floor/float64(b.N)), "x-fork-exec")
}

// BenchmarkColdStart runs a file with one task on a fresh folder, less the time
// of the task's own command.
func BenchmarkColdStart(b *testing.B) {
	dir := project(b, "+a:\n  sh>: \"true\"\n")
	var ours, task time.Duration
	for b.Loop() {
		task += measure(b, dir, "/bin/sh", "-c", "true").wall
		ours += measure(b, dir, heitan, "run", "wf.dig").wall
		if err := os.RemoveAll(filepath.Join(dir, ".heitan")); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((ours-task).Seconds()/float64(b.N)*1000, "ms-beyond-task")
}

// BenchmarkVersion runs `heitan version`.
func BenchmarkVersion(b *testing.B) {
	var ours time.Duration
	for b.Loop() {
		ours += measure(b, b.TempDir(), heitan, "version").wall
	}
	b.ReportMetric(ours.Seconds()/float64(b.N)*1000, "ms/run")
}

// BenchmarkScale runs one attempt of 1,000, 10,000 and 100,000 tasks and reports
// the exponents with which time and memory grow.
func BenchmarkScale(b *testing.B) {
	sizes := []int{1_000, 10_000, 100_000}
	for b.Loop() {
		results := make([]measured, len(sizes))
		for i, n := range sizes {
			dir := project(b, fmt.Sprintf("+all:\n  loop>: %d\n  _parallel: true\n  _do:\n    echo>: x\n", n))
			results[i] = measure(b, dir, heitan, "run", "wf.dig", "-l", "error")
			name := fmt.Sprintf("-%dk", n/1000)
			b.ReportMetric(results[i].wall.Seconds(), "s"+name)
			b.ReportMetric(float64(results[i].peak)/(1<<20), "MiB"+name)
		}
		last := len(sizes) - 1
		decades := math.Log10(float64(sizes[last]) / float64(sizes[0]))
		b.ReportMetric(math.Log10(results[last].wall.Seconds()/results[0].wall.Seconds())/decades, "time-exponent")
		b.ReportMetric(math.Log10(float64(results[last].peak)/float64(results[0].peak))/decades, "memory-exponent")
	}
}

// BenchmarkFootprint reports the size of the stripped binary, and the memory of a
// `heitan run` that waits for its one task.
func BenchmarkFootprint(b *testing.B) {
	info, err := os.Stat(heitan)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		b.ReportMetric(float64(info.Size())/1e6, "MB-binary")
		b.ReportMetric(float64(idleMemory(b))/(1<<20), "MiB-idle")
	}
}
