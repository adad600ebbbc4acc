package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/heitan/heitan/config"
)

const (
	// maxCommandOutput bounds how much of a command's output is logged, in bytes.
	maxCommandOutput = 64 << 10
	// outputDelay is how long output is awaited after the command itself has
	// ended; something it left in the background may hold it open.
	outputDelay = 2 * time.Second
)

// shellSender gives the payload to a shell command.
type shellSender struct {
	command string
	timeout time.Duration
	environ []string
	log     *slog.Logger
}

func newShellSender(c config.Config, d Dependencies) (*shellSender, error) {
	command, commandErr := required(c, "notification.shell.command", "a shell command")
	timeout, timeoutErr := milliseconds(c, "notification.shell.timeout", 30*time.Second)
	if timeoutErr == nil && timeout == 0 {
		timeoutErr = c.Invalid("notification.shell.timeout", "a number of milliseconds above zero")
	}
	return &shellSender{command: command, timeout: timeout, environ: d.Environ, log: d.Log}, errors.Join(commandErr, timeoutErr)
}

// Send runs the command in a process group of its own, which is killed as a
// whole when the time is over or ctx ends.
func (s *shellSender) Send(ctx context.Context, n Notification) error {
	limited, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	var output head
	cmd := exec.CommandContext(limited, "/bin/sh", "-c", s.command)
	cmd.Env = s.environ
	cmd.Stdin = bytes.NewReader(n.JSON())
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = outputDelay
	err := cmd.Run()
	for line := range strings.Lines(output.text.String()) {
		s.log.Info("notification command", "line", strings.TrimRight(line, "\r\n"))
	}
	exit, hasExit := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay):
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case limited.Err() != nil:
		return fmt.Errorf("Notification shell command timed out: %s", s.command)
	case hasExit:
		return fmt.Errorf("Notification shell command failed: %s, %s", s.command, exitText(exit))
	}
	return fmt.Errorf("run notification shell command: %w", err)
}

func exitText(err *exec.ExitError) string {
	if err.Exited() {
		return fmt.Sprintf("exit code = %d", err.ExitCode())
	}
	return err.String()
}

// head keeps the beginning of what is written to it.
type head struct{ text bytes.Buffer }

func (h *head) Write(p []byte) (int, error) {
	h.text.Write(p[:min(len(p), maxCommandOutput-h.text.Len())])
	return len(p), nil
}
