package process

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/runner"
)

func TestEnvironment(t *testing.T) {
	t.Parallel()
	own := []string{"PATH=/bin", "HOME=/root", "SECRET=own"}
	cases := map[string]struct {
		spec runner.Spec
		want []string
	}{
		"only the spec's": {runner.Spec{Env: []string{"A=1"}}, []string{"A=1"}},
		"inherited":       {runner.Spec{InheritEnv: true, Env: []string{"HOME=/x"}}, []string{"PATH=/bin", "SECRET=own", "HOME=/x"}},
		"later wins":      {runner.Spec{Env: []string{"A=1", "B=2", "A=3"}}, []string{"B=2", "A=3"}},
		"odd values":      {runner.Spec{Env: []string{"A==", "B=x\ny", "C="}}, []string{"A==", "B=x\ny", "C="}},
		"a forged token":  {runner.Spec{Env: []string{TokenVariable + "=other"}}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.spec.Token = "t"
			got, err := environment(c.spec, own)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(append(c.want, TokenVariable+"=t"), got); diff != "" {
				t.Errorf("environment (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSpecsThatCanNeverStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, mode := range map[string]os.FileMode{"plain": 0o644, "tool": 0o755} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"), mode); err != nil {
			t.Fatal(err)
		}
	}
	ok := runner.Spec{Token: "t", Command: []string{"./tool"}, Dir: dir}
	cases := map[string]struct {
		change  func(s *runner.Spec)
		mention string
	}{
		"no command":          {func(s *runner.Spec) { s.Command = nil }, "empty"},
		"an empty program":    {func(s *runner.Spec) { s.Command = []string{""} }, "empty"},
		"a NUL in arguments":  {func(s *runner.Spec) { s.Command = []string{"true", "a\x00b"} }, "argument 1"},
		"a NUL in variables":  {func(s *runner.Spec) { s.Env = []string{"A=secret\x00"} }, "variable A"},
		"a nameless variable": {func(s *runner.Spec) { s.Env = []string{"=secret"} }, "name"},
		"no token":            {func(s *runner.Spec) { s.Token = "" }, "token"},
		"a path as token":     {func(s *runner.Spec) { s.Token = "../../etc" }, "token"},
		"a long token":        {func(s *runner.Spec) { s.Token = strings.Repeat("x", 129) }, "token"},
		"dots as token":       {func(s *runner.Spec) { s.Token = ".." }, "token"},
		"a relative folder":   {func(s *runner.Spec) { s.Dir = "here" }, "absolute"},
		"a file as folder":    {func(s *runner.Spec) { s.Dir = filepath.Join(dir, "plain") }, "not a directory"},
		"a folder as program": {func(s *runner.Spec) { s.Command = []string{dir} }, "is a directory"},
		"not executable":      {func(s *runner.Spec) { s.Command = []string{"./plain"} }, "chmod"},
		"not executable in PATH": {func(s *runner.Spec) {
			s.Command, s.Env = []string{"plain"}, []string{"PATH=/nowhere:" + dir}
		}, "not executable"},
		"not in the spec's PATH": {func(s *runner.Spec) {
			s.Command, s.Env = []string{"sh"}, []string{"PATH=/nowhere"}
		}, "PATH is /nowhere"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := ok
			c.change(&spec)
			_, err := resolve(spec, os.Environ())
			var wrong *runner.SpecError
			if !errors.As(err, &wrong) || !strings.Contains(wrong.Error()+wrong.Hint, c.mention) {
				t.Errorf("got %v, want a *runner.SpecError with %q", err, c.mention)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("%q shows a value", err)
			}
		})
	}
	if _, err := resolve(ok, nil); err != nil {
		t.Errorf("got %v for a good spec", err)
	}
}

func TestProgramsAreFoundAsAShellDoes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"a/tool", "b/tool", "b/other"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	cases := []struct{ name, path, want string }{
		{"tool", a + ":" + b, filepath.Join(a, "tool")},
		{"other", a + ":" + b, filepath.Join(b, "other")},
		{"tool", "b:a", filepath.Join(b, "tool")},
		{"a/tool", "/nowhere", filepath.Join(a, "tool")},
		{filepath.Join(b, "tool"), "", filepath.Join(b, "tool")},
	}
	for _, c := range cases {
		if got, err := findProgram(c.name, c.path, dir); err != nil || got != c.want {
			t.Errorf("%s in %s: got %s, %v, want %s", c.name, c.path, got, err, c.want)
		}
	}
}

func TestFailedStartsAreExplained(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script := filepath.Join(dir, "script")
	if err := os.WriteFile(script, []byte("#!/bin/bash\r\necho\r\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	p := program{file: script, args: []string{"script"}, env: []string{"TOKEN=secret", "BIG=" + strings.Repeat("x", 1000)}}
	cases := map[syscall.Errno]string{
		syscall.ENOENT:  `"/bin/bash\r"`,
		syscall.ENOEXEC: "#!/bin/sh",
		syscall.EACCES:  "must not be run",
		syscall.E2BIG:   "the variable BIG with 1004 bytes",
	}
	for errno, mention := range cases {
		var wrong *runner.SpecError
		if err := explain(p, errno); !errors.As(err, &wrong) || !strings.Contains(err.Error()+wrong.Hint, mention) {
			t.Errorf("%v: got %v, want %q", errno, err, mention)
		}
	}
	var wrong *runner.SpecError
	if err := explain(p, syscall.EAGAIN); errors.As(err, &wrong) || !errors.Is(err, syscall.EAGAIN) {
		t.Errorf("got %v for a start that may succeed later", err)
	}
}

func FuzzHandle(f *testing.F) {
	f.Add(`{"token":"t","machine":"m","pid":1,"started":2}`)
	f.Add(`{"token":"../x"}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, state string) {
		got, err := parseHandle(runner.Handle{Runner: Name, Version: handleVersion, State: state})
		if err != nil {
			return
		}
		if runner.CheckToken(got.Token) != nil {
			t.Errorf("accepted the token %q", got.Token)
		}
		if again, err := parseHandle(got.handle()); err != nil || again != got {
			t.Errorf("got %+v, %v, want %+v", again, err, got)
		}
	})
}
