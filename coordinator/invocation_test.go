package coordinator_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/heitan/heitan/coordinator"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

func TestOperatorsSeeEvaluatedParamsAndBuiltins(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.on("store", func(context.Context, *operator.Request) (operator.Result, error) {
		return operator.Result{Store: params.Of("x", "stored")}, nil
	})
	b.run(`
timezone: Asia/Tokyo
_export: {g: "${session_date}", task_name: mine}
+s: {store>: ''}
+a:
  _export: {own: "${x}!"}
  echo>: ${g} ${own} ${task_name} ${session_time} ${timezone} ${typeof retry_attempt_name} [${last_executed_session_time}]
`)
	want := "2026-03-01 stored! +wf+a 2026-03-01T09:00:00+09:00 Asia/Tokyo undefined []\n"
	if got := b.output.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTimeoutEndsAnOperatorAndCountsItsPolls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.on("hang", func(ctx context.Context, _ *operator.Request) (operator.Result, error) {
			<-ctx.Done()
			return operator.Result{}, context.Cause(ctx)
		})
		var cleaned atomic.Value
		b.entry("poll", operator.Entry{Operator: pollForever{&cleaned}})
		begin := time.Now()
		c := b.coordinator("one")
		d := b.submit(c, "_parallel: true\n+hang: {hang>: x, timeout: 90s}\n+poll: {poll>: x, timeout: 10m}\n+fine: {echo>: x, timeout: 1s}\n")
		flags, err := d.Wait(t.Context())
		b.must(err)
		if flags.String() != "error" || time.Since(begin) != 10*time.Minute || cleaned.Load() == nil {
			t.Errorf("ended as %s after %s, cleaned %v", flags, time.Since(begin), cleaned.Load())
		}
		for name, want := range map[string]string{"+wf+hang": "Task timed out after 1m30s (runtime)", "+wf+poll": "Task timed out after 10m0s (runtime)"} {
			message, _ := b.task(d.Attempt.ID, name).Error.Get("message")
			if message != want {
				t.Errorf("%s: got %v, want %s", name, message, want)
			}
		}
	})
}

func TestDefectInAnOperatorFailsItsTaskOnly(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.on("broken", func(context.Context, *operator.Request) (operator.Result, error) { panic("index out of range") })
	c := b.coordinator("one")
	d := b.submit(c, "_parallel: true\n+a: {broken>: x}\n+b: {echo>: x}\n")
	_, err := d.Wait(t.Context())
	b.must(err)
	message, _ := b.task(d.Attempt.ID, "+wf+a").Error.Get("message")
	if message != "broken> has a defect: index out of range (runtime)" || !strings.Contains(b.states(d.Attempt.ID), "+wf+b=success") {
		t.Errorf("message %v, states %s", message, b.states(d.Attempt.ID))
	}
}

func TestFailuresNameThePlaceInTheFile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, yaml, message, at string }{
		{"the operator", "+a:\n  fail>: no\n", "no", "wf.dig:2:3"},
		{"a template", "+a:\n  echo>: x\n  k: ${nothing}\n", `Failed to evaluate a variable ${nothing} (ReferenceError: "nothing" is not defined) (config)`, "wf.dig:3:3"},
		{"an unknown operator", "+a:\n  ecko>: x\n", "Unknown task type: ecko (config)", "wf.dig:2:3"},
		{"a bad setting", "+a:\n  echo>: x\n  _retry: [1]\n", "Invalid _retry format: [1] (config)", "wf.dig:3:3"},
		{"a key that is missing", "+a:\n  echo>:\n", "Parameter '_command' is required but not set (config)", "wf.dig:2:3"},
		{"a bad timeout", "+a:\n  echo>: x\n  timeout: soon\n", "Expected duration (such as 1h 30m) type for key 'timeout' but got \"soon\" (string) (config)", "wf.dig:3:3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.on("echo", func(_ context.Context, req *operator.Request) (operator.Result, error) {
				req.Params.CommandText()
				return operator.Result{}, req.Params.Err()
			})
			d := b.submit(b.coordinator("one"), c.yaml)
			_, err := d.Wait(t.Context())
			b.must(err)
			failure := b.task(d.Attempt.ID, "+wf+a").Error
			message, _ := failure.Get("message")
			at, _ := failure.Get("at")
			if message != c.message || at != c.at {
				t.Errorf("got  %v at %v\nwant %s at %s", message, at, c.message, c.at)
			}
		})
	}
}

func TestSecretsAreHiddenInOutputMessagesAndErrors(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.secrets["db.password"] = "correct horse"
	b.on("leak", func(ctx context.Context, req *operator.Request) (operator.Result, error) {
		password, err := req.Secrets.Get(ctx, "password")
		b.must(err)
		_, _ = req.Output.Write([]byte("the password is correct ho"))
		_, _ = req.Output.Write([]byte("rse, and it ends with corr"))
		return operator.Result{}, operator.Runtimef("login with %s failed", password)
	})
	c := b.coordinator("one")
	d := b.submit(c, "+a:\n  leak>: x\n  _secrets: {password: db.password}\n")
	_, err := d.Wait(t.Context())
	b.must(err)
	message, _ := b.task(d.Attempt.ID, "+wf+a").Error.Get("message")
	if message != "login with *** failed (runtime)" || b.output.String() != "the password is ***, and it ends with corr" {
		t.Errorf("message %v, output %q", message, b.output.String())
	}
	if strings.Contains(b.logs.String(), "horse") {
		t.Errorf("logs: %s", b.logs.String())
	}
}

func TestKeysThatNobodyReadAreReported(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.on("http", func(_ context.Context, req *operator.Request) (operator.Result, error) {
		req.Params.CommandText()
		req.Params.StringOr("method", "GET")
		return operator.Result{}, nil
	})
	b.run("+a: {http>: x, methd: POST, other: 1, _env: {A: b}}\n")
	logs := b.logs.String()
	for _, want := range []string{
		`Parameter 'methd' is not used at task +wf+a.`, `Did you mean '[method]'?`, `Parameter 'other' is not used at task +wf+a.`,
	} {
		if !strings.Contains(logs, want) {
			t.Errorf("logs lack %s:\n%s", want, logs)
		}
	}
	if strings.Contains(logs, "_env") || strings.Contains(logs, "'http>'") {
		t.Errorf("logs have too much:\n%s", logs)
	}
}

func TestDryRunCallsNoOperator(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.options = func(o *coordinator.Options) { o.DryRun = true }
	if got := b.run("+a: {fail>: no}\n+b: {unknown>: x}\n"); got != "success" || b.called() != "" {
		t.Errorf("ended as %s after %s", got, b.called())
	}
}
