package secrets

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/heitan/heitan"
)

// MaxSize bounds the value of a secret, in bytes.
const MaxSize = 16 << 10

// keyPattern is Digdag's rule for the keys of secrets.
var keyPattern = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)

// maxKeyLength bounds a key.
const maxKeyLength = 255

// Dir keeps secrets in a folder, one file per key, for one user of one machine.
type Dir struct{ path string }

// NewDir makes a Dir of a folder that need not exist.
func NewDir(path string) *Dir { return &Dir{path: path} }

// Check tells whether a value could be kept. Invalid for bad keys, and for values
// that are empty or too large.
func Check(key, value string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	switch {
	case value == "":
		return &heitan.Error{Kind: heitan.Invalid, Msg: fmt.Sprintf("the value of secret '%s' is empty", key)}
	case len(value) > MaxSize:
		return &heitan.Error{Kind: heitan.Invalid, Msg: fmt.Sprintf("the value of secret '%s' is larger than %d bytes", key, MaxSize)}
	}
	return nil
}

// Set keeps a value. Invalid as [Check] says.
func (d *Dir) Set(key, value string) error {
	if err := Check(key, value); err != nil {
		return err
	}
	if err := os.MkdirAll(d.path, 0o700); err != nil {
		return fmt.Errorf("keep secret '%s': %w", key, err)
	}
	// Written beside and renamed, so that a reader never sees half a secret.
	temporary, err := os.CreateTemp(d.path, ".new-*")
	if err != nil {
		return fmt.Errorf("keep secret '%s': %w", key, err)
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.WriteString(value)
	if err := errors.Join(err, temporary.Close()); err != nil {
		return fmt.Errorf("keep secret '%s': %w", key, err)
	}
	if err := os.Rename(temporary.Name(), filepath.Join(d.path, key)); err != nil {
		return fmt.Errorf("keep secret '%s': %w", key, err)
	}
	return nil
}

// Delete forgets a key. NotFound.
func (d *Dir) Delete(key string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	err := os.Remove(filepath.Join(d.path, key))
	if errors.Is(err, fs.ErrNotExist) {
		return &heitan.Error{Kind: heitan.NotFound, Msg: fmt.Sprintf("there is no secret '%s'", key)}
	}
	return err
}

// Keys are the keys that are kept, sorted.
func (d *Dir) Keys() ([]string, error) {
	entries, err := os.ReadDir(d.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var keys []string
	for _, e := range entries {
		if keyPattern.MatchString(e.Name()) && e.Type().IsRegular() {
			keys = append(keys, e.Name())
		}
	}
	return keys, err
}

// CheckKey tells whether a text can be the key of a secret. Invalid.
func CheckKey(key string) error {
	if !keyPattern.MatchString(key) || len(key) > maxKeyLength {
		return &heitan.Error{
			Kind: heitan.Invalid, Msg: fmt.Sprintf("%q cannot be the key of a secret", key),
			Hint: "keys are letters, digits, '_' and '-', with dots between parts",
		}
	}
	return nil
}
