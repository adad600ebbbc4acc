package command

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
)

// Sweep removes the scratch folders that are left of an attempt that is over. They
// are those of commands whose end was durable when heitan was killed, so that nobody
// asked for them any more, and may hold secrets. tokens is what the tokens of the
// attempt begin with.
func Sweep(workspace, tokens string) error {
	root, err := os.OpenRoot(workspace)
	if err != nil {
		return err
	}
	defer root.Close()
	parent, err := root.Open(scratchParent)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer parent.Close()
	names, err := parent.Readdirnames(-1)
	problems := []error{err}
	for _, name := range names {
		if strings.HasPrefix(name, tokens) {
			problems = append(problems, root.RemoveAll(path.Join(scratchParent, name)))
		}
	}
	return errors.Join(problems...)
}
