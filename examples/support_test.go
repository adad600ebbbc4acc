// Package examples_test runs every example with the real command and real services.
package examples_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	_ "time/tzdata"

	"github.com/heitan/heitan/cli"
)

// beHeitan makes this test program the real command.
const beHeitan = "HEITAN_EXAMPLES_RUN"

func TestMain(m *testing.M) {
	if os.Getenv(beHeitan) != "" {
		os.Exit(cli.Main(cli.System()))
	}
	os.Exit(m.Run())
}

// example is a copy of the folder of an example.
type example struct {
	t    *testing.T
	dir  string
	path string // first folder of PATH; "" for none
}

func open(t *testing.T, name string) *example {
	t.Helper()
	t.Parallel()
	e := &example{t: t, dir: filepath.Join(t.TempDir(), name)}
	if err := os.CopyFS(e.dir, os.DirFS(name)); err != nil {
		t.Fatal(err)
	}
	// What an earlier run by hand has left is not part of the example.
	for _, left := range []string{".heitan/state", ".heitan/tmp", "out", "work", "counts"} {
		if err := os.RemoveAll(filepath.Join(e.dir, left)); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// run runs a workflow, which must succeed, and returns what it printed.
func (e *example) run(args ...string) string {
	e.t.Helper()
	out, err := e.heitan(append([]string{"run"}, args...)...)
	if err != nil {
		e.t.Fatalf("heitan run %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// fail runs a workflow, which must fail, and returns what it printed.
func (e *example) fail(args ...string) string {
	e.t.Helper()
	out, err := e.heitan(append([]string{"run"}, args...)...)
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 1 {
		e.t.Fatalf("heitan run %s ended with %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// heitan runs the real command in the example's folder.
func (e *example) heitan(args ...string) (string, error) {
	cmd := e.command(os.Args[0], args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

func (e *example) command(program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.WithoutCancel(e.t.Context()), program, args...)
	cmd.Dir = e.dir
	cmd.Env = append(os.Environ(), beHeitan+"=1", "HOME="+e.t.TempDir(), "TZ=UTC")
	if e.path != "" {
		cmd.Env = append(cmd.Env, "PATH="+e.path+string(os.PathListSeparator)+os.Getenv("PATH"))
	}
	if host := os.Getenv("HEITAN_TEST_DOCKER"); host != "" {
		cmd.Env = append(cmd.Env, "DOCKER_HOST="+host)
	}
	return cmd
}

// file is the text of a file that the example made.
func (e *example) file(name string) string {
	e.t.Helper()
	data, err := os.ReadFile(filepath.Join(e.dir, name))
	if err != nil {
		e.t.Fatal(err)
	}
	return string(data)
}

// wantLines checks that text has each of the lines.
func wantLines(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains("\n"+strings.ReplaceAll(text, "\r\n", "\n")+"\n", "\n"+line+"\n") {
			t.Errorf("there is no line %q in\n%s", line, text)
		}
	}
}
