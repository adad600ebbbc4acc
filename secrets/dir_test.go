package secrets_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/secrets"
)

func TestOnlyTheUserCanReadSecrets(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "config", "secrets")
	if err := secrets.NewDir(path).Set("a.b", "value"); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]os.FileMode{path: 0o700, filepath.Join(path, "a.b"): 0o600} {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has the mode %o, want %o", file, got, want)
		}
	}
}

func TestSettingASecretAgainMakesItPrivate(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	file := filepath.Join(path, "a")
	if err := os.WriteFile(file, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := secrets.NewDir(path).Set("a", "new"); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
	entries, err := os.ReadDir(path)
	if err != nil || len(entries) != 1 {
		t.Errorf("something is left in the folder: %v, %v", entries, err)
	}
}

func TestKeysOfSecrets(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"a", "A-b_c.9", "-", "_._", strings.Repeat("k", 255)} {
		if err := secrets.CheckKey(key); err != nil {
			t.Errorf("%q: %v", key, err)
		}
	}
	for _, key := range []string{"", ".", "..", "a..b", ".a", "a.", "a/b", "../a", "a b", "日本", "a\nb", "a\n", strings.Repeat("k", 256)} {
		if err := secrets.CheckKey(key); heitan.KindOf(err) != heitan.Invalid {
			t.Errorf("%q is taken", key)
		}
		dir := secrets.NewDir(t.TempDir())
		if err := dir.Set(key, "x"); heitan.KindOf(err) != heitan.Invalid {
			t.Errorf("%q is set: %v", key, err)
		}
		if err := dir.Delete(key); heitan.KindOf(err) != heitan.Invalid {
			t.Errorf("%q is deleted: %v", key, err)
		}
	}
}

func TestValuesOfSecrets(t *testing.T) {
	t.Parallel()
	if err := secrets.Check("a", strings.Repeat("x", secrets.MaxSize)); err != nil {
		t.Error(err)
	}
	for _, value := range []string{"", strings.Repeat("x", secrets.MaxSize+1)} {
		if err := secrets.Check("a", value); heitan.KindOf(err) != heitan.Invalid {
			t.Errorf("%d bytes: got %v", len(value), err)
		}
	}
}

func TestKeysAreListedInOrderWithoutWhatIsNoSecret(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	dir := secrets.NewDir(path)
	for _, key := range []string{"b", "a", "c"} {
		if err := dir.Set(key, "x"); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(path, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(path, ".new-1"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := dir.Delete("c"); err != nil {
		t.Fatal(err)
	}
	if err := dir.Delete("c"); heitan.KindOf(err) != heitan.NotFound {
		t.Errorf("got %v", err)
	}
	if got, err := dir.Keys(); err != nil || !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := secrets.NewDir(filepath.Join(path, "none")).Keys(); err != nil || got != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestSettingsComeBeforeFiles(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	for _, key := range []string{"both", "file.only"} {
		if err := secrets.NewDir(path).Set(key, "file"); err != nil {
			t.Fatal(err)
		}
	}
	local := secrets.NewLocal(config.FromMap("test", map[string]string{"secrets.both": "setting", "secrets.a.b": "setting"}), path)
	for key, want := range map[string]string{"both": "setting", "a.b": "setting", "file.only": "file", "none": "", "": "", "..": "", "../x": ""} {
		got, ok, err := local.Secret(t.Context(), key)
		if err != nil || got != want || ok != (want != "") {
			t.Errorf("%q: got %q, %v, %v", key, got, ok, err)
		}
	}
}

func TestAKeyCannotReachOutOfTheFolder(t *testing.T) {
	t.Parallel()
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	path := t.TempDir()
	if err := os.Symlink(outside, filepath.Join(path, "link")); err != nil {
		t.Fatal(err)
	}
	if got, ok, _ := secrets.NewLocal(config.Config{}, path).Secret(t.Context(), "link"); ok || got != "" {
		t.Errorf("a link leads out: %q", got)
	}
}

func TestAFolderThatIsNotThereHasNoSecrets(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", filepath.Join(t.TempDir(), "none")} {
		if got, ok, err := secrets.NewLocal(config.Config{}, path).Secret(t.Context(), "a"); ok || err != nil {
			t.Errorf("got %q, %v, %v", got, ok, err)
		}
	}
}
