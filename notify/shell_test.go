package notify_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestCommandGetsThePayload(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "payload")
	sender, log := mustSender(t, "notification.type", "shell", "notification.shell.command", `echo "$GREETING"; echo oops >&2; cat > `+file)
	if err := sender.Send(t.Context(), notification(t)); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != payload {
		t.Errorf("payload %s, %v", got, err)
	}
	for _, want := range []string{`msg="notification command" line=hi`, `line=oops`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%s is missing in:\n%s", want, log.String())
		}
	}
}

func TestCommandThatFailsIsRunAgain(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "tries")
	sender, _ := mustSender(t, "notification.type", "shell", "notification.shell.command", `echo x >> `+file+`; exit 3`)
	err := sender.Send(t.Context(), notification(t))
	want := "notification was not sent after 3 tries: Notification shell command failed: echo x >> " + file + "; exit 3, exit code = 3"
	if err == nil || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
	if got, _ := os.ReadFile(file); string(got) != "x\nx\nx\n" {
		t.Errorf("tries: %q", got)
	}
}

func TestCommandThatIsKilledSaysSo(t *testing.T) {
	t.Parallel()
	sender, _ := mustSender(t, "notification.type", "shell", "notification.shell.command", "kill -9 $$", "notification.retries", "0")
	if err := sender.Send(t.Context(), notification(t)); err == nil || !strings.HasSuffix(err.Error(), "kill -9 $$, signal: killed") {
		t.Errorf("error = %v", err)
	}
}

// pipe tells whether processes that hold it open for writing still run.
type pipe struct {
	*bufio.Reader
	writer *os.File // keeps the pipe open until the processes have opened it
}

// waitForEnd waits until no process holds the pipe open, and returns what it said.
func (p pipe) waitForEnd(t *testing.T) string {
	t.Helper()
	_ = p.writer.Close()
	text, err := io.ReadAll(p)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

// hanging is a command that starts another one and never ends. Both hold the
// pipe open, through which a line comes once they run.
func hanging(t *testing.T) (string, pipe) {
	t.Helper()
	fifo := filepath.Join(t.TempDir(), "alive")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	writer, err := os.OpenFile(fifo, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := os.Open(fifo)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = writer.Close(); _ = reader.Close() })
	return "exec 3> " + fifo + "; sleep 1000 & echo runs >&3; wait", pipe{bufio.NewReader(reader), writer}
}

func TestTimeoutKillsTheCommandAndAllItStarted(t *testing.T) {
	t.Parallel()
	command, alive := hanging(t)
	sender, _ := mustSender(t, "notification.type", "shell", "notification.shell.command", command,
		"notification.shell.timeout", "1000", "notification.retries", "0")
	err := sender.Send(t.Context(), notification(t))
	if err == nil || !strings.HasSuffix(err.Error(), "Notification shell command timed out: "+command) {
		t.Errorf("error = %v", err)
	}
	if said := alive.waitForEnd(t); said != "runs\n" {
		t.Errorf("the pipe said %q", said)
	}
}

func TestCancelledContextKillsTheCommandWithItsCause(t *testing.T) {
	t.Parallel()
	command, alive := hanging(t)
	cause := errors.New("heitan is stopping")
	ctx, cancel := context.WithCancelCause(t.Context())
	sender, _ := mustSender(t, "notification.type", "shell", "notification.shell.command", command)
	failed := make(chan error, 1)
	go func() { failed <- sender.Send(ctx, notification(t)) }()
	if line, err := alive.ReadString('\n'); line != "runs\n" || err != nil {
		t.Errorf("the pipe said %q, %v", line, err)
	}
	cancel(cause)
	if err := <-failed; !errors.Is(err, cause) {
		t.Errorf("error = %v", err)
	}
	if rest := alive.waitForEnd(t); rest != "" {
		t.Errorf("the pipe said %q", rest)
	}
}

func TestCommandMayIgnoreItsInputAndFloodItsOutput(t *testing.T) {
	t.Parallel()
	sender, log := mustSender(t, "notification.type", "shell", "notification.shell.command", "exec <&-; head -c 10000000 /dev/zero | tr '\\0' x; exit 0")
	if err := sender.Send(t.Context(), notification(t)); err != nil {
		t.Fatal(err)
	}
	if n := len(log.String()); n > 70_000 {
		t.Errorf("%d bytes were logged", n)
	}
}

func TestCommandMayLeaveSomethingInTheBackground(t *testing.T) {
	t.Parallel()
	fifo := filepath.Join(t.TempDir(), "go")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	// The background command holds the output open until the pipe is opened.
	sender, _ := mustSender(t, "notification.type", "shell", "notification.shell.command", "cat "+fifo+" & exit 0")
	if err := sender.Send(t.Context(), notification(t)); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(fifo, nil, 0o600); err != nil {
		t.Error(err)
	}
}
