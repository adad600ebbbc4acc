package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"syscall"

	"github.com/heitan/heitan/operator"
)

// scratchParent holds the scratch folders of a project, one for each start.
const scratchParent = ".heitan/tmp"

// File is put into the scratch folder before a command starts.
type File struct {
	Name string
	Data []byte
}

// scratch is the folder for what heitan and a command hand each other. It lies in
// the workspace, so that a container sees it too, or in the system's folder for
// temporary files if the workspace cannot be written.
//
// Files are reached through [os.Root], because what a command leaves behind may be
// links that lead anywhere.
type scratch struct {
	root string // absolute
	dir  string // slash-separated, below root
	temp bool   // root is ours
}

func scratchOf(workspace, token string) *scratch {
	return &scratch{root: workspace, dir: path.Join(scratchParent, token)}
}

// newScratch makes the scratch folder of a start and writes files into it.
func newScratch(req *operator.Request, place Place, files []File) (*scratch, error) {
	s := scratchOf(req.Workspace.Root, req.Token)
	err := s.fill(files, place.Contained())
	readOnly := errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
	if readOnly && !place.Contained() {
		s, err = fillTemp(files, req.Token)
	}
	if err == nil {
		return s, nil
	}
	failure := operator.Runtimef("write the files that the command needs: %w", err)
	if readOnly {
		failure.Hint = "a command gets its files through .heitan/tmp in the project folder, so heitan must be able to write there"
	}
	return nil, failure
}

func fillTemp(files []File, token string) (*scratch, error) {
	root, err := os.MkdirTemp("", "heitan-"+token+"-")
	if err != nil {
		return nil, err
	}
	s := &scratch{root: root, dir: ".", temp: true}
	if err := s.fill(files, false); err != nil {
		return nil, errors.Join(err, s.remove())
	}
	return s, nil
}

// path is the absolute path of the folder.
func (s *scratch) path() string { return filepath.Join(s.root, filepath.FromSlash(s.dir)) }

// seenFrom is the path of the folder for a command that works in dir. It is
// relative where it can be, so that it holds wherever the workspace is mounted.
func (s *scratch) seenFrom(dir string) string {
	if rel, err := filepath.Rel(dir, s.path()); err == nil && !s.temp {
		return rel
	}
	return s.path()
}

// fill makes the folder and writes the files. What an earlier command left there
// is removed, unless it ran in a container: that one may be found again.
func (s *scratch) fill(files []File, contained bool) error {
	return s.within(func(root *os.Root) error {
		if !s.temp {
			if err := makeDir(root, s.dir, contained); err != nil {
				return err
			}
		}
		for _, file := range files {
			if err := root.WriteFile(path.Join(s.dir, file.Name), file.Data, 0o600); err != nil {
				return err
			}
		}
		if contained {
			return s.openUp(root, files)
		}
		return nil
	})
}

func makeDir(root *os.Root, dir string, keep bool) error {
	err := root.Mkdir(dir, 0o700)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := makeScratchParent(root); err != nil {
			return err
		}
		return root.Mkdir(dir, 0o700)
	case errors.Is(err, fs.ErrExist) && keep:
		return nil
	case errors.Is(err, fs.ErrExist):
		if err := root.RemoveAll(dir); err != nil {
			return err
		}
		return root.Mkdir(dir, 0o700)
	}
	return err
}

// openUp lets everybody read the files and add to them, because the user of a
// container is often another one than heitan's. Whoever must not see them must be
// kept out of the workspace.
func (s *scratch) openUp(root *os.Root, files []File) error {
	if err := root.Chmod(s.dir, 0o777); err != nil {
		return err
	}
	for _, file := range files {
		if err := root.Chmod(path.Join(s.dir, file.Name), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// makeScratchParent makes the folder with a .gitignore of its own, so that nobody
// commits what a crash left there.
func makeScratchParent(root *os.Root) error {
	if err := root.MkdirAll(scratchParent, 0o755); err != nil {
		return err
	}
	return root.WriteFile(path.Join(scratchParent, ".gitignore"), []byte("*\n"), 0o644)
}

// read is the content of a file that a command left behind. It fails with
// fs.ErrNotExist, and refuses what is larger than limit or no regular file.
func (s *scratch) read(name string, limit int64) (data []byte, err error) {
	err = s.within(func(root *os.Root) error {
		// Without O_NONBLOCK opening a named pipe would wait for a writer.
		f, err := root.OpenFile(path.Join(s.dir, name), os.O_RDONLY|syscall.O_NONBLOCK, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := f.Stat()
		switch {
		case err != nil:
			return err
		case !info.Mode().IsRegular():
			return fmt.Errorf("%s is not a regular file", name)
		case info.Size() > limit:
			return fmt.Errorf("%s has %s, which is more than %s", name, Bytes(info.Size()), Bytes(limit))
		}
		data, err = io.ReadAll(io.LimitReader(f, limit))
		return err
	})
	return data, err
}

// remove removes the folder and all that is in it, if it is still there.
func (s *scratch) remove() error {
	if s.temp {
		return os.RemoveAll(s.root)
	}
	err := s.within(func(root *os.Root) error { return root.RemoveAll(s.dir) })
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (s *scratch) within(do func(*os.Root) error) error {
	root, err := os.OpenRoot(s.root)
	if err != nil {
		return err
	}
	return errors.Join(do(root), root.Close())
}
