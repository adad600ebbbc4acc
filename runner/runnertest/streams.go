package runnertest

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func (h Harness) testOutput(t *testing.T) {
	t.Run("both streams are merged in order", func(t *testing.T) {
		t.Parallel()
		texts, want := []string{"one\n", "two\n", "three", "\n\nfour\n"}, "one\n! one\ntwo\n! two\nthree! three\n\nfour\n! \n\nfour\n"
		if h.StreamGap > 0 {
			texts, want = []string{"one\n", "two\n", "\n\nfour\n"}, "one\n! one\ntwo\n! two\n\n\nfour\n! \n\nfour\n"
		}
		var steps []Step
		for _, text := range texts {
			steps = append(steps, Print(text), Pause(h.StreamGap), Warn("! "+text), Pause(h.StreamGap))
		}
		_, output := h.program(t, steps...).ran()
		if diff := cmp.Diff(want, output); diff != "" {
			t.Errorf("output (-want +got):\n%s", diff)
		}
	})
	t.Run("short outputs are complete, without a last newline too", func(t *testing.T) {
		t.Parallel()
		for range max(1, h.Repeat) {
			if _, output := h.program(t, Print("hello")).ran(); output != "hello" {
				t.Fatalf("got %q", output)
			}
		}
	})
	t.Run("a silent command has none", func(t *testing.T) {
		t.Parallel()
		if _, output := h.program(t, Exit(0)).ran(); output != "" {
			t.Errorf("got %q", output)
		}
	})
	t.Run("it arrives while the command runs", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("ready\n"), forever())
		run, output := k.start()
		ended := k.background(run)
		output.Await(k.ctx, t, "ready\n")
		k.stop(run, 0)
		<-ended
		k.release(run)
	})
	h.inShell(t, true, "any bytes pass unchanged", func(t *testing.T) {
		t.Parallel()
		every := make([]byte, 0, 512)
		for b := range 256 {
			every = append(every, byte(b))
		}
		every = append(every, "\r\n\r\x00\x00\n\n\n\xff\xfe\xf0\x9f\x98"...)
		k := h.shell(t, "cat every")
		k.file("every", string(every), 0o644)
		if _, output := k.ran(); output != string(every) {
			t.Errorf("got %q", output)
		}
	})
	h.inShell(t, true, "10 MB arrive to the last byte", func(t *testing.T) {
		t.Parallel()
		h.same(t, lines(10<<20))
	})
	h.inShell(t, true, "a line of 1 MB without its newline arrives", func(t *testing.T) {
		t.Parallel()
		h.same(t, strings.Repeat("0123456789abcdef", 1<<16))
	})
	h.inShell(t, true, "a slow reader loses nothing", func(t *testing.T) {
		t.Parallel()
		h.testSlowReader(t)
	})
}

// same lets a command print text and compares what arrives.
func (h Harness) same(t *testing.T, text string) {
	t.Helper()
	k := h.shell(t, "cat text; printf end")
	k.file("text", text, 0o644)
	_, output := k.ran()
	if output != text+"end" {
		t.Errorf("got %d bytes, want %d; they differ from byte %d on",
			len(output), len(text)+3, firstDifference(output, text+"end"))
	}
}

func (h Harness) testSlowReader(t *testing.T) {
	text := lines(4 << 20)
	k := h.shell(t, "cat text; touch written; printf end")
	k.file("text", text, 0o644)
	slow := &slowOutput{taken: make(chan struct{}), resume: make(chan struct{})}
	run, err := k.runner.Start(k.ctx, k.spec, slow)
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	ended := k.background(run)
	<-slow.taken
	if h.BackPressure {
		// Nothing tells that a command waits, but it must not have got through.
		time.AfterFunc(200*time.Millisecond, func() {
			if _, err := os.Stat(filepath.Join(k.spec.Workspace, "written")); err == nil {
				t.Error("the command went on although its output was not taken")
			}
			close(slow.resume)
		})
	} else {
		close(slow.resume)
	}
	<-ended
	if got := slow.buf.String(); got != text+"end" {
		t.Errorf("got %d bytes, want %d", len(got), len(text)+3)
	}
	k.release(run)
}

// slowOutput closes taken at its first write, and holds it back until resume is
// closed.
type slowOutput struct {
	taken, resume chan struct{}
	first         sync.Once
	mu            sync.Mutex
	buf           bytes.Buffer
}

func (o *slowOutput) Write(p []byte) (int, error) {
	o.first.Do(func() { close(o.taken) })
	<-o.resume
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

// lines is about so many bytes of lines of all lengths, no two alike.
func lines(size int) string {
	var b strings.Builder
	random := rand.New(rand.NewPCG(1, 2))
	for b.Len() < size {
		for range random.IntN(40) {
			b.WriteByte(byte('!' + random.IntN(90)))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func firstDifference(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
