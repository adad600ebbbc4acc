package coordinator_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/coordinator"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTasksRunInTheirOrderAndTheirStatesAreStored(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := b.coordinator("one")
	d := b.submit(c, "+a: {echo>: 1}\n+b: {echo>: 2}\n+c: {fail>: no}\n+d: {echo>: 4}\n")
	flags, err := d.Wait(t.Context())
	b.must(err)
	if flags.String() != "error" || b.called() != "+wf+a +wf+b +wf+c" {
		t.Errorf("ended as %s after %s", flags, b.called())
	}
	want := "+wf=group_error +wf+a=success +wf+b=success +wf+c=error +wf+d=blocked +wf^failure-alert=error"
	if got := b.states(d.Attempt.ID); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if a := b.attempt(d.Attempt.ID); a.Flags != flags || a.Finished.IsZero() {
		t.Errorf("stored attempt has flags %s, finished %s", a.Flags, a.Finished)
	}
}

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

func TestCommandsAreCarriedOutOnlyAfterTheirChangesAreDurable(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	inner := b.store
	var ready sync.Map // tasks whose readiness is durable
	b.store = &faultyStore{Store: inner, commit: func(_ context.Context, writes []store.Write, commit func() ([]heitan.AttemptID, error)) ([]heitan.AttemptID, error) {
		lost, err := commit()
		for _, w := range writes {
			for _, task := range w.Tasks {
				if task.State != heitan.TaskBlocked {
					ready.Store(task.FullName, true)
				}
			}
		}
		return lost, err
	}}
	ready.Store("+wf+a", true) // durable with the submission
	b.on("echo", func(_ context.Context, req *operator.Request) (operator.Result, error) {
		if _, durable := ready.Load(req.Task.FullName); !durable {
			t.Errorf("%s ran before that was durable", req.Task.FullName)
		}
		return operator.Result{}, nil
	})
	if got := b.run("+a: {echo>: x}\n+b: {_parallel: true, +c: {echo>: x}, +d: {echo>: x}}\n+e: {echo>: x}\n"); got != "success" {
		t.Errorf("ended as %s", got)
	}
}

func TestCheckpointIsDurableBeforeTheOperatorGoesOn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.on("outside", func(ctx context.Context, req *operator.Request) (operator.Result, error) {
		if err := req.SaveCheckpoint(ctx, params.Of("arn", "a-1")); err != nil {
			return operator.Result{}, err
		}
		if got := params.JSON(b.task(req.Task.AttemptID, "+wf+a").Checkpoint); got != `{"arn":"a-1"}` {
			t.Errorf("stored checkpoint is %s", got)
		}
		return operator.Result{}, nil
	})
	if got := b.run("+a: {outside>: x}\n"); got != "success" {
		t.Errorf("ended as %s", got)
	}
}

func TestAttemptOfADeadHeitanGoesOnWithoutRepeatingWhatFinished(t *testing.T) {
	t.Parallel()
	b := fileBench(t)
	reached, never := make(chan struct{}), make(chan struct{})
	var died atomic.Bool
	b.on("outside", func(ctx context.Context, req *operator.Request) (operator.Result, error) {
		if died.Load() {
			if !req.Recovering || params.JSON(req.Checkpoint) != `{"id":7}` || !strings.HasSuffix(req.Token, "-3-0") {
				t.Errorf("recovering %t, checkpoint %s, token %s", req.Recovering, params.JSON(req.Checkpoint), req.Token)
			}
			return operator.Result{}, nil
		}
		b.must(req.SaveCheckpoint(ctx, params.Of("id", int64(7))))
		close(reached)
		<-never
		return operator.Result{}, errors.New("the answer of a dead heitan")
	})
	yaml := "+a: {echo>: x}\n+b: {outside>: x}\n+c: {echo>: x}\n"
	first := b.submit(b.coordinator("first"), yaml)
	<-reached
	died.Store(true) // from now on the first coordinator's lease counts as expired
	expired := b.attempt(first.Attempt.ID)
	second := b.coordinatorLater("second")
	d, err := second.TakeOver(t.Context(), expired, b.compile(yaml), b.workspace)
	b.must(err)
	flags, err := d.Wait(t.Context())
	b.must(err)
	if flags.String() != "success" || b.called() != "+wf+a +wf+b +wf+b +wf+c" {
		t.Errorf("ended as %s after %s", flags, b.called())
	}
	close(never)
	if _, err := first.Wait(t.Context()); err == nil || !strings.Contains(err.Error(), "taken the attempt over") {
		t.Errorf("the first coordinator ended with %v", err)
	}
}

// coordinatorLater is a coordinator whose clock is an hour ahead, so that the
// leases of others have expired.
func (b *bench) coordinatorLater(owner string) *coordinator.Coordinator {
	b.options = func(o *coordinator.Options) {
		o.Now = func() time.Time { return time.Now().Add(time.Hour) }
	}
	defer func() { b.options = nil }()
	return b.coordinator(owner)
}

func TestAttemptIsNotTakenFromTheCoordinatorThatDrivesIt(t *testing.T) {
	t.Parallel()
	b := fileBench(t)
	entered, release := make(chan struct{}), make(chan struct{})
	b.on("wait", func(context.Context, *operator.Request) (operator.Result, error) {
		close(entered)
		<-release
		return operator.Result{}, nil
	})
	yaml := "+a: {wait>: x}\n"
	c := b.coordinator("one")
	d := b.submit(c, yaml)
	<-entered
	_, err := c.TakeOver(t.Context(), d.Attempt, b.compile(yaml), b.workspace)
	if heitan.KindOf(err) != heitan.Conflict {
		t.Errorf("taking over gives %v", err)
	}
	close(release)
	if flags, err := d.Wait(t.Context()); err != nil || !flags.Has(heitan.AttemptSuccess) {
		t.Errorf("the attempt ended with %v, %v", flags, err)
	}
	// What is known of the attempt may be old.
	_, err = b.coordinator("two").TakeOver(t.Context(), d.Attempt, b.compile(yaml), b.workspace)
	if heitan.KindOf(err) != heitan.Conflict {
		t.Errorf("taking over an attempt that has ended gives %v", err)
	}
}

func TestAttemptIsNotTakenFromAHeitanThatLives(t *testing.T) {
	t.Parallel()
	b := fileBench(t)
	entered, release := make(chan struct{}), make(chan struct{})
	b.on("wait", func(context.Context, *operator.Request) (operator.Result, error) {
		close(entered)
		<-release
		return operator.Result{}, nil
	})
	yaml := "+a: {wait>: x}\n"
	d := b.submit(b.coordinator("first"), yaml)
	<-entered
	_, err := b.coordinator("second").TakeOver(t.Context(), d.Attempt, b.compile(yaml), b.workspace)
	if held, ok := errors.AsType[*store.Held](err); !ok || held.Owner != "first" {
		t.Errorf("got %v", err)
	}
	close(release)
	_, err = d.Wait(t.Context())
	b.must(err)
}

func TestStopInterruptsOperatorsAndTheNextHeitanRunsThemAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	entered := make(chan struct{})
	var second atomic.Bool
	b.on("long", func(ctx context.Context, req *operator.Request) (operator.Result, error) {
		if second.Load() {
			return operator.Result{}, nil
		}
		close(entered)
		<-ctx.Done()
		if cause := context.Cause(ctx); !errors.Is(cause, operator.ErrInterrupted) {
			t.Errorf("the cause is %v", cause)
		}
		return operator.Result{}, context.Cause(ctx)
	})
	yaml := "+a: {echo>: x}\n+b: {long>: x}\n+c: {echo>: x}\n"
	c := b.coordinator("one")
	d := b.submit(c, yaml)
	<-entered
	b.must(c.Stop(t.Context(), operator.ErrInterrupted))
	if _, err := d.Wait(t.Context()); !errors.Is(err, operator.ErrInterrupted) {
		t.Errorf("waiting ended with %v", err)
	}
	if got := b.states(d.Attempt.ID); !strings.Contains(got, "+wf+b=running +wf+c=blocked") {
		t.Errorf("states are %s", got)
	}
	second.Store(true)
	d, err := b.coordinator("two").TakeOver(t.Context(), b.attempt(d.Attempt.ID), b.compile(yaml), b.workspace)
	b.must(err)
	flags, err := d.Wait(t.Context())
	b.must(err)
	if flags.String() != "success" || b.called() != "+wf+a +wf+b +wf+b +wf+c" {
		t.Errorf("ended as %s after %s", flags, b.called())
	}
}

func TestResultThatArrivesWhileStoppingIsKept(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	entered := make(chan struct{})
	b.on("quick", func(ctx context.Context, _ *operator.Request) (operator.Result, error) {
		close(entered)
		<-ctx.Done()
		return operator.Result{Store: params.Of("done", true)}, nil // it was at its end anyway
	})
	c := b.coordinator("one")
	d := b.submit(c, "+a: {quick>: x}\n+b: {echo>: x}\n")
	<-entered
	b.must(c.Stop(t.Context(), operator.ErrInterrupted))
	if got := b.states(d.Attempt.ID); !strings.Contains(got, "+wf+a=success +wf+b=ready") || b.called() != "+wf+a" {
		t.Errorf("states are %s after %s", got, b.called())
	}
}

func TestKillInterruptsWhatRunsAndCleansUpWhatWaits(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.options = func(o *coordinator.Options) { o.MaxInvocations = 1 }
	entered := make(chan struct{})
	var cleaned atomic.Value
	b.entry("poll", operator.Entry{Operator: pollForever{&cleaned}})
	b.on("long", func(ctx context.Context, _ *operator.Request) (operator.Result, error) {
		close(entered)
		<-ctx.Done()
		return operator.Result{}, context.Cause(ctx)
	})
	c := b.coordinator("one")
	d := b.submit(c, "_parallel: true\n+poll: {poll>: x}\n+long: {long>: x}\n+queued: {echo>: x}\n+g: {+a: {echo>: x}, +b: {echo>: x}}\n")
	<-entered
	b.must(c.Kill(t.Context(), d.Attempt.ID))
	flags, err := d.Wait(t.Context())
	b.must(err)
	if flags.String() != "killed" || b.called() != "+wf+poll +wf+long" || cleaned.Load() != `{"job":"j-1"}` {
		t.Errorf("ended as %s after %s, cleaned %v", flags, b.called(), cleaned.Load())
	}
	want := "+wf=canceled +wf+poll=canceled +wf+long=canceled +wf+queued=canceled +wf+g=canceled +wf+g+a=canceled +wf+g+b=blocked"
	if got := b.states(d.Attempt.ID); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if err := c.Kill(t.Context(), d.Attempt.ID); heitan.KindOf(err) != heitan.NotFound {
		t.Errorf("killing it again gives %v", err)
	}
}

// pollForever is an operator that waits for something outside that never ends.
type pollForever struct{ cleaned *atomic.Value }

func (pollForever) Run(context.Context, *operator.Request) (operator.Result, error) {
	return operator.PollAfter(time.Hour, params.Of("job", "j-1")), nil
}

func (p pollForever) Cleanup(_ context.Context, req *operator.Request) error {
	p.cleaned.Store(params.JSON(req.Checkpoint))
	return nil
}

func TestAbandonStopsWhatADeadHeitanLeftRunning(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var cleaned atomic.Value
	b.entry("poll", operator.Entry{Operator: pollForever{&cleaned}})
	waiting := make(chan struct{})
	b.options = func(o *coordinator.Options) {
		o.Observer = observer(func(tasks []engine.Task) {
			for _, task := range tasks {
				if task.State == heitan.TaskRetryWaiting {
					close(waiting)
				}
			}
		})
	}
	c := b.coordinator("one")
	b.options = nil
	yaml := "+a: {poll>: x}\n+b: {echo>: x}\n"
	d := b.submit(c, yaml)
	<-waiting
	b.must(c.Stop(t.Context(), operator.ErrInterrupted))
	b.must(b.coordinator("two").Abandon(t.Context(), b.attempt(d.Attempt.ID), b.compile(yaml), b.workspace))
	if got := b.states(d.Attempt.ID); got != "+wf=canceled +wf+a=canceled +wf+b=blocked" || cleaned.Load() == nil {
		t.Errorf("states are %s, cleaned %v", got, cleaned.Load())
	}
}

func TestWorkWaitsForADatabaseThatIsDownAndGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		var failures atomic.Int32
		b.store = &faultyStore{Store: b.store, commit: func(_ context.Context, _ []store.Write, commit func() ([]heitan.AttemptID, error)) ([]heitan.AttemptID, error) {
			switch failures.Add(1) % 3 {
			case 1:
				return nil, errDown // nothing was written
			case 2:
				_, _ = commit() // it was written, but the answer is lost
				return nil, errDown
			}
			return commit()
		}}
		if got := b.run("+a: {echo>: 1}\n+b: {echo>: 2}\n+c: {echo>: 3}\n"); got != "success" || b.called() != "+wf+a +wf+b +wf+c" {
			t.Errorf("ended as %s after %s", got, b.called())
		}
		if !strings.Contains(b.logs.String(), "the database is unavailable") {
			t.Error("nothing was said about the database")
		}
	})
}

func TestRetriesWaitForTheirIntervals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		var starts []time.Duration
		begin := time.Now()
		b.on("flaky", func(_ context.Context, req *operator.Request) (operator.Result, error) {
			starts = append(starts, time.Since(begin))
			if req.Task.Retries < 3 {
				return operator.Result{}, operator.Runtimef("not yet")
			}
			return operator.Result{}, nil
		})
		got := b.run("+a:\n  flaky>: x\n  _retry: {limit: 3, interval: 10, interval_type: exponential}\n")
		if want := "[0s 10s 30s 1m10s]"; got != "success" || fmt.Sprint(starts) != want {
			t.Errorf("ended as %s, started at %v, want %s", got, starts, want)
		}
	})
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

func TestNoMoreOperatorsRunAtOnceThanAllowed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.options = func(o *coordinator.Options) { o.MaxInvocations = 3 }
	var now, most atomic.Int32
	b.on("busy", func(context.Context, *operator.Request) (operator.Result, error) {
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		runtime.Gosched() // gives others the chance to run at the same time
		now.Add(-1)
		return operator.Result{}, nil
	})
	var yaml strings.Builder
	yaml.WriteString("_parallel: true\n")
	for i := range 50 {
		fmt.Fprintf(&yaml, "+t%d: {busy>: x}\n", i)
	}
	if got := b.run(yaml.String()); got != "success" || most.Load() > 3 {
		t.Errorf("ended as %s with %d at once", got, most.Load())
	}
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

func TestReleaseIsCalledOnlyAfterTheAnswerIsDurable(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	released := make(chan string, 2)
	b.on("keep", func(_ context.Context, req *operator.Request) (operator.Result, error) {
		id := req.Task.AttemptID
		r := operator.Result{Release: func(context.Context) { released <- b.task(id, "+wf+a").State.String() }}
		return r, nil
	})
	b.run("+a: {keep>: x}\n")
	if got := <-released; got != "success" {
		t.Errorf("released while the task was stored as %s", got)
	}
}

func TestTenThousandParallelTasks(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.on("many", func(context.Context, *operator.Request) (operator.Result, error) {
		entries := []params.Entry{{Key: "_parallel", Value: true}}
		for i := range 10_000 {
			entries = append(entries, params.Entry{Key: fmt.Sprintf("+t%d", i), Value: params.Of("echo>", "x")})
		}
		return operator.Result{Subtasks: params.New(entries...)}, nil
	})
	if got := b.run("+a: {many>: x}\n"); got != "success" || strings.Count(b.called(), " ") != 10_000 {
		t.Errorf("ended as %s after %d calls", got, strings.Count(b.called(), " ")+1)
	}
}
