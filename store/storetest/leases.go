package storetest

import (
	"errors"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

var leaseTests = []test{
	{"an attempt that is owned is held until the lease ends", func(f *fixture) {
		a, fence := f.submit("daily")
		_, err := f.Acquire(f.Context(), a.ID, "bob", later.Add(-time.Microsecond), later.Add(time.Hour))
		f.wantKind(err, heitan.Conflict)
		held, ok := errors.AsType[*store.Held](err)
		if !ok {
			f.Fatalf("the error is a %T: %v", err, err)
		}
		f.same("held", *held, store.Held{Attempt: a.ID, Owner: "alice", Until: later})

		next, err := f.Acquire(f.Context(), a.ID, "bob", later, later.Add(time.Hour))
		f.must(err)
		if next <= fence {
			f.Errorf("fence %d does not grow from %d", next, fence)
		}
	}},

	{"an owner may acquire again what it owns", func(f *fixture) {
		a, fence := f.submit("daily")
		next, err := f.Acquire(f.Context(), a.ID, "alice", start, later)
		f.must(err)
		if next <= fence {
			f.Errorf("fence %d does not grow from %d", next, fence)
		}
	}},

	{"an attempt that is not there is not found", func(f *fixture) {
		_, err := f.Acquire(f.Context(), 4711, "bob", start, later)
		f.wantKind(err, heitan.NotFound)
	}},

	{"an owner renews all its leases and nobody else's", func(f *fixture) {
		a, _ := f.submit("a")
		b, _ := f.submit("b")
		sub := f.submission("other")
		sub.Owner = "carol"
		other, _, err := f.Submit(f.Context(), sub)
		f.must(err)
		f.must(f.Renew(f.Context(), "alice", later.Add(time.Hour)))

		for _, id := range []heitan.AttemptID{a.ID, b.ID} {
			_, err := f.Acquire(f.Context(), id, "bob", later.Add(time.Hour-time.Second), later.Add(2*time.Hour))
			f.wantKind(err, heitan.Conflict)
		}
		_, err = f.Acquire(f.Context(), other.ID, "bob", later, later.Add(time.Hour))
		f.must(err)
	}},

	{"renewing never makes a lease shorter", func(f *fixture) {
		a, _ := f.submit("daily")
		f.must(f.Renew(f.Context(), "alice", start))
		_, err := f.Acquire(f.Context(), a.ID, "bob", start.Add(time.Second), later)
		f.wantKind(err, heitan.Conflict)
	}},

	{"an attempt that was released is free at once", func(f *fixture) {
		a, fence := f.submit("daily")
		f.must(f.Release(f.Context(), a.ID, fence))
		f.must(f.Release(f.Context(), a.ID, fence))
		next, err := f.Acquire(f.Context(), a.ID, "bob", start, later)
		f.must(err)
		if next <= fence {
			f.Errorf("fence %d does not grow from %d", next, fence)
		}
	}},

	{"a stale fence releases nothing", func(f *fixture) {
		a, fence := f.submit("daily")
		_, err := f.Acquire(f.Context(), a.ID, "bob", later, later.Add(time.Hour))
		f.must(err)
		f.must(f.Release(f.Context(), a.ID, fence))
		_, err = f.Acquire(f.Context(), a.ID, "carol", later, later.Add(time.Hour))
		f.wantKind(err, heitan.Conflict)
	}},

	{"a lease that nobody took over still allows to write", func(f *fixture) {
		a, fence := f.submit("daily")
		f.commit(store.Write{Attempt: a.ID, Fence: fence, Tasks: []engine.Task{progress(tasks(3)[1], 1)}})
	}},

	{"of many that acquire an attempt one gets it", func(f *fixture) {
		a, _ := f.submit("daily")
		var won atomic.Int32
		var group errgroup.Group
		for i := range 12 {
			group.Go(func() error {
				_, err := f.Acquire(f.Context(), a.ID, store.Owner(string(rune('a'+i))), later, later.Add(time.Hour))
				if _, held := errors.AsType[*store.Held](err); held {
					return nil
				}
				won.Add(1)
				return err
			})
		}
		f.must(group.Wait())
		f.same("winners", won.Load(), int32(1))
	}},

	{"a stale fence never writes, however takeovers and commits interleave", takeovers},
}

// takeovers lets several owners take an attempt from each other and write as
// long as they can.
func takeovers(f *fixture) {
	a, _ := f.submit("daily")
	var newest atomic.Int64
	var group errgroup.Group
	for i := range 4 {
		owner := store.Owner(string(rune('a' + i)))
		group.Go(func() error {
			for range 10 {
				fence, err := f.Acquire(f.Context(), a.ID, owner, later.Add(time.Hour), later)
				if err != nil {
					return err
				}
				for old := newest.Load(); int64(fence) > old && !newest.CompareAndSwap(old, int64(fence)); old = newest.Load() {
				}
				if err := f.writeUntilLost(a.ID, fence, &newest); err != nil {
					return err
				}
			}
			return nil
		})
	}
	f.must(group.Wait())
}

// writeUntilLost writes the fence into a task, up to three times.
func (f *fixture) writeUntilLost(id heitan.AttemptID, fence heitan.Fence, newest *atomic.Int64) error {
	task := tasks(3)[1]
	task.Checkpoint = params.Of("fence", int64(fence))
	for range 3 {
		before := newest.Load()
		lost, err := f.Commit(f.Context(), []store.Write{{Attempt: id, Fence: fence, Tasks: []engine.Task{task}}})
		if err != nil || len(lost) > 0 {
			return err
		}
		if int64(fence) < before {
			f.Errorf("fence %d has written after fence %d was given", fence, before)
		}
		stored, err := f.Tasks(f.Context(), id)
		if err != nil {
			return err
		}
		if v, _ := stored[1].Checkpoint.Get("fence"); v.(int64) < int64(fence) {
			f.Errorf("fence %v has written over fence %d", v, fence)
		}
	}
	return nil
}
