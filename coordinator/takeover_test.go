package coordinator_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/coordinator"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

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

func TestAttemptThatCannotBeLoadedIsLeftToOthersAtOnce(t *testing.T) {
	t.Parallel()
	b := fileBench(t)
	reached, never := make(chan struct{}), make(chan struct{})
	defer close(never)
	var died atomic.Bool
	b.on("outside", func(context.Context, *operator.Request) (operator.Result, error) {
		if died.Load() {
			return operator.Result{}, nil
		}
		close(reached)
		<-never
		return operator.Result{}, errors.New("the answer of a dead heitan")
	})
	yaml := "+a: {outside>: x}\n"
	first := b.submit(b.coordinator("first"), yaml)
	<-reached
	died.Store(true)
	inner := b.store
	b.store = &faultyStore{Store: inner, noTasks: true}
	_, err := b.coordinatorLater("second").TakeOver(t.Context(), first.Attempt, b.compile(yaml), b.workspace)
	if heitan.KindOf(err) != heitan.Unavailable {
		t.Errorf("taking over gives %v", err)
	}
	b.store = inner
	d, err := b.coordinatorLater("third").TakeOver(t.Context(), first.Attempt, b.compile(yaml), b.workspace)
	b.must(err)
	if flags, err := d.Wait(t.Context()); err != nil || !flags.Has(heitan.AttemptSuccess) {
		t.Errorf("ended as %s, %v", flags, err)
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
