// Package runnertest is the suite that every runner passes. A runner's own test
// fills in a [Harness] and calls [Run]:
//
//	runnertest.Run(t, runnertest.Harness{New: ..., Remains: ...})
//
// Commands are written as a [Program], which any runner can be taught to
// interpret, or as text for /bin/sh with nothing but busybox beside it. The suite
// uses the real clock and the real runner; what it waits for are signs of
// progress, never a time that ought to be enough.
package runnertest

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/heitan/heitan/runner"
)

// Harness is what the suite has to know of a runner.
type Harness struct {
	// New makes a runner as heitan does when it starts. Each call stands for a
	// restart: the runner knows nothing that an earlier one had in memory.
	New func(t testing.TB) runner.Runner

	// Prepare adds to a spec what the runner needs, such as an image. May be nil.
	Prepare func(t testing.TB, spec *runner.Spec)

	// Interpret says a program in the words of a runner that runs no shell. When
	// it is set, the behaviours that need a shell are left out.
	Interpret func(program Program) (command, env []string)

	// Remains counts what is left of the command that was started by spec. It is
	// also called when the test is over and its context has ended.
	Remains func(t testing.TB, spec runner.Spec) Remains

	// Survives says that commands outlive heitan and are adopted afterwards. A
	// runner without it answers runner.ErrLost and leaves nothing running.
	Survives bool

	// StreamGap is how far apart lines on different streams must be for their
	// order to be kept. Zero is that it is always kept, not only of whole lines.
	StreamGap time.Duration

	// BackPressure says that a command waits when its output is not taken.
	BackPressure bool

	// Limits says that memory limits hold and OOMKilled is reported.
	Limits bool

	// CPUTime and PeakMemory say that the runner measures them.
	CPUTime, PeakMemory bool

	// Repeat is how often something is started where only repetition finds a
	// race; 0 is once.
	Repeat int
}

// Remains is what is left of a command.
type Remains struct {
	Running int // sessions of living processes, or running containers
	Kept    int // what lies around so that the command can be found again
}

// Run runs the suite. Every behaviour is a subtest. It looks for goroutines that are
// left in the end, so no other test may run at the same time: the test that calls
// it must not be parallel.
func Run(t *testing.T, h Harness) {
	before := goleak.IgnoreCurrent()
	t.Run("behaviour", func(t *testing.T) {
		t.Run("exit", h.testExit)
		t.Run("output", h.testOutput)
		t.Run("surroundings", h.testSurroundings)
		t.Run("refusal", h.testRefusal)
		t.Run("idempotency", h.testIdempotency)
		t.Run("restart", h.testRestart)
		t.Run("wait", h.testWait)
		t.Run("stop", h.testStop)
		t.Run("release", h.testRelease)
		t.Run("limits", h.testLimits)
		t.Run("crowd", h.testCrowd)
	})
	if err := goleak.Find(before); err != nil {
		t.Errorf("goroutines are left: %v", err)
	}
}

// inShell runs a behaviour that is shown with a shell, if the runner runs one and
// promises the behaviour.
func (h Harness) inShell(t *testing.T, promised bool, name string, behaviour func(t *testing.T)) {
	if h.Interpret == nil && promised {
		t.Run(name, behaviour)
	}
}

// workspace is a new folder. Its path has no symbolic links, so that it can be
// compared with what pwd prints.
func workspace(t testing.TB) string {
	t.Helper()
	return resolved(t, t.TempDir())
}
