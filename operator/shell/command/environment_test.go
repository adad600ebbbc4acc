package command_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/params"
)

func TestVariablesAreTextWithSecrets(t *testing.T) {
	t.Parallel()
	req, _ := operatortest.Request(t, params.Of("_env", params.Of(
		"TEXT", "a b", "NUMBER", int64(3), "LIST", params.List{int64(1), "x"}, "NULL", nil, "SECRET", "-${secret:k}-")),
		operatortest.WithSecrets(map[string]string{"k": "v"}))
	env, err := command.Variables(t.Context(), req)
	if diff := cmp.Diff([]string{"TEXT=a b", "NUMBER=3", `LIST=[1,"x"]`, "NULL=", "SECRET=-v-"}, env); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestNamesOfVariables(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"a": true, "_": true, "A_1": true, "": false, "1a": false, "a-b": false, "a.b": false, "é": false, "a\n": false} {
		if got := command.IsVariableName(name); got != want {
			t.Errorf("IsVariableName(%q) = %v", name, got)
		}
	}
}

func TestLookPath(t *testing.T) {
	t.Parallel()
	first, second := t.TempDir(), t.TempDir()
	write := func(mode os.FileMode, parts ...string) string {
		path := filepath.Join(parts...)
		if err := os.WriteFile(path, nil, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	both := write(0o755, first, "both")
	write(0o755, second, "both")
	write(0o644, first, "tool")
	tool := write(0o755, second, "tool")
	if err := os.Mkdir(filepath.Join(first, "dir"), 0o755); err != nil {
		t.Fatal(err)
	}
	environ := []string{"PATH=/nowhere", "X=1", "PATH=relative:" + first + "::" + second}
	for program, want := range map[string]string{"both": both, "tool": tool, "dir": "", "none": ""} {
		if got, ok := command.LookPath(environ, program); got != want || ok != (want != "") {
			t.Errorf("LookPath(%s) = %s, %v", program, got, ok)
		}
	}
	if _, ok := command.LookPath(nil, "both"); ok {
		t.Error("found without a PATH")
	}
}
