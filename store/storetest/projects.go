package storetest

import (
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/heitan/heitan"
)

var projectTests = []test{
	{"a project is made once", func(f *fixture) {
		again, err := f.EnsureProject(f.Context(), "billing", later)
		f.must(err)
		f.same("project", again, f.project)
		f.same("created", again.Created, start)

		other, err := f.EnsureProject(f.Context(), "請求", later)
		f.must(err)
		f.same("other project", other, heitan.Project{ID: other.ID, Name: "請求", Created: later})
		if other.ID == f.project.ID {
			f.Errorf("two projects have the id %d", other.ID)
		}
	}},

	{"a revision is made once in each project", func(f *fixture) {
		again, err := f.EnsureRevision(f.Context(), f.project.ID, "1", later)
		f.must(err)
		f.same("revision", again, f.revision)

		other, err := f.EnsureProject(f.Context(), "other", start)
		f.must(err)
		r, err := f.EnsureRevision(f.Context(), other.ID, "1", later)
		f.must(err)
		f.same("revision of the other project", r, heitan.Revision{ID: r.ID, Project: other.ID, Name: "1", Created: later})
		if r.ID == f.revision.ID {
			f.Errorf("two revisions have the id %d", r.ID)
		}
	}},

	{"a revision needs a project", func(f *fixture) {
		_, err := f.EnsureRevision(f.Context(), 4711, "1", start)
		f.wantKind(err, heitan.NotFound)
	}},

	{"many make one project at the same time", func(f *fixture) {
		ids := make([]heitan.ProjectID, 16)
		var group errgroup.Group
		for i := range ids {
			group.Go(func() error {
				p, err := f.EnsureProject(f.Context(), "wanted", start)
				ids[i] = p.ID
				return err
			})
		}
		f.must(group.Wait())
		for _, id := range ids {
			f.same("project id", id, ids[0])
		}
	}},

	{"names that no database takes are invalid", func(f *fixture) {
		for _, name := range []string{"nul\x00", "\xff\xfe", strings.Repeat("n", 5000)} {
			_, err := f.EnsureProject(f.Context(), name, start)
			f.wantKind(err, heitan.Invalid)
			_, err = f.EnsureRevision(f.Context(), f.project.ID, name, start)
			f.wantKind(err, heitan.Invalid)
			_, _, err = f.Submit(f.Context(), f.submission(name))
			f.wantKind(err, heitan.Invalid)
			_, err = f.LatestSession(f.Context(), f.project.ID, name)
			f.wantKind(err, heitan.Invalid)
			_, err = f.LatestAttempt(f.Context(), f.project.ID, name, start)
			f.wantKind(err, heitan.Invalid)
		}
	}},
}
