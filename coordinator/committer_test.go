package coordinator_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

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

func TestAnswerAfterTheCoordinatorIsHaltedIsGivenUp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	entered, deaf := make(chan struct{}), make(chan struct{})
	b.on("deaf", func(context.Context, *operator.Request) (operator.Result, error) {
		close(entered)
		<-deaf
		return operator.Result{}, nil
	})
	c := b.coordinator("one")
	d := b.submit(c, "+a: {deaf>: x}\n+b: {echo>: x}\n")
	<-entered
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Stop(impatient, operator.ErrInterrupted); !errors.Is(err, context.Canceled) {
		t.Errorf("stopping ended with %v", err)
	}
	close(deaf)
	if _, err := d.Wait(t.Context()); err == nil {
		t.Error("the driver said nothing of the answer that it could not save")
	}
	if got := b.states(d.Attempt.ID); !strings.Contains(got, "+wf+a=ready") || b.called() != "+wf+a" {
		t.Errorf("states are %s after %s", got, b.called())
	}
}
