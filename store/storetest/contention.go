package storetest

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/store"
)

var contentionTests = []test{
	{"readers see whole commits while others write", func(f *fixture) {
		a, fence := f.submit("daily")
		write := store.Write{Attempt: a.ID, Fence: fence, Tasks: tasks(100)}
		f.commit(write)
		ctx, stop := context.WithCancel(f.Context())
		var readers, writer errgroup.Group
		for range 4 {
			readers.Go(func() error { return f.readUntil(ctx, a.ID) })
		}
		writer.Go(func() error {
			defer stop()
			for n := range 60 {
				for i := range write.Tasks {
					write.Tasks[i].Retries = n + 1
				}
				if _, err := f.Commit(f.Context(), []store.Write{write}); err != nil {
					return err
				}
			}
			return nil
		})
		f.must(writer.Wait())
		f.must(readers.Wait())
	}},

	{"owners commit, submit and renew beside each other", func(f *fixture) {
		var group errgroup.Group
		for _, owner := range []string{"a", "b", "c", "d"} {
			group.Go(func() error { return f.work(owner) })
		}
		f.must(group.Wait())
	}},
}

// readUntil reads an attempt's tasks until ctx ends. They must be those of one
// commit, never of an earlier one than before.
func (f *fixture) readUntil(ctx context.Context, id heitan.AttemptID) error {
	last := 0
	for ctx.Err() == nil {
		stored, err := f.Tasks(f.Context(), id)
		if err != nil {
			return err
		}
		for _, t := range stored {
			if t.Retries != stored[0].Retries || t.Retries < last {
				f.Errorf("task %d was written by commit %d, the first by %d, before by %d", t.ID, t.Retries, stored[0].Retries, last)
				return nil
			}
		}
		last = stored[0].Retries
	}
	return nil
}

// work submits some attempts of an owner and brings them to their end.
func (f *fixture) work(owner string) error {
	for i := range 5 {
		sub := f.submission(owner + string(rune('0'+i)))
		sub.Owner = store.Owner(owner)
		a, fence, err := f.Submit(f.Context(), sub)
		if err != nil {
			return err
		}
		for n := range 5 {
			w := store.Write{Attempt: a.ID, Fence: fence, Tasks: []engine.Task{progress(tasks(3)[1], n)}}
			lost, err := f.Commit(f.Context(), []store.Write{w})
			if err != nil {
				return err
			}
			if len(lost) > 0 {
				f.Errorf("%s has lost attempt %d", owner, a.ID)
			}
			if err := f.Renew(f.Context(), sub.Owner, later.AddDate(0, 0, i*5+n)); err != nil {
				return err
			}
		}
		if err := f.Release(f.Context(), a.ID, fence); err != nil {
			return err
		}
	}
	return nil
}
