package cron_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the tests must not depend on the machine's zones

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/cron"
	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
)

const layout = "2006-01-02 15:04:05 -0700"

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// moment reads a time such as "2016-03-13 03:00:00 -0700".
func moment(t testing.TB, text string) time.Time {
	t.Helper()
	m, err := time.Parse(layout, text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func pattern(t testing.TB, text string) *cron.Pattern {
	t.Helper()
	p, err := cron.ParsePattern(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// following is the next n times of a pattern.
func following(t testing.TB, p *cron.Pattern, after time.Time, z *time.Location, n int) []string {
	t.Helper()
	times := make([]string, n)
	for i := range times {
		next, ok := p.Next(after, z)
		if !ok {
			t.Fatalf("%s: no time after %s", p, after)
		}
		times[i], after = next.Format(layout), next
	}
	return times
}

// schedule reads a section without problems, of alternating keys and values.
func schedule(t testing.TB, zoneName string, keysAndValues ...any) *cron.Schedule {
	t.Helper()
	s, problems := cron.ParseSchedule(params.Of(keysAndValues...), zone(t, zoneName))
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return s
}

// written is a section whose n-th key stands in line n of a file.
func written(keysAndValues ...any) *params.Object {
	var entries []params.Entry
	for i := 0; i < len(keysAndValues); i += 2 {
		entries = append(entries, params.Entry{
			Key: keysAndValues[i].(string), Value: keysAndValues[i+1],
			Pos: params.Pos{File: "a.dig", Line: int32(i/2 + 1), Column: 3},
		})
	}
	return params.New(entries...)
}

func lines(problems diag.List) []string {
	shown := make([]string, len(problems))
	for i, p := range problems {
		shown[i] = p.Error()
	}
	return shown
}

func expect(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}
