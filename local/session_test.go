package local

import (
	"context"
	"errors"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/workflow"
)

func compile(t testing.TB, text string) *workflow.Workflow {
	t.Helper()
	doc, problems := workflow.ParseYAML("wf.dig", []byte(text))
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	w, problems := workflow.Compile("wf", "wf.dig", doc)
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return w
}

func instant(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func never(context.Context) (time.Time, bool, error) { return time.Time{}, false, nil }

func TestASessionIsChosenInTheWorkflowsTimeZone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, now, value, want string }{
		{"UTC", "2026-03-01T10:20:30Z", "hourly", "2026-03-01T10:00:00Z"},
		{"UTC", "2026-03-01T10:20:30Z", "daily", "2026-03-01T00:00:00Z"},
		{"UTC", "2026-03-01T10:20:30Z", "last", "2026-03-01T00:00:00Z"},
		{"Asia/Tokyo", "2026-03-01T16:00:00Z", "daily", "2026-03-02T00:00:00+09:00"},
		{"Asia/Kolkata", "2026-03-01T10:20:00Z", "hourly", "2026-03-01T15:00:00+05:30"},
		{"Asia/Tokyo", "2026-03-01T00:00:00Z", "2026-02-03", "2026-02-03T00:00:00+09:00"},
		{"Asia/Tokyo", "2026-03-01T00:00:00Z", "2026-02-03 04:05:06", "2026-02-03T04:05:06+09:00"},
		// The hour that comes twice is two hours.
		{"America/New_York", "2026-11-01T05:30:00Z", "hourly", "2026-11-01T01:00:00-04:00"},
		{"America/New_York", "2026-11-01T06:30:00Z", "hourly", "2026-11-01T01:00:00-05:00"},
		{"America/New_York", "2026-11-01T12:00:00Z", "daily", "2026-11-01T00:00:00-04:00"},
		// A day without a midnight begins at its first moment.
		{"America/Sao_Paulo", "2018-11-04T12:00:00Z", "daily", "2018-11-04T01:00:00-02:00"},
		{"America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04", "2018-11-04T01:00:00-02:00"},
		// A time that does not exist is as long after the gap's beginning.
		{"America/New_York", "2026-03-08T12:00:00Z", "2026-03-08 02:30:00", "2026-03-08T03:30:00-04:00"},
	} {
		w := compile(t, "timezone: "+c.zone+"\n+a: {echo>: a}\n")
		got, err := chooseSession(t.Context(), c.value, w, instant(t, c.now), never)
		if want := instant(t, c.want); err != nil || !got.Time.Equal(want) {
			t.Errorf("%s in %s at %s: got %v, %v; want %s", c.value, c.zone, c.now, got.Time, err, c.want)
		}
	}
}

func TestAScheduleChoosesItsLastSession(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, schedule, now, want string }{
		// A session may be before its run's time: the one of today is there already.
		{"UTC", "daily>: 07:00:00", "2026-03-01T06:00:00Z", "2026-03-01T00:00:00Z"},
		{"UTC", "hourly>: 30:00", "2026-03-01T10:20:00Z", "2026-03-01T10:00:00Z"},
		{"Asia/Tokyo", "daily>: 07:00:00", "2026-03-01T16:00:00Z", "2026-03-02T00:00:00+09:00"},
		{"UTC", "weekly>: Mon,09:00:00", "2026-03-04T00:00:00Z", "2026-03-02T00:00:00Z"},
		{"UTC", "monthly>: 1,09:00:00", "2026-03-01T00:00:00Z", "2026-02-01T00:00:00Z"},
		{"America/New_York", "daily>: 02:30:00", "2026-03-08T12:00:00Z", "2026-03-08T00:00:00-05:00"},
		{"America/New_York", "cron>: '0 * * * *'", "2026-11-01T06:30:00Z", "2026-11-01T01:00:00-05:00"},
		{"UTC", "cron>: '0 0 29 2 *'", "2026-03-01T00:00:00Z", "2024-02-29T00:00:00Z"},
	} {
		w := compile(t, "timezone: "+c.zone+"\nschedule:\n  "+c.schedule+"\n+a: {echo>: a}\n")
		for _, value := range []string{"schedule", "last"} {
			got, err := chooseSession(t.Context(), value, w, instant(t, c.now), never)
			if want := instant(t, c.want); err != nil || !got.Time.Equal(want) {
				t.Errorf("--session %s of %s in %s at %s: got %v, %v; want %s", value, c.schedule, c.zone, c.now, got.Time, err, c.want)
			}
		}
	}
}

func TestTheLastSavedSessionComesFirst(t *testing.T) {
	t.Parallel()
	w := compile(t, "timezone: Asia/Tokyo\nschedule: {daily>: 07:00:00}\n+a: {echo>: a}\n")
	saved := instant(t, "2020-01-01T12:00:00Z")
	got, err := chooseSession(t.Context(), "last", w, instant(t, "2026-03-01T00:00:00Z"), func(context.Context) (time.Time, bool, error) {
		return saved, true, nil
	})
	if err != nil || !got.Time.Equal(saved) || got.Notice != "Reusing the last session time 2020-01-01T21:00:00+09:00" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestAFailureToLookUpTheLastSessionIsNotHidden(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is on fire")
	_, err := chooseSession(t.Context(), "last", compile(t, "+a: {echo>: a}\n"), instant(t, "2026-03-01T00:00:00Z"), func(context.Context) (time.Time, bool, error) {
		return time.Time{}, false, broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestValuesThatAreNoSession(t *testing.T) {
	t.Parallel()
	w := compile(t, "+a: {echo>: a}\n")
	for _, value := range []string{"", "now", "schedule", "LAST", "2026", "2026-02-30", "2026-02-03 24:00:00", "2026-02-03T04:05:06", "2026-02-03 04:05", " 2026-02-03"} {
		if got, err := chooseSession(t.Context(), value, w, instant(t, "2026-03-01T00:00:00Z"), never); heitan.KindOf(err) != heitan.Invalid {
			t.Errorf("%q: got %v, %v", value, got.Time, err)
		}
	}
}
