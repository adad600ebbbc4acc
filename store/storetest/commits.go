package storetest

import (
	"context"
	"slices"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

var commitTests = []test{
	{"a commit changes tasks and adds new ones", func(f *fixture) {
		a, fence := f.submit("daily")
		want := tasks(6)
		want[1], want[4] = progress(want[1], 1), progress(want[4], 2)
		f.commit(store.Write{Attempt: a.ID, Fence: fence, Tasks: []engine.Task{want[1], want[3], want[4], want[5]}})
		f.same("tasks", f.tasksOf(a.ID), want)
	}},

	{"what a task has done can be taken back", func(f *fixture) {
		a, fence := f.submit("daily")
		want := tasks(3)
		done := progress(want[1], 1)
		done.Error, done.RetryAt, done.Started = params.Of("message", "no"), later, start
		f.commit(store.Write{Attempt: a.ID, Fence: fence, Tasks: []engine.Task{done}})
		f.commit(store.Write{Attempt: a.ID, Fence: fence, Tasks: []engine.Task{want[1]}})
		f.same("tasks", f.tasksOf(a.ID), want)
	}},

	{"an error without content stays an error", func(f *fixture) {
		a, fence := f.submit("daily")
		failed := tasks(3)[1]
		failed.Error = params.Empty()
		f.commit(store.Write{Attempt: a.ID, Fence: fence, Tasks: []engine.Task{failed}})
		if stored := f.tasksOf(a.ID); stored[1].Error == nil || stored[2].Error != nil {
			f.Errorf("errors are %v and %v", stored[1].Error, stored[2].Error)
		}
	}},

	{"a commit writes many attempts", func(f *fixture) {
		var writes []store.Write
		want := tasks(3)
		want[2] = progress(want[2], 3)
		for i := range 100 {
			a, fence := f.submit(string(rune('一' + i)))
			writes = append(writes, store.Write{Attempt: a.ID, Fence: fence, Tasks: want[2:], Flags: heitan.AttemptDone, Finished: later})
		}
		slices.Reverse(writes)
		f.commit(writes...)
		for _, w := range writes {
			f.same("tasks", f.tasksOf(w.Attempt), want)
			a, err := f.Attempt(f.Context(), w.Attempt)
			f.must(err)
			f.same("flags", a.Flags, heitan.AttemptDone)
			f.same("finished", a.Finished, later)
		}
	}},

	{"nothing to write is no error", func(f *fixture) {
		a, fence := f.submit("daily")
		f.commit()
		f.commit(store.Write{Attempt: a.ID, Fence: fence})
		f.same("tasks", f.tasksOf(a.ID), tasks(3))
	}},

	{"flags and end are added and never removed", func(f *fixture) {
		a, fence := f.submit("daily")
		f.commit(store.Write{Attempt: a.ID, Fence: fence, Flags: heitan.AttemptCancelRequested})
		f.commit(store.Write{Attempt: a.ID, Fence: fence})
		f.commit(store.Write{Attempt: a.ID, Fence: fence, Flags: heitan.AttemptDone, Finished: later})
		f.commit(store.Write{Attempt: a.ID, Fence: fence, Flags: heitan.AttemptSuccess})
		stored, err := f.Attempt(f.Context(), a.ID)
		f.must(err)
		f.same("flags", stored.Flags, heitan.AttemptCancelRequested|heitan.AttemptDone|heitan.AttemptSuccess)
		f.same("finished", stored.Finished, later)
	}},

	{"lost attempts are left out and the others written", func(f *fixture) {
		mine, fence := f.submit("mine")
		taken, old := f.submit("taken")
		released, releasedFence := f.submit("released")
		_, err := f.Acquire(f.Context(), taken.ID, "bob", later, later.Add(time.Minute))
		f.must(err)
		f.must(f.Release(f.Context(), released.ID, releasedFence))

		change := []engine.Task{progress(tasks(3)[1], 1)}
		lost, err := f.Commit(f.Context(), []store.Write{
			{Attempt: 4711, Fence: 1, Tasks: change},
			{Attempt: released.ID, Fence: releasedFence, Tasks: change},
			{Attempt: taken.ID, Fence: old, Tasks: change, Flags: heitan.AttemptDone, Finished: later},
			{Attempt: mine.ID, Fence: fence, Tasks: change},
		})
		f.must(err)
		slices.Sort(lost)
		f.same("lost", lost, []heitan.AttemptID{taken.ID, released.ID, 4711})
		f.same("my tasks", f.tasksOf(mine.ID)[1], change[0])
		f.same("taken tasks", f.tasksOf(taken.ID), tasks(3))
		f.same("released tasks", f.tasksOf(released.ID), tasks(3))
		stored, err := f.Attempt(f.Context(), taken.ID)
		f.must(err)
		f.same("flags of the taken attempt", stored.Flags, heitan.AttemptFlags(0))
	}},

	{"repeating a commit is harmless", func(f *fixture) {
		a, fence := f.submit("daily")
		want := tasks(4)
		want[3] = progress(want[3], 1)
		w := store.Write{Attempt: a.ID, Fence: fence, Tasks: want[3:], Flags: heitan.AttemptDone, Finished: later}
		f.commit(w)
		once, err := f.Attempt(f.Context(), a.ID)
		f.must(err)
		f.commit(w)
		f.commit(w)
		twice, err := f.Attempt(f.Context(), a.ID)
		f.must(err)
		f.same("attempt", twice, once)
		f.same("tasks", f.tasksOf(a.ID), want)
	}},

	{"of two writes of a task in one commit the later one counts", func(f *fixture) {
		a, fence := f.submit("daily")
		other, otherFence := f.submit("other")
		// As many as stand in one statement.
		times := func(n int) []engine.Task {
			made := tasks(30)
			for i := range made {
				made[i] = progress(made[i], n)
			}
			return made
		}
		f.commit(
			store.Write{Attempt: a.ID, Fence: fence, Tasks: times(1), Flags: heitan.AttemptDone},
			store.Write{Attempt: other.ID, Fence: otherFence, Tasks: times(9)},
			store.Write{Attempt: a.ID, Fence: fence - 1, Tasks: times(8)},
			store.Write{Attempt: a.ID, Fence: fence, Tasks: times(2), Flags: heitan.AttemptSuccess},
		)
		f.same("tasks", f.tasksOf(a.ID), times(2))
		f.same("tasks of the other attempt", f.tasksOf(other.ID), times(9))
		stored, err := f.Attempt(f.Context(), a.ID)
		f.must(err)
		f.same("flags", stored.Flags, heitan.AttemptDone|heitan.AttemptSuccess)
	}},

	{"a strange name does not keep a commit from being written", func(f *fixture) {
		a, fence := f.submit("daily")
		strange := tasks(3)[2]
		strange.ID, strange.FullName, strange.Pos.File = 4, "+a\x00\xff", "a\x00:1:b"
		f.commit(store.Write{Attempt: a.ID, Fence: fence, Tasks: []engine.Task{strange}})
		stored := f.tasksOf(a.ID)[3]
		f.same("name", stored.FullName, "+a\uFFFD\uFFFD")
		f.same("place", stored.Pos, params.Pos{File: "a\uFFFD:1:b", Line: 3, Column: 3})
	}},

	{"a commit that is cancelled at any moment is written whole or not at all", cancelledCommits},
}

// cancelledCommits cancels commits of three attempts ever later.
func cancelledCommits(f *fixture) {
	var writes []store.Write
	for _, workflow := range []string{"a", "b", "c"} {
		a, fence := f.submit(workflow)
		writes = append(writes, store.Write{Attempt: a.ID, Fence: fence})
	}
	last, finished := 0, 0
	for n := 1; finished < 5 && n < 300; n++ {
		for i := range writes {
			writes[i].Tasks = tasks(40)
			for j := range writes[i].Tasks {
				writes[i].Tasks[j].Retries = n
			}
		}
		ctx, cancel := context.WithTimeout(f.Context(), time.Duration(n)*40*time.Microsecond)
		_, err := f.Commit(ctx, writes)
		cancel()
		// A server may still be at it; it holds the leases meanwhile.
		f.must(f.Renew(f.Context(), "alice", later.Add(time.Duration(n)*time.Second)))
		got := f.uniform(writes)
		if err == nil {
			finished++
		}
		if got != n && (err == nil || got != last) {
			f.Fatalf("after commit %d, whose error is %v, the tasks are those of commit %d; before it, of %d", n, err, got, last)
		}
		last = got
	}
	if finished == 0 {
		f.Error("no commit was fast enough")
	}
}

// uniform is the number of retries that all tasks of all attempts have.
func (f *fixture) uniform(writes []store.Write) int {
	f.Helper()
	first := -1
	for _, w := range writes {
		for _, t := range f.tasksOf(w.Attempt) {
			if first < 0 {
				first = t.Retries
			}
			if t.Retries != first {
				f.Fatalf("task %d of attempt %d was written by commit %d, others by %d", t.ID, w.Attempt, t.Retries, first)
			}
		}
	}
	return first
}
