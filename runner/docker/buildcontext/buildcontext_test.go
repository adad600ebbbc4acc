package buildcontext

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

func TestIgnorePatterns(t *testing.T) {
	t.Parallel()
	cases := []struct{ patterns, in, out string }{ // in and out: paths that are ignored, and not
		{"a", "a a/b a/b/c", "b/a ab"},
		{"/a", "a a/b", "b/a"},
		{"a/", "a a/b", "b"},
		{"./a//b/../c", "a/c", "a/b"},
		{"*.md", "x.md", "d/x.md x.mdx"},
		{"*/*.md", "d/x.md", "x.md d/e/x.md"},
		{"**/*.md", "x.md d/x.md d/e/x.md", "x.mdx"},
		{"a/**", "a/b a/b/c", "b"},
		{"a/**/z", "a/z a/b/z a/b/c/z/y", "az a/bz"},
		{"?.go", "a.go", "ab.go .go a/.go"},
		{"[ab].go", "a.go b.go", "c.go"},
		{"[^a].go", "b.go", "a.go"},
		{"\\*", "*", "a"},
		{"a.b", "a.b", "axb"},
		{"*\n!keep\n!d/keep", "a d d/a", "keep d/keep keep/x"},
		{"!a\na", "a", "b"},
		{"a\n!a/b\na/b/c", "a a/x a/b/c", "a/b a/b/d"},
		{"# comment\n\n  a  \r\n", "a", "# comment"},
		{".", "", "a"},
		{"!", "", "a"},
	}
	for _, c := range cases {
		i, err := parseIgnore(c.patterns)
		if err != nil {
			t.Errorf("%q: %v", c.patterns, err)
		}
		for want, names := range map[bool]string{true: c.in, false: c.out} {
			for name := range strings.FieldsSeq(names) {
				if got := i.ignored(name); got != want {
					t.Errorf("%q: %s is ignored: %v", c.patterns, name, got)
				}
			}
		}
	}
	for _, bad := range []string{"a[", "x\\", "[z-a]"} {
		if _, err := parseIgnore("ok\n" + bad); err == nil || !strings.Contains(err.Error(), ":2:") {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

func FuzzIgnore(f *testing.F) {
	f.Add("a/**/*.x\n![!b]\\*", "a/b/c.x")
	f.Add("[]a]", "a")
	f.Fuzz(func(_ *testing.T, patterns, name string) {
		if i, err := parseIgnore(patterns); err == nil {
			i.ignored(name)
		}
	})
}

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func archived(t *testing.T, c Context) (map[string]string, error) {
	t.Helper()
	var buf bytes.Buffer
	if err := c.WriteTo(t.Context(), &buf); err != nil {
		return nil, err
	}
	found := map[string]string{}
	for archive := tar.NewReader(&buf); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		if header.Uid != 0 || header.Uname != "" {
			t.Errorf("%s belongs to %d %q", header.Name, header.Uid, header.Uname)
		}
		found[header.Name] = string(content) + header.Linkname
	}
}

func TestTheArchiveHasTheFolderAndTheDockerfile(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"a.txt": "a", "d/b": "b", "d/skip": "", "cache/x": "", "cache/keep": "k", ".heitan/tmp/secret": "s",
		".dockerignore": "cache\n!cache/keep\nd/skip\n",
	})
	if err := os.Symlink("../a.txt", filepath.Join(dir, "d/link")); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mkfifo(filepath.Join(dir, "pipe"), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := archived(t, Context{
		Dir: dir, Dockerfile: "FROM x\n", DockerfileName: "Dockerfile.heitan", MaxBytes: 1000, MaxFiles: 100,
		Skip: func(name string) bool { return name == ".heitan/tmp" },
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"Dockerfile.heitan": "FROM x\n", ".dockerignore": "cache\n!cache/keep\nd/skip\n", ".heitan/": "",
		"a.txt": "a", "d/": "", "d/b": "b", "d/link": "../a.txt", "cache/keep": "k",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("archive (-want +got):\n%s", diff)
	}
	if got, err := archived(t, Context{Dockerfile: "FROM x\n", DockerfileName: "D"}); err != nil || len(got) != 1 {
		t.Errorf("without a folder: got %v, %v", got, err)
	}
}

func TestTheArchiveIsBounded(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"a": "12345", "b": "12345", "c": ""})
	for limits, fits := range map[[2]int]bool{{10, 3}: true, {9, 3}: false, {4, 3}: false, {10, 2}: false} {
		_, err := archived(t, Context{Dir: dir, DockerfileName: "D", MaxBytes: int64(limits[0]), MaxFiles: limits[1]})
		if _, tooLarge := errors.AsType[*TooLargeError](err); tooLarge == fits || (err == nil) != fits {
			t.Errorf("%v: got %v", limits, err)
		}
	}
}

func TestACancelledArchiveStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("stopped")
	cancel(why)
	c := Context{Dir: folder(t, map[string]string{"a": ""}), DockerfileName: "D", MaxBytes: 1, MaxFiles: 1}
	if err := c.WriteTo(ctx, io.Discard); !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
}
