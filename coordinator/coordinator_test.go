package coordinator_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/coordinator"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
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
