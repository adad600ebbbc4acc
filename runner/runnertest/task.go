package runnertest

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/heitan/heitan/runner"
)

// patience is how long the suite waits for anything before it gives up.
const patience = 2 * time.Minute

// task is one command under test: its spec, and what came of it.
type task struct {
	t      testing.TB
	h      Harness
	ctx    context.Context
	runner runner.Runner
	spec   runner.Spec
}

// program is a task that runs p.
func (h Harness) program(t testing.TB, p ...Step) *task {
	t.Helper()
	if h.Interpret == nil {
		return h.shell(t, Program(p).Shell())
	}
	task := h.task(t)
	command, env := h.Interpret(p)
	task.spec.Command = command
	task.spec.Env = append(task.spec.Env, env...)
	return task
}

// shell is a task that runs a script.
func (h Harness) shell(t testing.TB, script string) *task {
	t.Helper()
	task := h.task(t)
	task.spec.Command = []string{"/bin/sh", "-c", script}
	return task
}

func (h Harness) task(t testing.TB) *task {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	dir := workspace(t)
	task := &task{t: t, h: h, ctx: ctx, runner: h.New(t)}
	task.spec = runner.Spec{
		Token:     "test-" + uuid.NewString(),
		Workspace: dir,
		Dir:       dir,
		Env:       []string{"PATH=" + searchPath},
	}
	if h.Prepare != nil {
		h.Prepare(t, &task.spec)
	}
	t.Cleanup(task.remove)
	return task
}

const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// remove ends whatever the test has left behind.
func (k *task) remove() {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(k.t.Context()), patience)
	defer cancel()
	if left := k.h.Remains(k.t, k.spec); left == (Remains{}) {
		return
	}
	run, err := k.runner.Start(ctx, k.spec, &Output{})
	if err != nil {
		return // it could not be started in the first place
	}
	if err := run.Stop(ctx, 0); err != nil {
		k.t.Errorf("stop what is left: %v", err)
	}
	if err := run.Release(ctx); err != nil {
		k.t.Errorf("release what is left: %v", err)
	}
}

// start starts the task and must succeed.
func (k *task) start() (runner.Run, *Output) {
	k.t.Helper()
	output := &Output{}
	run, err := k.runner.Start(k.ctx, k.spec, output)
	if err != nil {
		k.t.Fatalf("Start: %v", err)
	}
	return run, output
}

// wait waits for the end of a run and must succeed.
func (k *task) wait(run runner.Run) runner.Outcome {
	k.t.Helper()
	outcome, err := run.Wait(k.ctx)
	if err != nil {
		k.t.Fatalf("Wait: %v", err)
	}
	return outcome
}

// background waits for the end of a run while the test goes on.
func (k *task) background(run runner.Run) <-chan runner.Outcome {
	ended := make(chan runner.Outcome, 1)
	go func() {
		defer close(ended)
		outcome, err := run.Wait(k.ctx)
		if err != nil {
			k.t.Errorf("Wait: %v", err)
			return
		}
		ended <- outcome
	}()
	return ended
}

// ran starts the task, waits for its end, releases it and returns what it was.
func (k *task) ran() (runner.Outcome, string) {
	k.t.Helper()
	run, output := k.start()
	outcome := k.wait(run)
	k.release(run)
	return outcome, output.String()
}

func (k *task) stop(run runner.Run, grace time.Duration) {
	k.t.Helper()
	if err := run.Stop(k.ctx, grace); err != nil {
		k.t.Fatalf("Stop: %v", err)
	}
}

func (k *task) release(run runner.Run) {
	k.t.Helper()
	if err := run.Release(k.ctx); err != nil {
		k.t.Fatalf("Release: %v", err)
	}
}

// running fails the test unless so many processes or containers run.
func (k *task) running(want int) {
	k.t.Helper()
	if got := k.h.Remains(k.t, k.spec).Running; got != want {
		k.t.Errorf("%d are running, want %d", got, want)
	}
}

// restarted is a new runner and the run's handle as a checkpoint keeps it.
func (k *task) restarted(run runner.Run) (runner.Runner, runner.Handle) {
	k.t.Helper()
	text, err := json.Marshal(run.Handle())
	if err != nil {
		k.t.Fatal(err)
	}
	var handle runner.Handle
	if err := json.Unmarshal(text, &handle); err != nil {
		k.t.Fatal(err)
	}
	return k.h.New(k.t), handle
}

// file writes a file into the workspace and returns its path.
func (k *task) file(name, content string, mode os.FileMode) string {
	k.t.Helper()
	path := filepath.Join(k.spec.Workspace, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		k.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		k.t.Fatal(err)
	}
	return path
}

// lines counts the lines of a file in the workspace.
func (k *task) lines(name string) int {
	k.t.Helper()
	text, err := os.ReadFile(filepath.Join(k.spec.Workspace, name))
	if err != nil {
		k.t.Fatal(err)
	}
	return strings.Count(string(text), "\n")
}

func resolved(t testing.TB, path string) string {
	t.Helper()
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}
