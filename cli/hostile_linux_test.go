package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/heitan/heitan/internal/testenv"
)

// nobody is the user of tests that need one who may not do everything.
const nobody = 65534

// asNobody runs heitan in a folder as a user who owns nothing there, if the test's
// own user is the superuser.
func asNobody(t *testing.T, dir string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	binary, err := exec.LookPath("heitan")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), binary, args...)
	if os.Getuid() == 0 {
		cmd = exec.CommandContext(t.Context(), copyOf(t, binary), args...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		letIn(t, dir)
	}
	var out, errs strings.Builder
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errs
	cmd.Env = append(os.Environ(), "HOME="+dir, "TZ=UTC")
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// copyOf is the program in a place where everybody can run it, under its name.
// Another process copies it: what is written here, a command that is started at
// that moment would hold open, and a file that is open for writing cannot be run.
func copyOf(t *testing.T, binary string) string {
	t.Helper()
	dir := t.TempDir()
	letIn(t, dir)
	path := filepath.Join(dir, filepath.Base(binary))
	if out, err := exec.CommandContext(t.Context(), "cp", binary, path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.Chmod(path, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// letIn lets everybody into a folder of the test.
func letIn(t *testing.T, dir string) {
	t.Helper()
	for _, folder := range []string{dir, filepath.Dir(dir)} {
		info, err := os.Stat(folder)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(folder, info.Mode().Perm()|0o055); err != nil {
			t.Fatal(err)
		}
	}
}

// explains checks that heitan failed as it should: with status 1 and the words, and
// without a stack trace.
func explains(t *testing.T, status int, stderr string, words ...string) {
	t.Helper()
	if status != 1 {
		t.Errorf("the status is %d, want 1", status)
	}
	for _, w := range words {
		if !strings.Contains(stderr, w) {
			t.Errorf("%q is not in\n%s", w, stderr)
		}
	}
	for _, w := range []string{"panic", "goroutine", ".go:"} {
		if strings.Contains(stderr, w) {
			t.Errorf("%q is in\n%s", w, stderr)
		}
	}
}

func TestFilesThatMayNotBeReadAreNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file string
		args []string
		want string
	}{
		"a workflow":        {"secret.dig", []string{"run", "wf.dig"}, "secret.dig: unreadable-file: read secret.dig: "},
		"a params file":     {"params.yml", []string{"run", "wf.dig", "-P", "params.yml"}, "params.yml: unreadable-file: read params.yml: "},
		"the configuration": {"own.properties", []string{"run", "wf.dig", "-c", "own.properties"}, "error: read the configuration: open "},
		"a secret":          {"value", []string{"secrets", "--local", "--set", "a=@value"}, "error: read secrets: open "},
		"what is included":  {"part.yml", []string{"run", "includes/main.dig"}, "part.yml"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := project(t, "+a: {echo>: a}\n")
			if err := os.Mkdir(filepath.Join(dir, "includes"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "includes", "main.dig"), []byte("!include : part.yml\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			folder := dir
			if name == "what is included" {
				folder = filepath.Join(dir, "includes")
			}
			if err := os.WriteFile(filepath.Join(folder, c.file), []byte("+a: {echo>: a}\n"), 0); err != nil {
				t.Fatal(err)
			}
			status, _, stderr := asNobody(t, dir, c.args...)
			explains(t, status, stderr, c.want, "permission denied")
		})
	}
}

func TestAFolderThatMayNotBeReadIsNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	letIn(t, dir)
	if err := os.Mkdir(filepath.Join(dir, "closed"), 0); err != nil {
		t.Fatal(err)
	}
	status, _, stderr := asNobody(t, dir, "run", "wf.dig", "--project", "closed")
	explains(t, status, stderr, "closed", "permission denied")
}

func TestStateThatMayNotBeWrittenIsNamed(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(t *testing.T, dir string){
		"the project's folder": func(*testing.T, string) {},
		"the folder": func(t *testing.T, dir string) {
			if err := os.MkdirAll(filepath.Join(dir, ".heitan", "state"), 0o755); err != nil {
				t.Fatal(err)
			}
		},
		"the database": func(t *testing.T, dir string) {
			if status := start(t, dir, "run", "wf.dig").wait(); status != 0 {
				t.Fatal("the first run failed")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := project(t, "+a: {echo>: a}\n")
			prepare(t, dir)
			for _, path := range []string{filepath.Join(dir, ".heitan", "state"), dir} {
				if os.Getuid() != 0 {
					_ = os.Chmod(path, 0o555)
					t.Cleanup(func() { _ = os.Chmod(path, 0o755) })
				}
			}
			status, _, stderr := asNobody(t, dir, "run", "wf.dig")
			explains(t, status, stderr, ".heitan", "permission", "hint: ", "--no-save")
			if status, stdout, stderr := asNobody(t, dir, "run", "wf.dig", "--no-save", "-l", "error"); status != 0 || stdout != "a\n" {
				t.Errorf("--no-save: status %d, %q\n%s", status, stdout, stderr)
			}
		})
	}
}

// smallDisk mounts a disk of a size at a folder below dir.
func smallDisk(t *testing.T, dir, size string) (folder string) {
	t.Helper()
	folder = filepath.Join(dir, "disk")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	testenv.Disk(t, folder, 0, "size="+size)
	return folder
}

func TestARunWaitsWhileTheDiskIsFull(t *testing.T) {
	t.Parallel()
	dir := project(t, "+fill:\n  loop>: 500\n  _parallel: true\n  _do:\n    echo>: ${i}\n")
	disk := smallDisk(t, dir, "700k")
	ballast := filepath.Join(disk, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 500<<10), 0o644); err != nil {
		t.Fatal(err)
	}
	p := start(t, dir, "run", "wf.dig", "--save", "disk/state", "-l", "error")
	for p.lines.Scan() {
		if strings.Contains(p.lines.Text(), "the disk is full") {
			break
		}
	}
	if err := unix.Mount("tmpfs", disk, "tmpfs", unix.MS_REMOUNT, "size=20m"); err != nil {
		t.Fatal(err)
	}
	if status := p.wait(); status != 0 {
		t.Errorf("the status is %d:\n%s", status, p.stderr.String())
	}
}

func TestADiskThatIsFullFromTheStartIsNamed(t *testing.T) {
	t.Parallel()
	dir := project(t, "+a: {echo>: a}\n")
	disk := smallDisk(t, dir, "100k")
	if err := os.WriteFile(filepath.Join(disk, "ballast"), make([]byte, 100<<10), 0o644); err == nil {
		t.Log("the disk has room left")
	}
	p := start(t, dir, "run", "wf.dig", "--save", "disk/state", "-l", "error")
	status := p.wait()
	explains(t, status, p.stderr.String(), "error: ", "hint: ", "--no-save")
	if text := p.stderr.String(); !strings.Contains(text, "disk is full") && !strings.Contains(text, "no space left on device") {
		t.Errorf("the reason is not in\n%s", text)
	}
}

func TestAReaderThatIsGoneEndsNothing(t *testing.T) {
	t.Parallel()
	dir := project(t, "+a: {sh>: 'echo hello; echo there >> done'}\n+b: {sh>: 'echo again >> done'}\n")
	cmd := exec.CommandContext(t.Context(), "sh", "-c", "heitan run wf.dig | true; cat done")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Fields(string(out)); len(lines) != 2 {
		t.Errorf("the tasks did %q", lines)
	}
}
