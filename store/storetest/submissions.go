package storetest

import (
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

var submissionTests = []test{
	{"an attempt is as it was submitted", func(f *fixture) {
		sub := f.submission("daily")
		sub.Flags = heitan.AttemptCancelRequested
		sub.Finished = map[string]engine.Result{
			"+billing+step_2": {Store: params.Of("b", int64(1), "a", 2.0), Reset: []string{"x", "y.z"}},
			"+billing+step_3": {Omitted: true},
		}
		a, fence, err := f.Submit(f.Context(), sub)
		f.must(err)
		if fence < 1 {
			f.Errorf("the fence is %d", fence)
		}
		want := store.Attempt{
			Attempt: heitan.Attempt{
				ID: a.ID, Session: a.Session.ID, Index: 1, Key: sub.Key, Revision: f.revision.ID,
				Timezone: sub.Timezone, Flags: sub.Flags, Created: start,
			},
			Session: heitan.Session{
				ID: a.Session.ID, Project: f.project.ID, UUID: sub.SessionUUID,
				Workflow: "daily", Time: sub.SessionTime,
			},
			Project:  f.project,
			Revision: f.revision,
			Params:   sub.Params,
		}
		f.same("submitted", a, want)
		stored, err := f.Attempt(f.Context(), a.ID)
		f.must(err)
		f.same("stored", stored, want)
		f.same("tasks", f.tasksOf(a.ID), sub.Tasks)
		finished, err := f.Finished(f.Context(), a.ID)
		f.must(err)
		f.same("finished results", finished, sub.Finished)
	}},

	{"without params an attempt has empty ones", func(f *fixture) {
		sub := f.submission("daily")
		sub.Params = nil
		a, _, err := f.Submit(f.Context(), sub)
		f.must(err)
		stored, err := f.Attempt(f.Context(), a.ID)
		f.must(err)
		if stored.Params == nil || stored.Params.Len() != 0 {
			f.Errorf("the params are %v", stored.Params)
		}
	}},

	{"what is not there is not found", func(f *fixture) {
		f.submit("daily")
		_, err := f.Attempt(f.Context(), 4711)
		f.wantKind(err, heitan.NotFound)
		_, err = f.LatestAttempt(f.Context(), f.project.ID, "daily", later)
		f.wantKind(err, heitan.NotFound)
		_, err = f.LatestSession(f.Context(), f.project.ID, "hourly")
		f.wantKind(err, heitan.NotFound)
		f.same("tasks", f.tasksOf(4711), []engine.Task(nil))
	}},

	{"a session has one attempt of a name", func(f *fixture) {
		first, _ := f.submit("daily")
		sub := f.submission("daily")
		sub.Key, sub.SessionUUID = "another", "another"
		_, _, err := f.Submit(f.Context(), sub)
		f.wantKind(err, heitan.Conflict)
		exists, ok := errors.AsType[*store.Exists](err)
		if !ok {
			f.Fatalf("the error is a %T: %v", err, err)
		}
		f.same("the attempt that exists", exists.Attempt, first)
	}},

	{"named attempts follow in a session", func(f *fixture) {
		first, _ := f.submit("daily")
		for i, name := range []string{"retry1", "retry2"} {
			sub := f.submission("daily")
			sub.Name, sub.Key, sub.SessionUUID = name, name, "not used"
			a, _, err := f.Submit(f.Context(), sub)
			f.must(err)
			f.same("session", a.Session, first.Session)
			f.same("index", a.Index, i+2)
			latest, err := f.LatestAttempt(f.Context(), f.project.ID, "daily", start)
			f.must(err)
			f.same("latest attempt", latest, a)
		}
	}},

	{"a session time has whole seconds", func(f *fixture) {
		sub := f.submission("daily")
		sub.SessionTime = start
		a, _, err := f.Submit(f.Context(), sub)
		f.must(err)
		f.same("session time", a.Session.Time, start.Truncate(time.Second))
		sub.SessionTime, sub.Key = start.Truncate(time.Second).Add(999*time.Millisecond), "another"
		_, _, err = f.Submit(f.Context(), sub)
		f.wantKind(err, heitan.Conflict)
	}},

	{"the latest session is the one with the latest time", func(f *fixture) {
		for _, shift := range []time.Duration{0, 48 * time.Hour, -100 * 365 * 24 * time.Hour} {
			sub := f.submission("daily")
			sub.SessionTime, sub.SessionUUID = sub.SessionTime.Add(shift), shift.String()
			a, _, err := f.Submit(f.Context(), sub)
			f.must(err)
			f.same("index in its session", a.Index, 1)
		}
		session, err := f.LatestSession(f.Context(), f.project.ID, "daily")
		f.must(err)
		f.same("latest session", session, heitan.Session{
			ID: session.ID, Project: f.project.ID, UUID: "48h0m0s", Workflow: "daily",
			Time: start.Truncate(time.Second).Add(48 * time.Hour),
		})
	}},

	{"a submission that fails leaves nothing behind", func(f *fixture) {
		sub := f.submission("daily")
		sub.Revision = 4711
		_, _, err := f.Submit(f.Context(), sub)
		f.wantKind(err, heitan.NotFound)
		sub.Revision, sub.Project = f.revision.ID, 4711
		_, _, err = f.Submit(f.Context(), sub)
		f.wantKind(err, heitan.NotFound)
		_, err = f.LatestSession(f.Context(), f.project.ID, "daily")
		f.wantKind(err, heitan.NotFound)
	}},

	{"a submission whose outcome was not learnt can be repeated", func(f *fixture) {
		first, fence := f.submit("daily")
		again, fenceAgain, err := f.Submit(f.Context(), f.submission("daily"))
		f.must(err)
		f.same("attempt", again, first)
		f.same("fence", fenceAgain, fence)
		f.same("tasks", f.tasksOf(first.ID), tasks(3))

		_, err = f.Acquire(f.Context(), first.ID, "bob", later, later.Add(time.Minute))
		f.must(err)
		_, _, err = f.Submit(f.Context(), f.submission("daily"))
		f.wantKind(err, heitan.Conflict)
	}},

	{"of many submissions of a session one wins", func(f *fixture) {
		const rivals = 16
		made := make([]heitan.AttemptID, rivals)
		exists := make([]heitan.AttemptID, rivals)
		var group errgroup.Group
		for i := range rivals {
			group.Go(func() error {
				sub := f.submission("daily")
				sub.Owner, sub.Key = store.Owner(string(rune('a'+i))), string(rune('a'+i))
				a, _, err := f.Submit(f.Context(), sub)
				if e, ok := errors.AsType[*store.Exists](err); ok {
					exists[i], err = e.Attempt.ID, nil
				}
				made[i] = a.ID
				return err
			})
		}
		f.must(group.Wait())
		var winner heitan.AttemptID
		for _, id := range made {
			if id != 0 && winner != 0 {
				f.Errorf("both %d and %d were made", winner, id)
			}
			winner = max(winner, id)
		}
		for i := range rivals {
			if made[i] == 0 && exists[i] != winner {
				f.Errorf("a loser was told of attempt %d, but %d won", exists[i], winner)
			}
		}
	}},

	{"attempts of a session that start together are numbered without gaps", func(f *fixture) {
		const count = 12
		indexes := make([]int, count)
		var group errgroup.Group
		for i := range count {
			group.Go(func() error {
				sub := f.submission("daily")
				sub.Name, sub.Key = string(rune('a'+i)), string(rune('a'+i))
				a, _, err := f.Submit(f.Context(), sub)
				if err == nil {
					indexes[a.Index-1]++
				}
				return err
			})
		}
		f.must(group.Wait())
		for i, n := range indexes {
			if n != 1 {
				f.Errorf("%d attempts have the index %d", n, i+1)
			}
		}
	}},
}
