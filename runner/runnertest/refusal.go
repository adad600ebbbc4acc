package runnertest

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/heitan/heitan/runner"
)

func (h Harness) testRefusal(t *testing.T) {
	cases := []struct {
		name    string
		change  func(k *task)
		mention string
	}{
		{"a program that is not there", func(k *task) {
			k.spec.Command = []string{"no-such-program", "--help"}
		}, "no-such-program"},
		{"a path that is not there", func(k *task) {
			k.spec.Command = []string{"./missing.sh"}
		}, "missing.sh"},
		{"a file that is not executable", func(k *task) {
			k.file("plain.sh", "#!/bin/sh\necho hello\n", 0o644)
			k.spec.Command = []string{"./plain.sh"}
		}, "plain.sh"},
		{"a script whose interpreter is not there", func(k *task) {
			k.file("script", "#!/no/such/interpreter\n", 0o755)
			k.spec.Command = []string{"./script"}
		}, "script"},
		{"a folder that is not there", func(k *task) {
			k.spec.Dir = filepath.Join(k.spec.Workspace, "gone")
		}, "gone"},
	}
	for _, c := range cases {
		h.inShell(t, true, c.name+" is an error in the spec", func(t *testing.T) {
			t.Parallel()
			k := h.shell(t, "echo hello")
			c.change(k)
			_, err := k.runner.Start(k.ctx, k.spec, &Output{})
			if _, ok := errors.AsType[*runner.SpecError](err); !ok {
				t.Fatalf("got %v (%T), want a *runner.SpecError", err, err)
			}
			if !strings.Contains(err.Error(), c.mention) {
				t.Errorf("%q does not mention %q", err, c.mention)
			}
			if left := h.Remains(t, k.spec); left != (Remains{}) {
				t.Errorf("%+v is left", left)
			}
		})
	}
	t.Run("a cancelled start leaves nothing that a later one does not find", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("hello\n"))
		ctx, cancel := context.WithCancel(k.ctx)
		cancel()
		if _, err := k.runner.Start(ctx, k.spec, &Output{}); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want %v", err, context.Canceled)
		}
		if outcome, output := k.ran(); outcome.ExitCode != 0 || output != "hello\n" {
			t.Errorf("got %+v, %q", outcome, output)
		}
	})
}
