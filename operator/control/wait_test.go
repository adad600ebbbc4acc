package control_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// polled runs a task until it is done, as the engine would, and returns the times
// between its invocations. late is how much later than asked for each comes.
func polled(t *testing.T, op operator.Operator, req *operator.Request, late time.Duration) ([]time.Duration, error) {
	t.Helper()
	var waited []time.Duration
	now := req.Now()
	for range 100 {
		req.Now = func() time.Time { return now }
		result, err := op.Run(t.Context(), req)
		if err != nil || result.Poll == nil {
			return waited, err
		}
		waited = append(waited, result.Poll.After)
		now = now.Add(result.Poll.After + late)
		req.Checkpoint = stored(t, result.Poll.Checkpoint)
	}
	t.Fatalf("still not done after %v", waited)
	return nil, nil
}

// stored is a checkpoint as it comes back from a store.
func stored(t testing.TB, checkpoint *params.Object) *params.Object {
	t.Helper()
	back, err := params.ParseObject([]byte(params.JSON(checkpoint)))
	if err != nil {
		t.Fatal(err)
	}
	return back
}

func TestWaitPollsUntilTheTimeHasPassed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]time.Duration{
		"wait>: 10s":                    {10 * time.Second},
		"wait>: 1d 2h 3m 4s":            {26*time.Hour + 3*time.Minute + 4*time.Second},
		"wait>: 90":                     {90 * time.Second},
		"wait>: '90'":                   {90 * time.Second},
		"wait>: 1.5":                    {1500 * time.Millisecond},
		"wait>: 5M":                     {5 * time.Minute},
		"wait>: 10s\nblocking: false":   {10 * time.Second},
		"wait>: 10s\nblocking: 'false'": {10 * time.Second},
		"wait>: 10s\npoll_interval: 5s": {5 * time.Second, 5 * time.Second},
		"wait>: 10s\npoll_interval: 4":  {4 * time.Second, 4 * time.Second, 4 * time.Second},
		"wait>: 10s\npoll_interval: 1h": {time.Hour},
		"wait>: 2s\npoll_interval: 0s":  {time.Second, time.Second},
		"wait>: 0s":                     nil,
		"wait>: 0":                      nil,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			op, req, _ := task(t, text)
			got, err := polled(t, op, req, 0)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWaitCountsFromItsFirstInvocationAcrossRestarts(t *testing.T) {
	t.Parallel()
	op, req, _ := task(t, "wait>: 1m\npoll_interval: 20s")
	got, err := polled(t, op, req, 15*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]time.Duration{20 * time.Second, 20 * time.Second}, got); diff != "" {
		t.Error(diff)
	}

	op, req, _ = task(t, "wait>: 1h")
	begin := req.Now()
	first, err := op.Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	req.Checkpoint, req.Recovering = stored(t, first.Poll.Checkpoint), true
	req.Now = func() time.Time { return begin.Add(59 * time.Minute) }
	again, err := op.Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if again.Poll == nil || again.Poll.After != time.Minute {
		t.Errorf("poll = %+v, want after the remaining minute", again.Poll)
	}
}

func TestWaitRefusesWhatIsNoDuration(t *testing.T) {
	t.Parallel()
	const expected = "Expected duration (such as 1h 30m) type for key "
	failing(t, map[string]string{
		"wait>:":                          "test.dig:1:1: Parameter '_command' is required but not set (config)",
		"wait>: soon":                     "test.dig:1:1: " + expected + `'_command' but got "soon" (string) (config)`,
		"wait>: ''":                       "test.dig:1:1: " + expected + `'_command' but got "" (string) (config)`,
		"wait>: -3":                       "test.dig:1:1: " + expected + `'_command' but got -3 (number) (config)`,
		"wait>: 99999999999999d":          "test.dig:1:1: " + expected + `'_command' but got "99999999999999d" (string) (config)`,
		"wait>: 3s\npoll_interval: often": "test.dig:2:1: " + expected + `'poll_interval' but got "often" (string) (config)`,
		"wait>: 3s\nblocking: maybe":      `test.dig:2:1: Expected boolean type for key 'blocking' but got "maybe" (string) (config)`,
		"wait>: 3\nblocking: true\npoll_interval: 1": "test.dig:3:1: poll_interval can't be specified with blocking:true (config)",
	})
}

// blocking is a blocking wait> whose clock is the bubble's.
func blocking(t *testing.T, text string) (operator.Operator, *operator.Request, func() []*params.Object) {
	t.Helper()
	op, req, record := task(t, text+"\nblocking: true")
	req.Now = time.Now
	return op, req, record.Checkpoints
}

func TestBlockingWaitBlocks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		op, req, _ := blocking(t, "wait>: 90m")
		begin := time.Now()
		result, err := op.Run(t.Context(), req)
		if err != nil || result.Poll != nil {
			t.Errorf("result = %+v, %v", result, err)
		}
		if got := time.Since(begin); got != 90*time.Minute {
			t.Errorf("it took %s", got)
		}
	})
}

func TestBlockingWaitGoesOnAfterARestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		op, req, checkpoints := blocking(t, "wait>: 90m")
		begin := time.Now()
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(30*time.Minute, func() { cancel(operator.ErrInterrupted) })
		if _, err := op.Run(ctx, req); !errors.Is(err, operator.ErrInterrupted) {
			t.Errorf("error = %v", err)
		}
		saved := checkpoints()
		if len(saved) != 1 {
			t.Fatalf("%d checkpoints were saved", len(saved))
		}
		req.Checkpoint = stored(t, saved[0])
		if _, err := op.Run(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(begin); got != 90*time.Minute {
			t.Errorf("it took %s", got)
		}
		if len(checkpoints()) != 1 {
			t.Error("the checkpoint was saved again")
		}
	})
}

func TestWaitEndsWithTheReasonWhyItWasStopped(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"wait>: 1h", "wait>: 1h\nblocking: true", "wait>: 0s"} {
		op, req, _ := task(t, text)
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(operator.ErrTimeout)
		if _, err := op.Run(ctx, req); !errors.Is(err, operator.ErrTimeout) {
			t.Errorf("%s: error = %v", text, err)
		}
	}
}

func TestBlockingWaitDoesNotBeginIfItCannotRemember(t *testing.T) {
	t.Parallel()
	op, req, _ := task(t, "wait>: 1h\nblocking: true")
	lost := errors.New("the lease is lost")
	req.SaveCheckpoint = func(context.Context, *params.Object) error { return lost }
	if _, err := op.Run(t.Context(), req); !errors.Is(err, lost) {
		t.Errorf("error = %v", err)
	}
}
