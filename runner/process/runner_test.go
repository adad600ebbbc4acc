package process_test

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/process"
	"github.com/heitan/heitan/runner/process/cgroup"
	"github.com/heitan/heitan/runner/runnertest"
)

// logged collects what a runner logs.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func noTree() (*cgroup.Tree, error) {
	return nil, &cgroup.UnavailableError{Reason: "there are none here", Hint: "try elsewhere"}
}

func shell(t *testing.T, script string) runner.Spec {
	t.Helper()
	dir := t.TempDir()
	return runner.Spec{
		Token:     strings.NewReplacer("/", "-", " ", "-").Replace(filepath.Base(filepath.Dir(dir)) + filepath.Base(dir)),
		Command:   []string{"/bin/sh", "-c", script},
		Workspace: dir, Dir: dir, InheritEnv: true,
	}
}

func start(t *testing.T, r *process.Runner, spec runner.Spec) (runner.Run, *runnertest.Output, <-chan runner.Outcome) {
	t.Helper()
	output := &runnertest.Output{}
	run, err := r.Start(t.Context(), spec, output)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := run.Stop(t.Context(), 0); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	ended := make(chan runner.Outcome, 1)
	go func() {
		defer close(ended)
		outcome, err := run.Wait(t.Context())
		if err != nil {
			t.Errorf("Wait: %v", err)
			return
		}
		ended <- outcome
	}()
	return run, output, ended
}

func TestAnOutputHeldByABackgroundProcessIsToldAndAwaited(t *testing.T) {
	t.Parallel()
	log := &logged{}
	r := process.NewWithin(process.Options{
		Environ: os.Environ(), Log: slog.New(slog.NewTextHandler(log, nil)),
	}, noTree, time.Millisecond)
	// The background process goes on until the warning is there.
	spec := shell(t, `(while [ ! -e told ]; do sleep 0.01; done; echo late) & echo early; exit 3`)
	_, output, ended := start(t, r, spec)
	output.Await(t.Context(), t, "early\n")
	for !strings.Contains(log.String(), "still holds its output open") {
		if err := t.Context().Err(); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(spec.Dir, "told"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if outcome := <-ended; outcome.ExitCode != 3 || output.String() != "early\nlate\n" {
		t.Errorf("got %+v, %q", outcome, output)
	}
	if n := strings.Count(log.String(), "still holds"); n != 1 {
		t.Errorf("it was told %d times", n)
	}
}

func TestStopEndsWhatOutlivedTheCommandAndHoldsItsOutput(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"with the token":          `sleep 1000 & echo $!; exit 0`,
		"in a session of its own": `setsid sh -c 'echo $$; exec sleep 1001' & exit 0`,
		"without an environment":  `env -i sh -c 'echo $$; exec sleep 1002' & exit 0`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := process.NewWithin(process.Options{Environ: os.Environ()}, noTree, time.Hour)
			run, output, ended := start(t, r, shell(t, script))
			output.Await(t.Context(), t, "\n")
			if err := run.Stop(t.Context(), time.Minute); err != nil {
				t.Fatal(err)
			}
			// The shell may be caught between its output and its end.
			if outcome := <-ended; outcome.ExitCode != 0 && outcome.Signal != "SIGTERM" {
				t.Errorf("got %+v", outcome)
			}
			pid := strings.TrimSpace(output.String())
			if dir := "/proc/" + pid; !isZombie(dir) {
				t.Errorf("process %s still runs", pid)
			}
		})
	}
}

func TestSIGTERMComesOnceHoweverOftenACommandIsStopped(t *testing.T) {
	t.Parallel()
	r := process.NewWithin(process.Options{Environ: os.Environ()}, noTree, time.Hour)
	run, output, ended := start(t, r, shell(t, `
		trap 'echo term; while [ ! -e enough ]; do sleep 0.01; done; exit 0' TERM
		echo ready; while :; do sleep 0.01; done`))
	output.Await(t.Context(), t, "ready\n")
	stopped := make(chan error)
	stop := func() { stopped <- run.Stop(t.Context(), time.Minute) }
	go stop()
	output.Await(t.Context(), t, "term\n")
	go stop()
	go stop()
	if err := run.Stop(t.Context(), time.Second); err != nil {
		t.Error(err)
	}
	for range 3 {
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	}
	if outcome := <-ended; outcome.Signal != "SIGKILL" {
		t.Errorf("got %+v", outcome)
	}
	if n := strings.Count(output.String(), "term\n"); n != 1 {
		t.Errorf("got %q", output)
	}
}

func TestAStoppedShellDoesNotGoOnWithItsScript(t *testing.T) {
	t.Parallel()
	for range 50 {
		r := process.NewWithin(process.Options{Environ: os.Environ()}, noTree, time.Hour)
		run, output, ended := start(t, r, shell(t, `echo ready; sleep 1000; echo next`))
		output.Await(t.Context(), t, "ready\n")
		if err := run.Stop(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
		if outcome := <-ended; outcome.Signal != "SIGTERM" || output.String() != "ready\n" {
			t.Fatalf("got %+v, %q", outcome, output)
		}
	}
}

func TestLimitsWithoutEffectAreToldOnce(t *testing.T) {
	t.Parallel()
	log := &logged{}
	r := process.NewWithin(process.Options{
		Environ: os.Environ(), Log: slog.New(slog.NewTextHandler(log, nil)),
	}, noTree, time.Hour)
	for i, cpu := range []float64{0, 0.5, 0.5} {
		spec := shell(t, "exit 0")
		spec.Token += strings.Repeat("x", i)
		spec.CPU = cpu
		_, _, ended := start(t, r, spec)
		<-ended
		if told := strings.Contains(log.String(), "have no effect"); told != (i > 0) {
			t.Errorf("after %d commands the log is %q", i+1, log)
		}
	}
	if strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), "try elsewhere") {
		t.Errorf("got the log %q", log)
	}
}

func TestStopAllEndsEveryCommand(t *testing.T) {
	t.Parallel()
	r := process.New(process.Options{Environ: os.Environ()})
	var all []<-chan runner.Outcome
	for i := range 5 {
		spec := shell(t, "echo ready; sleep 1000")
		spec.Token += strings.Repeat("x", i)
		_, output, ended := start(t, r, spec)
		output.Await(t.Context(), t, "ready\n")
		all = append(all, ended)
	}
	if err := r.StopAll(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	for _, ended := range all {
		if outcome := <-ended; outcome.Signal != "SIGTERM" {
			t.Errorf("got %+v", outcome)
		}
	}
}

func TestACommandOfAnotherMachineIsNotLost(t *testing.T) {
	t.Parallel()
	handle := runner.Handle{Runner: process.Name, Version: 1, State: `{"token":"t","machine":"far away","pid":1}`}
	_, err := process.New(process.Options{}).Attach(t.Context(), handle, &runnertest.Output{})
	if err == nil || errors.Is(err, runner.ErrLost) || !strings.Contains(err.Error(), "far away") {
		t.Errorf("got %v", err)
	}
}
