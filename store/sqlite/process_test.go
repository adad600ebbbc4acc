package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/store/sqlite"
)

// helperVariable makes the test binary a process that does what it names.
const helperVariable = "HEITAN_SQLITE_TEST_HELPER"

func TestMain(m *testing.M) {
	if name := os.Getenv(helperVariable); name != "" {
		if err := helpers()[name](os.Args[1:]); err != nil {
			fmt.Println("error:", heitan.KindOf(err), err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// helpers are what other processes do in the tests of this package.
func helpers() map[string]func(args []string) error {
	return map[string]func([]string) error{
		"hold":      helpHold,
		"commit":    helpCommit,
		"make":      helpMake,
		"read-only": helpReadOnly,
		"limited":   helpLimited,
	}
}

// process is another process that runs a helper.
type process struct {
	*exec.Cmd
	output *bufio.Reader
	input  io.WriteCloser // the helper ends when it is closed
}

func startProcess(t *testing.T, helper string, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.CommandContext(t.Context(), os.Args[0], args...)}
	p.Env = append(os.Environ(), helperVariable+"="+helper)
	p.Stderr = t.Output()
	out, err := p.StdoutPipe()
	must(t, err)
	p.input, err = p.StdinPipe()
	must(t, err)
	p.output = bufio.NewReader(out)
	must(t, p.Start())
	t.Cleanup(func() {
		if p.ProcessState == nil {
			_ = p.Process.Kill()
			_ = p.Wait()
		}
	})
	return p
}

// line is the next line that the helper writes.
func (p *process) line(t *testing.T) string {
	t.Helper()
	line, err := p.output.ReadString('\n')
	if err != nil {
		t.Fatalf("after %q: %v", line, err)
	}
	return strings.TrimSpace(line)
}

// kill ends the process as kill -9 does.
func (p *process) kill(t *testing.T) {
	t.Helper()
	must(t, p.Process.Signal(syscall.SIGKILL))
	_ = p.Wait()
}

// finish lets the helper end, and checks that it did so without an error.
func (p *process) finish(t *testing.T) {
	t.Helper()
	p.input.Close()
	rest, err := io.ReadAll(p.output)
	if err := errors.Join(err, p.Wait()); err != nil {
		t.Errorf("the helper has failed: %v: %s", err, rest)
	}
}

// helpHold owns an attempt until it is told to end.
func helpHold(args []string) error {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, sqlite.Options{Path: args[0]})
	if err != nil {
		return err
	}
	a, _, err := submit(ctx, s, store.Owner(args[1]), args[1], 3)
	fmt.Println(a.ID)
	_, _ = io.Copy(io.Discard, os.Stdin)
	return errors.Join(err, s.Close())
}

// helpCommit commits until it is told to end, or as often as it is told, and
// writes a line before and after each commit.
func helpCommit(args []string) error {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, sqlite.Options{Path: args[0]})
	if err != nil {
		return err
	}
	a, fence, err := submit(ctx, s, store.Owner(args[1]), args[1], 50)
	if err != nil {
		return err
	}
	fmt.Println(a.ID)
	for n := 1; n <= 100_000; n++ {
		fmt.Println("begin", n)
		if _, err := s.Commit(ctx, commitOf(a.ID, fence, 50, n)); err != nil {
			return err
		}
		fmt.Println("done", n)
		if len(args) > 2 && fmt.Sprint(n) == args[2] {
			break
		}
	}
	return s.Close()
}

// helpMake makes or opens a file and submits to it.
func helpMake(args []string) error {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, sqlite.Options{Path: args[0]})
	if err != nil {
		return err
	}
	_, _, err = submit(ctx, s, store.Owner(args[1]), "daily", 1)
	if _, ok := errors.AsType[*store.Exists](err); ok {
		fmt.Println("lost")
	} else if err == nil {
		fmt.Println("won")
	} else {
		return err
	}
	return s.Close()
}

func TestAnAttemptIsFreeAtOnceWhenItsProcessWasKilled(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "heitan.db")
	p := startProcess(t, "hold", path, "carol")
	var id heitan.AttemptID
	_, err := fmt.Sscan(p.line(t), &id)
	must(t, err)
	s := open(t, sqlite.Options{Path: path})
	_, err = s.Acquire(t.Context(), id, "bob", start, until)
	if held, ok := errors.AsType[*store.Held](err); !ok || held.Owner != "carol" {
		t.Fatalf("while the process runs, the error is %v", err)
	}
	p.kill(t)
	fence, err := s.Acquire(t.Context(), id, "bob", start, until)
	if err != nil || fence != 2 {
		t.Errorf("after it was killed, the fence is %d, %v", fence, err)
	}
	// The next process that starts removes the lock that was left behind.
	open(t, sqlite.Options{Path: path, Owner: "dave"})
	left, err := filepath.Glob(path + "-owners/*")
	must(t, err)
	for i := range left {
		left[i] = filepath.Base(left[i])
	}
	if diff := cmp.Diff([]string{"bob.lock", "dave.lock"}, left); diff != "" {
		t.Errorf("locks (-want +got):\n%s", diff)
	}
}

func TestAnAttemptIsFreeAtOnceWhenItsStoreWasClosed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "heitan.db")
	p := startProcess(t, "hold", path, "carol")
	var id heitan.AttemptID
	_, err := fmt.Sscan(p.line(t), &id)
	must(t, err)
	p.finish(t)
	s := open(t, sqlite.Options{Path: path, Owner: "bob"})
	_, err = s.Acquire(t.Context(), id, "bob", start, until)
	must(t, err)
}

func TestAProcessThatIsKilledWhileItCommitsLeavesWholeCommits(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "heitan.db")
	open(t, sqlite.Options{Path: path}) // stays open: what is left is also read with others there
	for round := range 10 {
		if round == 5 {
			path = filepath.Join(t.TempDir(), "alone.db")
		}
		p := startProcess(t, "commit", path, fmt.Sprint("owner", round))
		var id heitan.AttemptID
		_, err := fmt.Sscan(p.line(t), &id)
		must(t, err)
		begun, done := p.commitsUntilKilled(t, 2*round+rand.IntN(30), time.Duration(rand.IntN(2000))*time.Microsecond)

		s := openUnclosed(t, path)
		if n := commits(t, s, id); n < done || n > begun {
			t.Errorf("commit %d is stored, but %d was the last that was done, and %d begun", n, done, begun)
		}
		checkIntegrity(t, path)
		_, err = s.Acquire(t.Context(), id, "bob", start, until)
		must(t, err)
		closeNow(t, s)
	}
}

// commitsUntilKilled reads a number of lines of helpCommit, kills it a little
// later, and returns the last commits that it has begun and done.
func (p *process) commitsUntilKilled(t *testing.T, lines int, later time.Duration) (begun, done int) {
	t.Helper()
	for n := 0; ; n++ {
		if n == lines {
			time.AfterFunc(later, func() { _ = p.Process.Signal(syscall.SIGKILL) })
		}
		line, err := p.output.ReadString('\n')
		if err != nil {
			break
		}
		if _, err := fmt.Sscanf(line, "begin %d", &begun); err != nil {
			_, err = fmt.Sscanf(line, "done %d", &done)
			must(t, err)
		}
	}
	_ = p.Wait()
	return begun, done
}

func checkIntegrity(t testing.TB, path string) {
	t.Helper()
	var result string
	must(t, raw(t, path).QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&result))
	if result != "ok" {
		t.Errorf("integrity: %s", result)
	}
	var orphans int
	must(t, raw(t, path).QueryRowContext(t.Context(), "SELECT COUNT(*) FROM pragma_foreign_key_check").Scan(&orphans))
	if orphans != 0 {
		t.Errorf("%d rows refer to nothing", orphans)
	}
}

func TestSeveralProcessesShareAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "heitan.db")
	processes := make([]*process, 4)
	for i := range processes {
		processes[i] = startProcess(t, "commit", path, fmt.Sprint("owner", i), "40")
	}
	s := open(t, sqlite.Options{Path: path})
	for _, p := range processes {
		var id heitan.AttemptID
		_, err := fmt.Sscan(p.line(t), &id)
		must(t, err)
		p.finish(t)
		if n := commits(t, s, id); n != 40 {
			t.Errorf("attempt %d has %d commits", id, n)
		}
	}
	checkIntegrity(t, path)
}

func TestOfSeveralProcessesThatMakeAFileAndSubmitOneWins(t *testing.T) {
	t.Parallel()
	for range 3 {
		path := filepath.Join(t.TempDir(), "heitan.db")
		processes := make([]*process, 6)
		for i := range processes {
			processes[i] = startProcess(t, "make", path, fmt.Sprint("owner", i))
		}
		won := 0
		for _, p := range processes {
			if p.line(t) == "won" {
				won++
			}
			p.finish(t)
		}
		if won != 1 {
			t.Errorf("%d processes made the attempt", won)
		}
	}
}
