package docker_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/moby/moby/api/types/container"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/docker"
	"github.com/heitan/heitan/runner/runnertest"
)

const fakeName = "heitan-token"

// begun starts the fake's container and waits for it in the background.
func begun(t *testing.T, e *fakeEngine) (runner.Run, *runnertest.Output, <-chan error, *runner.Outcome) {
	t.Helper()
	output := &runnertest.Output{}
	run, err := e.runner(t).Start(t.Context(), e.spec(t), output)
	if err != nil {
		t.Fatal(err)
	}
	ended, outcome := make(chan error, 1), &runner.Outcome{}
	go func() {
		got, err := run.Wait(t.Context())
		*outcome = got
		ended <- err
	}()
	return run, output, ended, outcome
}

// isLogs tells the requests for a followed log.
func isLogs(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/logs") }

func TestABrokenLogGoesOnWithoutLossOrRepetition(t *testing.T) {
	t.Parallel()
	e := newFakeEngine(t)
	var frames, text strings.Builder
	for i := range 300 {
		line := fmt.Sprintf("line %d\n", i/3) // several alike
		frames.WriteString(frame(byte(1+i%2), line))
		text.WriteString(line)
	}
	// Each connection breaks a little later, most of them within a frame.
	var tries atomic.Int64
	e.onCall(func(w http.ResponseWriter, r *http.Request) bool {
		if !isLogs(r) || r.URL.Query().Get("follow") != "1" {
			return false
		}
		_, _ = io.WriteString(w, frames.String()[:min(int(tries.Add(1))*777, frames.Len())])
		w.(http.Flusher).Flush()
		return drop()
	})
	_, output, ended, _ := begun(t, e)
	e.print(fakeName, frames.String())
	output.Await(t.Context(), t, text.String())
	e.exit(fakeName, 0)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if output.String() != text.String() {
		t.Errorf("got %d bytes, want %d", len(output.String()), text.Len())
	}
}

func TestALogThatEndsBeforeItsContainerGoesOn(t *testing.T) {
	t.Parallel()
	e := newFakeEngine(t)
	var tries atomic.Int64
	e.onCall(func(w http.ResponseWriter, r *http.Request) bool {
		if isLogs(r) && tries.Add(1) == 1 {
			_, _ = io.WriteString(w, frame(1, "one\n")) // a clean end, as of an engine that is stopped
			return true
		}
		return false
	})
	_, output, ended, _ := begun(t, e)
	e.print(fakeName, frame(1, "one\n"), frame(2, "two\n"))
	output.Await(t.Context(), t, "two\n")
	e.exit(fakeName, 0)
	if err := <-ended; err != nil || output.String() != "one\ntwo\n" {
		t.Errorf("got %q, %v", output, err)
	}
}

func TestTheEndOfALogThatFollowingLosesIsReadAfterwards(t *testing.T) {
	t.Parallel()
	e := newFakeEngine(t)
	e.onCall(func(w http.ResponseWriter, r *http.Request) bool {
		if isLogs(r) && r.URL.Query().Get("follow") == "1" {
			_, _ = io.WriteString(w, frame(1, "one\n"))
			return true
		}
		return false
	})
	_, output, ended, outcome := begun(t, e)
	e.print(fakeName, frame(1, "one\n"), frame(1, "two"))
	e.exit(fakeName, 3)
	if err := <-ended; err != nil || output.String() != "one\ntwo" || outcome.ExitCode != 3 {
		t.Errorf("got %q, %+v, %v", output, outcome, err)
	}
}

func TestALogThatDoesNotEndIsLeft(t *testing.T) {
	t.Parallel()
	e := newFakeEngine(t)
	e.onCall(func(w http.ResponseWriter, r *http.Request) bool {
		if isLogs(r) && r.URL.Query().Get("follow") == "1" {
			_, _ = io.WriteString(w, frame(1, "one\n"))
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			return true
		}
		return false
	})
	_, output, ended, _ := begun(t, e)
	e.print(fakeName, frame(1, "one\n"))
	e.exit(fakeName, 0)
	if err := <-ended; err != nil || output.String() != "one\n" {
		t.Errorf("got %q, %v", output, err)
	}
}

func TestAnEngineThatIsStartedAgainIsWaitedFor(t *testing.T) {
	t.Parallel()
	e := newFakeEngine(t)
	e.patience = time.Minute
	run, output, ended, outcome := begun(t, e)
	e.print(fakeName, frame(1, "before\n"))
	output.Await(t.Context(), t, "before\n")
	e.stop()
	stopped := make(chan error)
	go func() { stopped <- run.Stop(t.Context(), time.Minute) }()
	e.print(fakeName, frame(1, "meanwhile\n"))
	e.start()
	if err := <-stopped; err != nil {
		t.Errorf("Stop: %v", err)
	}
	if err := <-ended; err != nil || output.String() != "before\nmeanwhile\n" || outcome.Signal != "SIGTERM" {
		t.Errorf("got %q, %+v, %v", output, outcome, err)
	}
}

func TestAnEngineThatStaysAwayIsAnErrorAndNoLoss(t *testing.T) {
	t.Parallel()
	e := newFakeEngine(t)
	run, _, ended, _ := begun(t, e)
	e.stop()
	err := <-ended
	if err == nil || errors.Is(err, runner.ErrLost) || !strings.Contains(err.Error(), "tried again for") {
		t.Errorf("Wait: got %v", err)
	}
	if err := run.Release(t.Context()); err == nil || !strings.Contains(err.Error(), "docker") {
		t.Errorf("Release: got %v", err)
	}
	e.start()
	e.exit(fakeName, 0)
	if outcome, err := run.Wait(t.Context()); err != nil || outcome.ExitCode != 0 {
		t.Errorf("a later Wait: got %+v, %v", outcome, err)
	}
}

func TestAnEngineThatNeverAnsweredIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	e := newFakeEngine(t)
	e.stop()
	r := docker.New(docker.Options{Host: "unix://" + e.socket, Patience: time.Hour})
	_, err := r.Start(t.Context(), e.spec(t), &runnertest.Output{})
	if err == nil || !strings.Contains(err.Error(), "is the Docker engine running?") || !strings.Contains(err.Error(), e.socket) {
		t.Errorf("got %v", err)
	}
	if _, isSpec := errors.AsType[*runner.SpecError](err); isSpec {
		t.Errorf("%v blames the spec", err)
	}
	e.start()
}

func TestAContainerThatSomebodyRemovesIsLost(t *testing.T) {
	t.Parallel()
	e := newFakeEngine(t)
	run, output, ended, _ := begun(t, e)
	e.print(fakeName, frame(1, "one\n"))
	output.Await(t.Context(), t, "one\n")
	e.change(func() { e.remove(e.containers[fakeName]) })
	if err := <-ended; !errors.Is(err, runner.ErrLost) {
		t.Errorf("Wait: got %v", err)
	}
	if err := errors.Join(run.Stop(t.Context(), time.Second), run.Stop(t.Context(), 0), run.Release(t.Context())); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestALogThatIsRemovedBeforeItWasReadIsALoss(t *testing.T) {
	t.Parallel()
	e := newFakeEngine(t)
	e.onCall(func(w http.ResponseWriter, r *http.Request) bool {
		if isLogs(r) {
			problem(w, http.StatusConflict, "can not get logs from container which is dead or marked for removal")
		}
		return isLogs(r)
	})
	_, _, ended, _ := begun(t, e)
	e.exit(fakeName, 0)
	if err := <-ended; !errors.Is(err, runner.ErrLost) {
		t.Errorf("got %v", err)
	}
}

func TestLostAnswersDoNotStartTwice(t *testing.T) {
	t.Parallel()
	e := newFakeEngine(t)
	handler := e.handler()
	var dropped [2]atomic.Bool
	e.onCall(func(w http.ResponseWriter, r *http.Request) bool {
		for i, suffix := range []string{"/create", "/start"} {
			if strings.HasSuffix(r.URL.Path, suffix) && !dropped[i].Swap(true) {
				handler.ServeHTTP(discard{}, r) // it is done, but nobody learns it
				return drop()
			}
		}
		return false
	})
	_, _, ended, _ := begun(t, e)
	e.mu.Lock()
	starts := e.containers[fakeName].starts
	e.mu.Unlock()
	if starts != 1 || !dropped[0].Load() || !dropped[1].Load() {
		t.Errorf("started %d times", starts)
	}
	e.exit(fakeName, 0)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}

func TestFailuresOfTheEngineAreTriedAgainWithinBounds(t *testing.T) {
	t.Parallel()
	for _, faults := range []int64{2, 1000} {
		t.Run(fmt.Sprint(faults), func(t *testing.T) {
			t.Parallel()
			e := newFakeEngine(t)
			var calls atomic.Int64
			e.onCall(func(w http.ResponseWriter, r *http.Request) bool {
				if strings.HasSuffix(r.URL.Path, "/wait") && calls.Add(1) <= faults {
					problem(w, http.StatusInternalServerError, "something is wrong")
					return true
				}
				return false
			})
			_, _, ended, _ := begun(t, e)
			e.exit(fakeName, 0)
			err := <-ended
			if faults == 2 && err != nil {
				t.Error(err)
			}
			if faults == 1000 && (err == nil || errors.Is(err, runner.ErrLost) || !strings.Contains(err.Error(), "something is wrong")) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestFailedStartsLeaveNoContainer(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		message, mention string
		never            bool
	}{
		"port":     {"driver failed programming external connectivity: Bind for 0.0.0.0:80 failed: port is already allocated", "publish another", false},
		"program":  {`OCI runtime create failed: runc create failed: exec: "x": executable file not found in $PATH: unknown`, "not in the image", true},
		"rights":   {`OCI runtime create failed: exec: "/x": permission denied: unknown`, "not executable", true},
		"platform": {"exec /x: exec format error", "another processor", true},
		"init":     {`exec: "docker-init": executable file not found in $PATH`, "--init=false", true},
		"gpu":      {`could not select device driver "" with capabilities: [[gpu]]`, "Toolkit", true},
		"user":     {"unable to find user nobody: no matching entries in passwd file", "no such user", true},
		"else":     {"no space left on device", "no space", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newFakeEngine(t)
			e.onCall(func(w http.ResponseWriter, r *http.Request) bool {
				if strings.HasSuffix(r.URL.Path, "/start") {
					problem(w, http.StatusInternalServerError, c.message)
					return true
				}
				return false
			})
			_, err := e.runner(t).Start(t.Context(), e.spec(t), &runnertest.Output{})
			wrong, never := errors.AsType[*runner.SpecError](err)
			text := fmt.Sprint(err)
			if never {
				text += wrong.Hint
			}
			if err == nil || never != c.never || !strings.Contains(text, c.mention) {
				t.Errorf("got %v", err)
			}
			if e.called("POST /containers/id-heitan-token/start") != 1 {
				t.Error("the start was tried again")
			}
			e.mu.Lock()
			defer e.mu.Unlock()
			if len(e.containers) != 0 {
				t.Error("the container is left")
			}
		})
	}
}

func TestAHangingEngineDoesNotHoldACancelledCall(t *testing.T) {
	t.Parallel()
	e := newFakeEngine(t)
	hanging := make(chan struct{}, 10)
	e.onCall(func(_ http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/create") {
			return false
		}
		// The engine learns that a client is gone when it has read all it sent.
		_, _ = io.Copy(io.Discard, r.Body)
		hanging <- struct{}{}
		<-r.Context().Done()
		return true
	})
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("killed")
	failed := make(chan error)
	r, spec := e.runner(t), e.spec(t)
	go func() {
		_, err := r.Start(ctx, spec, &runnertest.Output{})
		failed <- err
	}()
	<-hanging
	cancel(why)
	if err := <-failed; !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
	e.onCall(nil)
	if _, err := r.Start(t.Context(), spec, &runnertest.Output{}); err != nil {
		t.Errorf("a later start: %v", err)
	}
}

func TestAForeignContainerWithTheNameIsNotTaken(t *testing.T) {
	t.Parallel()
	e := newFakeEngine(t)
	c := &fakeContainer{id: "foreign", config: &container.Config{}, host: &container.HostConfig{}}
	c.state.Status = container.StateRunning
	e.change(func() { e.containers[fakeName] = c })
	if _, err := e.runner(t).Start(t.Context(), e.spec(t), &runnertest.Output{}); err == nil || !strings.Contains(err.Error(), "not heitan's") {
		t.Errorf("got %v", err)
	}
}

func TestAContainerOfAnotherEngineIsNotLost(t *testing.T) {
	t.Parallel()
	e := newFakeEngine(t)
	handle := runner.Handle{Runner: docker.Name, Version: 1, State: `{"engine":"other","container":"id","token":"t"}`}
	_, err := e.runner(t).Attach(t.Context(), handle, &runnertest.Output{})
	if err == nil || errors.Is(err, runner.ErrLost) || !strings.Contains(err.Error(), "another Docker engine") {
		t.Errorf("got %v", err)
	}
}

func TestAnswersThatMakeNoSenseAreErrors(t *testing.T) {
	t.Parallel()
	e := newFakeEngine(t)
	e.onCall(func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/"+fakeName+"/json") {
			answer(w, 200, map[string]any{"Id": "x"})
			return true
		}
		return false
	})
	if _, err := e.runner(t).Start(t.Context(), e.spec(t), &runnertest.Output{}); err == nil || !strings.Contains(err.Error(), "incomplete") {
		t.Errorf("got %v", err)
	}
}

func TestAContainerThatWasOnlyCreatedIsStarted(t *testing.T) {
	t.Parallel()
	e := newFakeEngine(t)
	var refused atomic.Bool
	ctx, cancel := context.WithCancel(t.Context())
	e.onCall(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/start") && !refused.Swap(true) {
			cancel() // heitan is killed between create and start
			<-r.Context().Done()
			return true
		}
		return false
	})
	spec := e.spec(t)
	if _, err := e.runner(t).Start(ctx, spec, &runnertest.Output{}); err == nil {
		t.Fatal("started")
	}
	spec.Recovering = true
	if _, err := e.runner(t).Start(t.Context(), spec, &runnertest.Output{}); err != nil {
		t.Fatal(err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if c := e.containers[fakeName]; c.starts != 1 || !c.state.Running {
		t.Errorf("got %+v", c)
	}
}
