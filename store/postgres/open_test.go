package postgres_test

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/store/postgres"
)

func TestManyServersMayStartAtTheSameTime(t *testing.T) {
	t.Parallel()
	for range 3 {
		o := options(t)
		var group errgroup.Group
		for range 6 {
			group.Go(func() error {
				s, err := postgres.Open(t.Context(), o)
				if err != nil {
					return err
				}
				return s.Close()
			})
		}
		must(t, group.Wait())
	}
}

func TestWhatWasStoredIsThereAfterReopening(t *testing.T) {
	t.Parallel()
	o := options(t)
	s, err := postgres.Open(t.Context(), o)
	must(t, err)
	a, _ := submit(t, s, "daily", 3)
	must(t, s.Close())
	again, err := open(t, o).Attempt(t.Context(), a.ID)
	if err != nil || again.Session.Workflow != "daily" {
		t.Errorf("the attempt is %v, %v", again, err)
	}
}

func TestTablesOfANewerHeitanAreNotTouched(t *testing.T) {
	t.Parallel()
	o := options(t)
	open(t, o)
	exec(t, beside(t, o), "INSERT INTO heitan_migrations (version_id, is_applied) VALUES (4711, true)")
	_, err := postgres.Open(t.Context(), o)
	wantKind(t, err, heitan.Invalid)
	if !strings.Contains(err.Error(), "made by a newer heitan: its tables have version 4711") {
		t.Errorf("the error is %v", err)
	}
}

func TestASchemaNameMayBeAnything(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.Schema += ` "; DROP TABLE x; 兵站`
	t.Cleanup(func() {
		exec(t, beside(t, postgres.Options{URL: o.URL}), `DROP SCHEMA "`+strings.ReplaceAll(o.Schema, `"`, `""`)+`" CASCADE`)
	})
	for range 2 {
		submit(t, open(t, o), "daily", 1)
		o.MaxConns++
		break
	}
	_, err := open(t, o).LatestSession(t.Context(), 1, "daily")
	must(t, err)
}

func TestOpeningWhatCannotBeOpenedSaysWhy(t *testing.T) {
	t.Parallel()
	o := options(t)
	role := o.Schema + "_role"
	db := beside(t, postgres.Options{URL: o.URL})
	exec(t, db, "CREATE ROLE "+role+" LOGIN")
	t.Cleanup(func() { exec(t, db, "DROP ROLE "+role) })
	for _, c := range []struct {
		name   string
		change func(u *url.URL)
		kind   heitan.ErrorKind
		text   string
	}{
		{"nothing listens", func(u *url.URL) { u.Host = unusedAddress(t) }, heitan.Unavailable, "127.0.0.1"},
		{"no such database", func(u *url.URL) { u.Path = "/nowhere" }, heitan.NotFound, "no such database"},
		{"a user without the right to make a schema", func(u *url.URL) { u.User = url.UserPassword(role, "secret") }, heitan.Denied, "lacks a right"},
		{"an unknown user", func(u *url.URL) { u.User = url.UserPassword("stranger", "secret") }, heitan.Denied, "does not let the user in"},
		{"a URL with a strange port", func(u *url.URL) {
			u.User, u.Host = url.UserPassword("me", "secret"), "127.0.0.1:99999999"
		}, heitan.Invalid, "cannot be parsed"},
		{"a password that breaks the URL", func(u *url.URL) { u.Opaque = "//me:secret@x:y@127.0.0.1:1/x" }, heitan.Invalid, "cannot be parsed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			u, err := url.Parse(o.URL)
			must(t, err)
			c.change(u)
			_, err = postgres.Open(t.Context(), postgres.Options{URL: u.String(), Schema: o.Schema})
			wantKind(t, err, c.kind)
			if !strings.Contains(err.Error(), c.text) {
				t.Errorf("%q does not say %q", err, c.text)
			}
			if strings.Contains(fmt.Sprintf("%+v", err), "secret") {
				t.Errorf("%q tells the password", err)
			}
		})
	}
}

func unusedAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, l.Close())
	return l.Addr().String()
}
