// Package secrets finds secrets and keeps them out of what people see.
package secrets

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/heitan/heitan/config"
)

// Local are the secrets of one user: settings `secrets.KEY`, then one file per
// key, named by the key, in the local secrets folder.
type Local struct {
	settings config.Config
	dir      string
}

// NewLocal makes the secrets of a user's configuration and secrets folder, which
// need not exist.
func NewLocal(c config.Config, dir string) *Local {
	return &Local{settings: c.Under("secrets"), dir: dir}
}

// Secret is the value of a key, if there is one.
func (l *Local) Secret(_ context.Context, key string) (string, bool, error) {
	if v, ok := l.settings.Lookup(key); ok {
		return v, true, nil
	}
	if l.dir == "" || key == "" || !filepath.IsLocal(key) || filepath.Base(key) != key {
		return "", false, nil
	}
	root, err := os.OpenRoot(l.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	defer root.Close()
	info, err := root.Stat(key)
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	if info.Size() > MaxSize {
		return "", false, fmt.Errorf("secret %s is larger than %d bytes", key, MaxSize)
	}
	data, err := root.ReadFile(key)
	return string(data), err == nil, err
}
