package command

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/runner"
)

func scratchRequest(t testing.TB) *operator.Request {
	req, _ := operatortest.Request(t, params.Empty())
	return req
}

func mode(t testing.TB, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

var contained = Place{Runner: Docker, Container: runner.Container{Image: "i"}}

func TestScratchOfAProcessIsForItsUserOnly(t *testing.T) {
	t.Parallel()
	req := scratchRequest(t)
	s, err := newScratch(req, Place{}, []File{{"a", []byte("x")}})
	if err != nil {
		t.Fatal(err)
	}
	if dir, file := mode(t, s.path()), mode(t, filepath.Join(s.path(), "a")); dir != 0o700 || file != 0o600 {
		t.Errorf("modes are %o, %o", dir, file)
	}
	if ignored, err := os.ReadFile(filepath.Join(req.Workspace.Root, ".heitan", "tmp", ".gitignore")); err != nil || string(ignored) != "*\n" {
		t.Errorf(".gitignore = %q, %v", ignored, err)
	}
	if err := s.remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.path()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is left: %v", err)
	}
}

func TestScratchOfAContainerIsForWhateverUserItHas(t *testing.T) {
	t.Parallel()
	s, err := newScratch(scratchRequest(t), contained, []File{{"a", []byte("x")}})
	if err != nil {
		t.Fatal(err)
	}
	if dir, file := mode(t, s.path()), mode(t, filepath.Join(s.path(), "a")); dir != 0o777 || file != 0o644 {
		t.Errorf("modes are %o, %o", dir, file)
	}
}

func TestScratchKeepsWhatAContainerMayHaveLeftThere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		place Place
		kept  bool
	}{{"process", Place{}, false}, {"container", contained, true}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			req := scratchRequest(t)
			before, err := newScratch(req, c.place, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(before.path(), "output"), []byte("x"), 0o644); err != nil {
				t.Fatal(err)
			}
			after, err := newScratch(req, c.place, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := after.read("output", 10); (err == nil) != c.kept {
				t.Errorf("read = %v", err)
			}
		})
	}
}

func TestScratchIsSeenFromTheWorkingDirectory(t *testing.T) {
	t.Parallel()
	s := scratchOf("/work/project", "t")
	for dir, want := range map[string]string{"/work/project": ".heitan/tmp/t", "/work/project/a/b": "../../.heitan/tmp/t"} {
		if got := s.seenFrom(dir); got != want {
			t.Errorf("from %s it is %s, want %s", dir, got, want)
		}
	}
	temp := scratch{root: "/tmp/x", dir: ".", temp: true}
	if got := temp.seenFrom("/tmp"); got != "/tmp/x" {
		t.Errorf("a temporary folder is seen as %s", got)
	}
}

func TestScratchDoesNotFollowLinksOutOfTheProject(t *testing.T) {
	t.Parallel()
	outside := t.TempDir()
	precious := filepath.Join(outside, "precious")
	if err := os.WriteFile(precious, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	req := scratchRequest(t)
	if err := os.Symlink(outside, filepath.Join(req.Workspace.Root, ".heitan")); err != nil {
		t.Fatal(err)
	}
	if _, err := newScratch(req, Place{}, []File{{"a", nil}}); err == nil {
		t.Error("files were written outside of the project")
	}
	s := &scratch{root: req.Workspace.Root, dir: ".heitan"}
	if _, err := s.read("precious", 10); err == nil {
		t.Error("a file outside of the project was read")
	}
	if err := s.remove(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(precious); err != nil {
		t.Errorf("a file outside of the project was removed: %v", err)
	}
}

func TestScratchReadsOnlyRegularFilesOfLimitedSize(t *testing.T) {
	t.Parallel()
	s, err := newScratch(scratchRequest(t), Place{}, []File{{"fits", []byte("0123456789")}, {"large", []byte("0123456789a")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(s.path(), "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"fits": "", "large": "large has 11 bytes, which is more than 10 bytes", "pipe": "pipe is not a regular file",
	} {
		_, err := s.read(name, 10)
		if (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("read %s: %v", name, err)
		}
	}
	if _, err := s.read("none", 10); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("read a missing file: %v", err)
	}
}
