package control_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/control"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

// required is a require> task of an attempt at the sessions' project.
func required(t testing.TB, s *sessions, text string, options ...operatortest.Option) (operator.Operator, *operator.Request, *operatortest.Record) {
	t.Helper()
	_, req, record := task(t, text, options...)
	return control.Operators(control.Settings{Sessions: s})["require"].Operator, req, record
}

func milliseconds(numbers ...int) []time.Duration {
	var all []time.Duration
	for _, n := range numbers {
		all = append(all, time.Duration(n)*time.Millisecond)
	}
	return all
}

func TestRequireStartsTheSessionAndWaitsLongerAndLonger(t *testing.T) {
	t.Parallel()
	s := &sessions{looks: 10}
	op, req, _ := required(t, s, "require>: target\nparams: {x: {y: 1}}")
	waited, err := polled(t, op, req, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(milliseconds(50, 100, 200, 400, 800, 1600, 3200, 6400, 10000, 10000), waited); diff != "" {
		t.Error(diff)
	}
	want := control.StartRequest{
		Project: 1, Workflow: "target", SessionTime: req.Task.SessionTime, Token: "token-1",
		Params: document(t, "{x: {y: 1}}"),
	}
	if diff := cmp.Diff([]control.StartRequest{want}, s.requests, cmp.Comparer(func(a, b *params.Object) bool { return params.Equal(a, b) })); diff != "" {
		t.Error(diff)
	}
}

func TestRequireSucceedsAtOnceIfTheSessionHasSucceeded(t *testing.T) {
	t.Parallel()
	s := &sessions{}
	s.exists(operatortest.Now.Truncate(24*time.Hour), "")
	op, req, _ := required(t, s, "require>: target")
	waited, err := polled(t, op, req, 0)
	if err != nil || waited != nil || len(s.attempts) != 1 {
		t.Errorf("waited %v, %v; %d attempts", waited, err, len(s.attempts))
	}
}

func TestRequireRemembersItsTargetInTheCheckpoint(t *testing.T) {
	t.Parallel()
	s := &sessions{looks: 1}
	op, req, record := required(t, s, "require>: target\nsession_time: 1970-01-01T01:00:00+00:00")
	result, err := op.Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"target_session_id":3600,"target_attempt_id":100,"started":true,"looks":1,"try":0}`
	if got := params.JSON(result.Poll.Checkpoint); got != want {
		t.Errorf("checkpoint = %s, want %s", got, want)
	}
	if want := `msg="waiting for the required workflow" workflow=target session_id=3600 attempt_id=100 started=true`; !strings.Contains(record.Log(), want) {
		t.Errorf("log = %s", record.Log())
	}
}

func TestRequireFailsWithItsTarget(t *testing.T) {
	t.Parallel()
	for _, end := range []heitan.AttemptFlags{failed, killed} {
		for text, want := range map[string]string{
			"require>: target":                            "Dependent workflow failed. Session id: 1775001600, attempt id: 100",
			"require>: target\nignore_failure: false":     "Dependent workflow failed. Session id: 1775001600, attempt id: 100",
			"require>: target\nignore_failure: true":      "",
			"require>: target\nignore_failure: ${'true'}": "",
		} {
			text = strings.Replace(text, "${'true'}", "'true'", 1)
			op, req, _ := required(t, &sessions{looks: 2, ends: []heitan.AttemptFlags{end}}, text)
			switch _, err := polled(t, op, req, 0); {
			case want == "" && err != nil:
				t.Errorf("%s: %v", text, err)
			case want != "" && failure(t, err) != want:
				t.Errorf("%s: %v, want %s", text, err, want)
			}
		}
	}
}

// Two attempts of the same session require the same target, as in Digdag's RequireIT.
func TestRequireRunsTheTargetAgainAsRerunOnSays(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		rerunOn  string
		end      heitan.AttemptFlags
		attempts int
	}{
		{"none", succeeded, 1},
		{"none", failed, 1},
		{"failed", succeeded, 1},
		{"failed", failed, 2},
		{"all", succeeded, 2},
		{"all", failed, 2},
	} {
		for _, looks := range []int{0, 3} {
			s := &sessions{looks: looks, ends: []heitan.AttemptFlags{tc.end, tc.end}}
			for _, token := range []string{"first", "second"} {
				op, req, _ := required(t, s, "require>: target\nrerun_on: "+tc.rerunOn)
				req.Token = token
				if _, err := polled(t, op, req, 0); (err == nil) != (tc.end == succeeded) {
					t.Errorf("%+v: %s run: %v", tc, token, err)
				}
			}
			if len(s.attempts) != tc.attempts {
				t.Errorf("%+v: %d attempts", tc, len(s.attempts))
			}
		}
	}
}

func TestRequireWaitsForARunningAttemptBeforeItRunsTheTargetAgain(t *testing.T) {
	t.Parallel()
	s := &sessions{looks: 3, ends: []heitan.AttemptFlags{failed, succeeded}}
	s.exists(operatortest.Now.Truncate(24*time.Hour), "")
	op, req, _ := required(t, s, "require>: target\nrerun_on: failed")
	waited, err := polled(t, op, req, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(milliseconds(50, 100, 200, 50, 100, 200), waited); diff != "" {
		t.Error(diff)
	}
	if got := s.attempts[1].start.AttemptName; got != "require-token-1" {
		t.Errorf("the second attempt is named %q", got)
	}
	if s.requests[0].Token == s.requests[1].Token {
		t.Error("two starts have the same token")
	}
}

func TestRequireTakesTheLatestAttemptAsTheSessions(t *testing.T) {
	t.Parallel()
	s := &sessions{ends: []heitan.AttemptFlags{failed, succeeded}}
	for _, name := range []string{"", "repaired"} {
		s.exists(operatortest.Now.Truncate(24*time.Hour), name)
	}
	op, req, _ := required(t, s, "require>: target")
	if _, err := polled(t, op, req, 0); err != nil {
		t.Error(err)
	}
}

func TestRequireReadsWhichAttemptItMeans(t *testing.T) {
	t.Parallel()
	day := operatortest.Now.Truncate(24 * time.Hour)
	inherited := document(t, "{project_id: 1, project_name: other, retry_attempt_name: other, session_time: '2026-04-01T00:00:00+00:00'}")
	for text, want := range map[string]control.StartRequest{
		"require>: target":                                             {Project: 1, SessionTime: day},
		"require>: target\nproject_id: 1":                              {Project: 1, SessionTime: day},
		"require>: target\nproject_id: '1'":                            {Project: 1, SessionTime: day},
		"require>: target\nproject_name: sample":                       {ProjectName: "sample", SessionTime: day},
		"require>: target\nretry_attempt_name: again":                  {Project: 1, SessionTime: day, AttemptName: "again"},
		"require>: target\nsession_time: 2026-04-02T09:00:00+09:00":    {Project: 1, SessionTime: day.AddDate(0, 0, 1)},
		"require>: target\nsession_time: '2026-04-02T00:00:00.999Z'":   {Project: 1, SessionTime: day.AddDate(0, 0, 1)},
		"require>: target\nproject_name:\nproject_id: 1\nparams: '{}'": {Project: 1, SessionTime: day},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			s := &sessions{}
			op, req, _ := required(t, s, text, operatortest.WithParams(inherited))
			if _, err := op.Run(t.Context(), req); err != nil {
				t.Fatal(err)
			}
			got := s.requests[0]
			if got.Project != want.Project || got.ProjectName != want.ProjectName || got.AttemptName != want.AttemptName ||
				!got.SessionTime.Equal(want.SessionTime) || got.Params.Len() != 0 {
				t.Errorf("request = %+v, want %+v", got, want)
			}
		})
	}
}

func TestRequireRefusesWhatItCannotAskFor(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"require>:":                                             "test.dig:1:1: Parameter '_command' is required but not set (config)",
		"require>: target\nrerun_on: sometimes":                 "test.dig:2:1: invalid rerun_on option:sometimes (config)",
		"require>: target\nproject_id: x":                       `test.dig:2:1: Expected integer type for key 'project_id' but got "x" (string) (config)`,
		"require>: target\nparams: x":                           `test.dig:2:1: Expected object type for key 'params' but got "x" (string) (config)`,
		"require>: target\nignore_failure: x":                   `test.dig:2:1: Expected boolean type for key 'ignore_failure' but got "x" (string) (config)`,
		"require>: target\nsession_time: yesterday":             `test.dig:2:1: Expected a time such as 2017-01-31T00:00:00+09:00 for key 'session_time' but got "yesterday" (config)`,
		"require>: target\nproject_id: 1\nproject_name: sample": "test.dig:3:1: Both project_id and project_name can't be set (config)",
		"require>: other":                                       "Dependent workflow does not exist. project_id:1, workflowName:other",
		"require>: target\nproject_name: elsewhere":             "Dependent workflow does not exist. project_name:elsewhere, workflowName:target",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			s := &sessions{}
			op, req, _ := required(t, s, text)
			_, err := op.Run(t.Context(), req)
			if got := failure(t, err); got != want {
				t.Errorf("failure:\n got %s\nwant %s", got, want)
			}
			if len(s.attempts) != 0 {
				t.Error("an attempt was started")
			}
			if f, _ := errors.AsType[*operator.Failure](err); strings.HasPrefix(want, "Dependent") && f.Hint != "did you mean `target`?" {
				t.Errorf("hint = %q", f.Hint)
			}
		})
	}
}

func TestRequireDoesNotWaitForItself(t *testing.T) {
	t.Parallel()
	s := &sessions{looks: 100}
	s.exists(operatortest.Now.Truncate(24*time.Hour), "")
	op, req, _ := required(t, s, "require>: target")
	req.Task.AttemptID = firstAttempt
	_, err := op.Run(t.Context(), req)
	if got, want := failure(t, err), "a workflow cannot require its own session (config)"; got != want {
		t.Errorf("failure = %s, want %s", got, want)
	}
}

func TestRequireAsksAgainWhileTheSessionsAreUnavailable(t *testing.T) {
	t.Parallel()
	busy := fmt.Errorf("submit: %w", &heitan.Error{Kind: heitan.Unavailable, Msg: "too many attempts are running"})
	s := &sessions{looks: 1, fault: []error{busy, busy, nil, busy, busy}}
	op, req, record := required(t, s, "require>: target")
	waited, err := polled(t, op, req, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(milliseconds(50, 100, 50, 100, 200), waited); diff != "" {
		t.Error(diff)
	}
	if got := strings.Count(record.Log(), "too many attempts are running"); got != 4 {
		t.Errorf("log = %s", record.Log())
	}
}

func TestRequireFailsIfTheSessionsDo(t *testing.T) {
	t.Parallel()
	denied := &heitan.Error{Kind: heitan.Denied, Msg: "this project may not start others", Hint: "ask its owner"}
	op, req, _ := required(t, &sessions{fault: []error{denied}}, "require>: target")
	_, err := op.Run(t.Context(), req)
	f, _ := errors.AsType[*operator.Failure](err)
	if f == nil || f.Error() != "start workflow target: this project may not start others (runtime)" || f.Hint != "ask its owner" {
		t.Errorf("failure = %+v", f)
	}

	s := &sessions{looks: 1}
	op, req, _ = required(t, s, "require>: target")
	result, err := op.Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	s.attempts, req.Checkpoint = nil, result.Poll.Checkpoint
	_, err = op.Run(t.Context(), req)
	if got, want := failure(t, err), "the required attempt is gone. Session id: 1775001600, attempt id: 100 (runtime)"; got != want {
		t.Errorf("failure = %s, want %s", got, want)
	}
}

func TestRequireEndsWithTheReasonWhyItWasStopped(t *testing.T) {
	t.Parallel()
	op, req, _ := required(t, &sessions{}, "require>: target")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(operator.ErrTimeout)
	if _, err := op.Run(ctx, req); !errors.Is(err, operator.ErrTimeout) {
		t.Errorf("error = %v", err)
	}
}

func TestARetryOfRequireLooksForTheTargetAnew(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		rerunOn  string
		repaired bool // between the tries, by somebody else
		attempts int
		succeeds bool
	}{
		{rerunOn: "none", attempts: 1, succeeds: false},
		{rerunOn: "none", repaired: true, attempts: 2, succeeds: true},
		{rerunOn: "failed", attempts: 2, succeeds: true},
		{rerunOn: "failed", repaired: true, attempts: 2, succeeds: true},
		{rerunOn: "all", attempts: 2, succeeds: true},
	} {
		s := &sessions{looks: 1, ends: []heitan.AttemptFlags{failed, succeeded, succeeded}}
		op, req, _ := required(t, s, "require>: target\nrerun_on: "+tc.rerunOn)
		if _, err := polled(t, op, req, 0); err == nil {
			t.Fatalf("%+v: the first try succeeded", tc)
		}
		if tc.repaired {
			s.exists(req.Task.SessionTime, "repaired")
		}
		req.Task.Retries, req.Token = 1, "token-2" // the checkpoint stays, as the engine keeps it
		if _, err := polled(t, op, req, 0); (err == nil) != tc.succeeds || len(s.attempts) != tc.attempts {
			t.Errorf("%+v: %d attempts, %v", tc, len(s.attempts), err)
		}
	}
}

// Whatever is lost in crashes, nothing is started twice.
func TestRequireStartsNothingTwiceWhenAnswersAreLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		end := rapid.SampledFrom([]heitan.AttemptFlags{succeeded, failed, killed})
		s := &sessions{
			looks: rapid.IntRange(0, 6).Draw(rt, "looks"),
			ends:  []heitan.AttemptFlags{end.Draw(rt, "first"), end.Draw(rt, "second")},
		}
		rerunOn := rapid.SampledFrom([]string{"none", "failed", "all"}).Draw(rt, "rerun_on")
		op, req, _ := required(t, s, "require>: target\nrerun_on: "+rerunOn)
		existed := rapid.Bool().Draw(rt, "existed")
		if existed {
			s.exists(req.Task.SessionTime, "")
		}
		result, err := operator.PollAfter(0, nil), error(nil)
		for range 100 {
			if rapid.IntRange(0, 4).Draw(rt, "unavailable") == 0 {
				s.fault = []error{&heitan.Error{Kind: heitan.Unavailable, Msg: "locked"}}
			}
			result, err = op.Run(t.Context(), req)
			if lost := rapid.Bool().Draw(rt, "lost"); lost {
				continue // it is called again with the checkpoint before
			}
			if err != nil || result.Poll == nil {
				break
			}
			req.Checkpoint = stored(t, result.Poll.Checkpoint)
		}
		if result.Poll != nil {
			rt.Skip("every answer was lost")
		}
		attempts := 1
		if existed && (rerunOn == "all" || rerunOn == "failed" && s.ends[0] != succeeded) {
			attempts = 2
		}
		if len(s.attempts) != attempts {
			rt.Fatalf("%d attempts instead of %d", len(s.attempts), attempts)
		}
		if succeeds := s.ends[attempts-1] == succeeded; succeeds != (err == nil) {
			rt.Fatalf("the attempt ended with %s, require> with %v", s.ends[attempts-1], err)
		}
	})
}
