//go:build unix

package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// process is a `heitan run` in a process of its own.
type process struct {
	*testing.T
	cmd    *exec.Cmd
	lines  *bufio.Scanner // of standard output
	stderr bytes.Buffer
}

// start starts heitan in a folder. The test's own binary is heitan, as for scripts.
func start(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	p := &process{T: t, cmd: exec.CommandContext(ctx, "heitan", args...)}
	p.cmd.Dir = dir
	p.cmd.Env = append(os.Environ(), "HOME="+dir, "TZ=UTC")
	p.cmd.Stderr = &p.stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.lines = bufio.NewScanner(out)
	return p
}

// until reads standard output up to a line.
func (p *process) until(line string) {
	p.Helper()
	for p.lines.Scan() {
		if p.lines.Text() == line {
			return
		}
	}
	_ = p.cmd.Wait()
	p.Fatalf("the line %q did not come; stderr:\n%s", line, p.stderr.String())
}

// wait is the exit status, -1 after a signal that ended the process at once.
func (p *process) wait() int {
	p.Helper()
	for p.lines.Scan() {
	}
	var exit *exec.ExitError
	if err := p.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		p.Fatal(err)
	}
	return p.cmd.ProcessState.ExitCode()
}

// waitUrged is wait with a signal sent again and again, as by a user who has had
// enough.
func (p *process) waitUrged(s os.Signal) int {
	p.Helper()
	status := make(chan int)
	go func() { status <- p.wait() }()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		select {
		case code := <-status:
			return code
		case <-again.C:
			_ = p.cmd.Process.Signal(s) // it may have ended just now
		}
	}
}

func (p *process) signal(s os.Signal) {
	p.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.Fatal(err)
	}
}

// project makes a folder with one workflow.
func project(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "wf.dig"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// gate makes a named pipe. A task that reads it waits until the test opens it.
func gate(t *testing.T, path string) {
	t.Helper()
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
}

// content is the lines of a file that may be missing.
func content(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return strings.Fields(string(text))
}

// manyTasks is a workflow of tasks that say when they begin and end: serial ones,
// parallel ones, generated ones and ones that are tried again.
func manyTasks() string {
	const task = `sh>: 'echo "begin $task_name"; echo "$task_name" >> begun; sleep 0.01; echo "$task_name" >> ended; echo "end $task_name"'`
	var b strings.Builder
	for i := range 3 {
		fmt.Fprintf(&b, "+serial%d:\n  %s\n", i, task)
	}
	b.WriteString("+parallel:\n  _parallel: true\n")
	for i := range 3 {
		fmt.Fprintf(&b, "  +p%d:\n    %s\n", i, task)
	}
	fmt.Fprintf(&b, "+loop:\n  loop>: 3\n  _do:\n    %s\n", task)
	fmt.Fprintf(&b, "+retried:\n  _retry: 1\n  +first:\n    %s\n  +second:\n    sh>: 'test -e tried || { touch tried; exit 1; }'\n", task)
	return b.String()
}

// What heitan has said is done is never done again, whenever it is killed.
func TestAfterAKillAtAnyMomentTheNextRunDoesTheRest(t *testing.T) {
	t.Parallel()
	var moments []string
	for i := range 3 {
		moments = append(moments, fmt.Sprintf("begin +wf+serial%d", i), fmt.Sprintf("end +wf+serial%d", i))
		moments = append(moments, fmt.Sprintf("begin +wf+parallel+p%d", i), fmt.Sprintf("end +wf+parallel+p%d", i))
		moments = append(moments, fmt.Sprintf("begin +wf+loop^sub+loop-%d", i), fmt.Sprintf("end +wf+loop^sub+loop-%d", i))
	}
	moments = append(moments, "begin +wf+retried+first", "end +wf+retried+first")
	for _, moment := range moments {
		t.Run(moment, func(t *testing.T) {
			t.Parallel()
			dir := project(t, manyTasks())
			killed := start(t, dir, "run", "wf.dig", "-l", "error", "--json")
			reported := killed.untilOutput(moment)
			killed.signal(syscall.SIGKILL)
			killed.wait()

			next := start(t, dir, "run", "wf.dig", "-l", "error")
			if status := next.wait(); status != 0 {
				t.Fatalf("the next run ended with status %d:\n%s", status, next.stderr.String())
			}
			begun := content(t, filepath.Join(dir, "begun"))
			for _, name := range reported {
				if n := count(begun, name); n != 1 && name != "+wf+retried+first" {
					t.Errorf("%s was reported as done and ran %d times", name, n)
				}
			}
			ended := content(t, filepath.Join(dir, "ended"))
			for _, name := range []string{
				"+wf+serial0", "+wf+serial1", "+wf+serial2", "+wf+parallel+p0", "+wf+parallel+p1", "+wf+parallel+p2",
				"+wf+loop^sub+loop-0", "+wf+loop^sub+loop-1", "+wf+loop^sub+loop-2", "+wf+retried+first",
			} {
				if !slices.Contains(ended, name) {
					t.Errorf("%s did not end", name)
				}
			}
		})
	}
}

// untilOutput reads events up to a line of output, and returns the tasks that were
// reported to have succeeded before.
func (p *process) untilOutput(line string) (succeeded []string) {
	p.Helper()
	for p.lines.Scan() {
		event := p.lines.Text()
		if strings.Contains(event, `"state":"success"`) && strings.Contains(event, `"event":"task"`) {
			_, name, _ := strings.Cut(event, `"task":"`)
			name, _, _ = strings.Cut(name, `"`)
			succeeded = append(succeeded, name)
		}
		if strings.Contains(event, `"line":"`+line+`"`) {
			return slices.DeleteFunc(succeeded, func(name string) bool {
				return name == "+wf" || strings.HasSuffix(name, "+parallel") || strings.HasSuffix(name, "+loop") ||
					strings.HasSuffix(name, "^sub") || strings.Contains(name, "+retried")
			})
		}
	}
	p.Fatalf("the output %q did not come; stderr:\n%s", line, p.stderr.String())
	return nil
}

func count(all []string, one string) (n int) {
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}

func TestASignalStopsTheWholeTreeOfProcesses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		signal syscall.Signal
		status int
	}{{syscall.SIGTERM, 143}, {syscall.SIGINT, 130}, {syscall.SIGHUP, 129}} {
		t.Run(c.signal.String(), func(t *testing.T) {
			t.Parallel()
			dir := project(t, `
+before:
  sh>: echo before >> log
+waits:
  sh>: 'exec 9<alive; (read line < open; echo grandchild >> log) & echo ready; wait'
+after:
  sh>: echo after >> log
`)
			gate(t, filepath.Join(dir, "open"))
			gate(t, filepath.Join(dir, "alive"))
			p := start(t, dir, "run", "wf.dig", "-l", "error")
			// The task and its child hold the pipe open for reading; when both are
			// gone, writing to it fails.
			alive, err := os.OpenFile(filepath.Join(dir, "alive"), os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer alive.Close()
			p.until("ready")
			p.signal(c.signal)
			if status := p.wait(); status != c.status {
				t.Errorf("the status is %d, want %d", status, c.status)
			}
			if _, err := alive.WriteString("x"); !errors.Is(err, syscall.EPIPE) {
				t.Errorf("a process of the task is alive: writing to it gives %v", err)
			}
			if got := p.stderr.String(); !strings.Contains(got, "Go on with:  heitan run wf.dig\n") {
				t.Errorf("it is not said how to go on:\n%s", got)
			}

			opened := make(chan error, 1)
			go func() {
				f, err := os.OpenFile(filepath.Join(dir, "open"), os.O_RDWR, 0)
				if err == nil {
					_, err = io.WriteString(f, "go\n")
				}
				opened <- err
				<-t.Context().Done()
				_ = f.Close()
			}()
			if err := <-opened; err != nil {
				t.Fatal(err)
			}
			held, err := os.OpenFile(filepath.Join(dir, "alive"), os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer held.Close()
			next := start(t, dir, "run", "wf.dig", "-l", "error")
			if status := next.wait(); status != 0 {
				t.Fatalf("the next run ended with status %d:\n%s", status, next.stderr.String())
			}
			if got, want := content(t, filepath.Join(dir, "log")), []string{"before", "grandchild", "after"}; !slices.Equal(got, want) {
				t.Errorf("the tasks logged %v, want %v", got, want)
			}
		})
	}
}

func TestEventsEndAlsoAfterASignal(t *testing.T) {
	t.Parallel()
	dir := project(t, "+waits:\n  sh>: 'echo ready; read line < open'\n")
	gate(t, filepath.Join(dir, "open"))
	p := start(t, dir, "run", "wf.dig", "--json")
	p.untilOutput("ready")
	p.signal(syscall.SIGTERM)
	var last string
	for p.lines.Scan() {
		last = p.lines.Text()
	}
	if status := p.wait(); status != 143 {
		t.Errorf("the status is %d, want 143", status)
	}
	if !strings.Contains(last, `"event":"end","state":"interrupted","success":false`) {
		t.Errorf("the last event is %s", last)
	}
}

func TestASecondSignalEndsAtOnceAndTheNextRunStopsWhatIsLeft(t *testing.T) {
	t.Parallel()
	dir := project(t, `
+waits:
  stop_grace: 1s
  sh>: 'trap "echo stubborn" TERM; test -e again && exit 0; touch again; exec 9<alive; echo ready; while :; do read line < open; done'
`)
	gate(t, filepath.Join(dir, "open"))
	gate(t, filepath.Join(dir, "alive"))
	p := start(t, dir, "run", "wf.dig", "-l", "error")
	alive, err := os.OpenFile(filepath.Join(dir, "alive"), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer alive.Close()
	p.until("ready")
	p.signal(syscall.SIGTERM)
	p.until("stubborn")
	if status := p.waitUrged(syscall.SIGTERM); status != 143 {
		t.Errorf("the status is %d, want 143", status)
	}
	next := start(t, dir, "run", "wf.dig", "-l", "error")
	if status := next.wait(); status != 0 {
		t.Fatalf("the next run ended with status %d:\n%s", status, next.stderr.String())
	}
	if _, err := alive.WriteString("x"); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("the process of the first run is alive: writing to it gives %v", err)
	}
}

// As from `timeout`, and from a terminal that closes.
func TestSignalsThatComeTogetherAreOne(t *testing.T) {
	t.Parallel()
	dir := project(t, `
+waits:
  sh>: 'trap "read line < leave; echo stopped > how; exit" TERM; echo ready; while :; do read line < open; done'
`)
	gate(t, filepath.Join(dir, "open"))
	gate(t, filepath.Join(dir, "leave"))
	leave, err := os.OpenFile(filepath.Join(dir, "leave"), os.O_RDWR, 0) // does not wait for a reader
	if err != nil {
		t.Fatal(err)
	}
	defer leave.Close()
	p := start(t, dir, "run", "wf.dig", "-l", "error")
	p.until("ready")
	p.signal(syscall.SIGHUP)
	p.signal(syscall.SIGTERM)
	if _, err := leave.WriteString("now\n"); err != nil {
		t.Fatal(err)
	}
	if status := p.wait(); status != 129 && status != 143 { // which comes first is the kernel's choice
		t.Errorf("the status is %d, want 129 or 143", status)
	}
	if how := content(t, filepath.Join(dir, "how")); !slices.Equal(how, []string{"stopped"}) {
		t.Errorf("heitan did not wait for the task's end: %q", how)
	}
}

func TestTwoRunsOfASessionExcludeEachOther(t *testing.T) {
	t.Parallel()
	dir := project(t, "+waits:\n  sh>: 'echo ready; read line < open'\n")
	gate(t, filepath.Join(dir, "open"))
	first := start(t, dir, "run", "wf.dig", "-l", "error")
	first.until("ready")
	second := start(t, dir, "run", "wf.dig", "-l", "error")
	if status := second.wait(); status != 1 {
		t.Errorf("the second run's status is %d, want 1", status)
	}
	if got := second.stderr.String(); !strings.Contains(got, "error: this session is being run by another heitan") {
		t.Errorf("the second run says\n%s", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "open"), []byte("go\n"), 0); err != nil {
		t.Fatal(err)
	}
	if status := first.wait(); status != 0 {
		t.Errorf("the first run's status is %d:\n%s", status, first.stderr.String())
	}
}
