package command

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/heitan/heitan/internal/testenv"
	"github.com/heitan/heitan/operator"
)

// makeReadOnly makes a folder one that nobody can write in, not even root.
func makeReadOnly(t *testing.T, dir string) {
	t.Helper()
	if os.Getuid() != 0 {
		if err := os.Chmod(dir, 0o555); err != nil {
			t.Fatal(err)
		}
		return
	}
	testenv.Disk(t, dir, unix.MS_RDONLY, "")
}

func TestScratchInAReadOnlyProject(t *testing.T) {
	t.Parallel()
	req := scratchRequest(t)
	makeReadOnly(t, req.Workspace.Root)
	s, err := newScratch(req, Place{}, []File{{"a", []byte("x")}})
	if err != nil {
		t.Fatal(err)
	}
	if data, err := s.read("a", 10); err != nil || string(data) != "x" || !s.temp {
		t.Errorf("file = %q, %v; %+v", data, err, s)
	}
	if err := s.remove(); err != nil || !filepath.IsAbs(s.seenFrom("/")) {
		t.Error(err)
	}
	if _, err := os.Stat(s.path()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is left: %v", err)
	}
	_, err = newScratch(req, contained, nil)
	if f := operator.AsFailure(err); f == nil || !strings.Contains(f.Hint, ".heitan/tmp") {
		t.Errorf("failure = %v", f)
	}
}
