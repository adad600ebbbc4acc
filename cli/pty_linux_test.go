package cli_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// openTerminal opens a pseudo-terminal of a size: the end that a user sits at, and
// the one that programs have.
func openTerminal(t *testing.T, width, height uint16) (user, program *os.File) {
	t.Helper()
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("needs a pseudo-terminal: %v", err)
	}
	t.Cleanup(func() { user.Close() })
	fd := int(user.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: height, Col: width}); err != nil {
		t.Fatal(err)
	}
	return user, program
}

// onTerminal starts heitan with a terminal for everything.
func onTerminal(t *testing.T, user, program *os.File, dir string, args ...string) (cmd *exec.Cmd, screen *bufio.Reader) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), "heitan", args...)
	cmd.Dir = dir
	cmd.Stdin, cmd.Stdout, cmd.Stderr = program, program, program
	cmd.Env = append(os.Environ(), "HOME="+dir, "TERM=xterm", "TZ=UTC")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	program.Close()
	return cmd, bufio.NewReader(user)
}

// rest reads what is shown until the last program leaves the terminal.
func rest(t *testing.T, screen *bufio.Reader) string {
	t.Helper()
	text, err := io.ReadAll(screen)
	if err != nil && !errors.Is(err, syscall.EIO) { // Linux's end of a terminal
		t.Fatal(err)
	}
	return string(text)
}

func shows(t *testing.T, screen *bufio.Reader, want string) {
	t.Helper()
	var seen strings.Builder
	for !strings.HasSuffix(seen.String(), want) {
		b, err := screen.ReadByte()
		if err != nil {
			t.Fatalf("%q was not shown but %q", want, seen.String())
		}
		seen.WriteByte(b)
	}
}

func TestOnATerminalARunIsWatchedLive(t *testing.T) {
	t.Parallel()
	dir := project(t, "+waits:\n  sh>: 'echo ready; read line < open; echo going on'\n")
	gate(t, filepath.Join(dir, "open"))
	user, program := openTerminal(t, 60, 20)
	cmd, screen := onTerminal(t, user, program, dir, "run", "wf.dig", "-l", "error")
	shows(t, screen, "0/1")
	if err := os.WriteFile(filepath.Join(dir, "open"), []byte("go\n"), 0); err != nil {
		t.Fatal(err)
	}
	text := rest(t, screen)
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v:\n%s", err, text)
	}
	if !strings.Contains(text, "going on") || !strings.Contains(text, "\x1b[32mSuccess.\x1b[0m") {
		t.Errorf("it shows %q", text)
	}
	endsClean(t, text)
}

func TestCtrlCLeavesTheTerminalAsItWas(t *testing.T) {
	t.Parallel()
	dir := project(t, "+waits:\n  sh>: 'echo ready; read line < open'\n")
	gate(t, filepath.Join(dir, "open"))
	user, program := openTerminal(t, 60, 20)
	before, err := unix.IoctlGetTermios(int(user.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	cmd, screen := onTerminal(t, user, program, dir, "run", "wf.dig")
	shows(t, screen, "0/1")
	if _, err := user.WriteString("\x03"); err != nil {
		t.Fatal(err)
	}
	text := rest(t, screen)
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 130 {
		t.Errorf("it ended with %v:\n%s", err, text)
	}
	if !strings.Contains(text, "The run is not finished. Go on with:  heitan run wf.dig\r\n") {
		t.Errorf("it shows %q", text)
	}
	endsClean(t, text)
	if after, err := unix.IoctlGetTermios(int(user.Fd()), unix.TCGETS); err != nil || *after != *before {
		t.Errorf("the terminal was changed: %v, %v", after, err)
	}
}

// waitsSilently waits until the terminal does not show what is typed.
func waitsSilently(t *testing.T, user *os.File) {
	t.Helper()
	for {
		state, err := unix.IoctlGetTermios(int(user.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		if state.Lflag&unix.ECHO == 0 {
			return
		}
		runtime.Gosched()
	}
}

func TestASecretThatIsTypedIsNotShown(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	user, program := openTerminal(t, 60, 20)
	cmd, screen := onTerminal(t, user, program, dir, "secrets", "--local", "--set", "a")
	waitsSilently(t, user)
	if _, err := user.WriteString("s3cr3t\r"); err != nil {
		t.Fatal(err)
	}
	text := rest(t, screen)
	if err := cmd.Wait(); err != nil || strings.Contains(text, "s3cr3t") || !strings.Contains(text, "Secret 'a' set") {
		t.Errorf("it shows %q and ends with %v", text, err)
	}
	if kept, err := os.ReadFile(filepath.Join(dir, ".config", "digdag", "secrets", "a")); err != nil || string(kept) != "s3cr3t" {
		t.Errorf("it keeps %q, %v", kept, err)
	}
}

func TestCtrlCWhileASecretIsTypedLeavesTheTerminalAsItWas(t *testing.T) {
	t.Parallel()
	user, program := openTerminal(t, 60, 20)
	cmd, screen := onTerminal(t, user, program, t.TempDir(), "secrets", "--local", "--set", "a")
	waitsSilently(t, user)
	if _, err := user.WriteString("half\x03"); err != nil {
		t.Fatal(err)
	}
	text := rest(t, screen)
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 130 {
		t.Errorf("it ended with %v:\n%s", err, text)
	}
	if state, err := unix.IoctlGetTermios(int(user.Fd()), unix.TCGETS); err != nil || state.Lflag&unix.ECHO == 0 {
		t.Errorf("the terminal shows nothing that is typed any more: %v", err)
	}
	endsClean(t, text)
}

// endsClean checks that what was shown last leaves the cursor at the beginning of a
// line, and no colour and no mode behind.
func endsClean(t *testing.T, text string) {
	t.Helper()
	if !strings.HasSuffix(text, "\r\n") {
		t.Errorf("the cursor is left within a line: %q", text[max(0, len(text)-80):])
	}
	if last := strings.LastIndex(text, "\x1b[3"); last >= 0 && !strings.Contains(text[last:], "\x1b[0m") {
		t.Error("a colour is left on")
	}
	if strings.Contains(text, "\x1b[?") {
		t.Error("a mode of the terminal was changed")
	}
}
