package storetest

import (
	"strings"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/store"
)

var paramTests = []test{
	{"a param is what was set last", func(f *fixture) {
		f.wantParam("count", start, "", false)
		f.must(f.SetParam(f.Context(), "count", "1", start))
		f.must(f.SetParam(f.Context(), "count", `{"二": [2]}`, start.Add(time.Second)))
		f.must(f.SetParam(f.Context(), "empty", "", start))
		f.wantParam("count", later, `{"二": [2]}`, true)
		f.wantParam("empty", later, "", true)
		f.wantParam("Count", later, "", false)
	}},

	{"a param is gone 90 days after it was set last", func(f *fixture) {
		f.must(f.SetParam(f.Context(), "count", "1", start))
		f.must(f.SetParam(f.Context(), "count", "2", later))
		end := later.Add(store.ParamLife)
		f.wantParam("count", end.Add(-time.Microsecond), "2", true)
		f.wantParam("count", end, "", false)
		f.must(f.SetParam(f.Context(), "other", "1", end))
		f.must(f.SetParam(f.Context(), "count", "3", end))
		f.wantParam("count", end, "3", true)
	}},

	{"params that no database takes are invalid", func(f *fixture) {
		f.wantKind(f.SetParam(f.Context(), "nul\x00", "1", start), heitan.Invalid)
		f.wantKind(f.SetParam(f.Context(), strings.Repeat("k", 5000), "1", start), heitan.Invalid)
		f.wantKind(f.SetParam(f.Context(), "k", "\xff", start), heitan.Invalid)
		_, _, err := f.Param(f.Context(), "nul\x00", start)
		f.wantKind(err, heitan.Invalid)
	}},
}

func (f *fixture) wantParam(key string, now time.Time, value string, there bool) {
	f.Helper()
	got, ok, err := f.Param(f.Context(), key, now)
	f.must(err)
	if got != value || ok != there {
		f.Errorf("param %s is %q, %v; want %q, %v", key, got, ok, value, there)
	}
}
