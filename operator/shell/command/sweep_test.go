package command_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator/shell/command"
)

func TestWhatIsLeftOfAnAttemptIsSwept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := command.Sweep(dir, "key-"); err != nil {
		t.Errorf("without any: %v", err)
	}
	outside := t.TempDir()
	tmp := filepath.Join(dir, ".heitan", "tmp")
	for _, folder := range []string{"key-1-0", "key-2-1", "keys-1-0", "other-1-0"} {
		if err := os.MkdirAll(filepath.Join(tmp, folder, "deep"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{filepath.Join(tmp, ".gitignore"), filepath.Join(outside, "file")} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(tmp, "key-3-0")); err != nil {
		t.Fatal(err)
	}
	if err := command.Sweep(dir, "key-"); err != nil {
		t.Error(err)
	}
	entries, err := os.ReadDir(tmp)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if diff := cmp.Diff([]string{".gitignore", "keys-1-0", "other-1-0"}, left); diff != "" {
		t.Error(diff)
	}
	if _, err := os.Stat(filepath.Join(outside, "file")); err != nil {
		t.Errorf("a link was followed: %v", err)
	}
}
