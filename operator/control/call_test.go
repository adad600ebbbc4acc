package control_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

var calledFiles = map[string]string{
	"plain.dig": "+a: {echo>: plain}\n",
	"top.dig": "timezone: Asia/Tokyo\nschedule: {daily>: '07:00:00'}\nsla: {time: '09:00', +x: {echo>: late}}\n" +
		"_export: {x: 1}\n_parallel: true\n_error: {echo>: failed}\n+a: {echo>: a}\n",
	"sub/here.dig":         "+a: {echo>: here}\n",
	"sub/deep/er.dig":      "_export: {_workdir: data}\n+a: {echo>: er}\n",
	"sub/including.dig":    "!include : parts/one.dig\n+b: {echo>: b}\n",
	"sub/parts/one.dig":    "+a: {echo>: a}\n",
	"single.dig":           "echo>: single\n",
	"name with blanks.dig": "+a: {echo>: blanks}\n",
}

// callIn runs call> in a folder of a project with the files above.
func callIn(t *testing.T, dir, name string) (operator.Result, error) {
	t.Helper()
	op, req, _ := task(t, "call>: "+params.JSON(name), operatortest.WithFiles(calledFiles))
	req.Workspace.Dir = dir
	return op.Run(t.Context(), req)
}

func TestCallRunsTheBodyOfTheFile(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ dir, name, want string }{
		{"", "plain", `{"+a":{"echo>":"plain"}}`},
		{"", "plain.dig", `{"+a":{"echo>":"plain"}}`},
		{"", "./plain", `{"+a":{"echo>":"plain"}}`},
		{"", "name with blanks", `{"+a":{"echo>":"blanks"}}`},
		{"", "single", `{"echo>":"single"}`},
		{"", "top", `{"_export":{"x":1},"_parallel":true,"_error":{"echo>":"failed"},"+a":{"echo>":"a"}}`},
		{"", "sub/here", `{"+a":{"echo>":"here"},"_export":{"_workdir":"sub"}}`},
		{"sub", "here", `{"+a":{"echo>":"here"},"_export":{"_workdir":"sub"}}`},
		{"sub", "deep/er.dig", `{"_export":{"_workdir":"sub/deep/data"},"+a":{"echo>":"er"}}`},
		{"sub/deep", "../here", `{"+a":{"echo>":"here"},"_export":{"_workdir":"sub"}}`},
		{"sub", "../plain", `{"+a":{"echo>":"plain"}}`},
		{"", "sub/including", `{"+a":{"echo>":"a"},"+b":{"echo>":"b"},"_export":{"_workdir":"sub"}}`},
	} {
		t.Run(tc.dir+" "+tc.name, func(t *testing.T) {
			t.Parallel()
			result, err := callIn(t, tc.dir, tc.name)
			if err != nil {
				t.Fatal(err)
			}
			if got := params.JSON(result.Subtasks); got != tc.want {
				t.Errorf("subtasks:\n got %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestCallTakesAnAbsolutePathInTheProject(t *testing.T) {
	t.Parallel()
	op, req, _ := task(t, "call>: x", operatortest.WithFiles(calledFiles))
	name := filepath.Join(req.Workspace.Root, "sub", "here")
	req.Params = operator.NewParams(params.Of("_command", name), params.Of("_command", name))
	result, err := op.Run(t.Context(), req)
	if err != nil || compiled(t, result).Children[0].Pos.String() != "sub/here.dig:1:1" {
		t.Errorf("result = %+v, %v", result, err)
	}
}

func TestCallRefusesWhatIsNoFileOfTheProject(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ dir, name, want string }{
		{"", "missing", "test.dig:1:1: File not found: missing.dig (config)"},
		{"sub", "plain", "test.dig:1:1: File not found: sub/plain.dig (config)"},
		{"", "", "File not found:  (config)"},
		{"sub", "..", "File not found: .. (config)"},
		{"", "sub", "test.dig:1:1: File not found: sub.dig (config)"},
		{"", "../other/x", "File name must not be outside of project path: ../other/x (config)"},
		{"sub", "../../x", "File name must not be outside of project path: ../../x (config)"},
		{"", "/etc/passwd", "File name must not be outside of project path: /etc/passwd (config)"},
	} {
		t.Run(tc.dir+" "+tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := callIn(t, tc.dir, tc.name)
			if got := failure(t, err); got != tc.want {
				t.Errorf("failure:\n got %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestCallHintsAtAFileOfASimilarName(t *testing.T) {
	t.Parallel()
	_, err := callIn(t, "", "plian")
	f, _ := errors.AsType[*operator.Failure](err)
	if f == nil || f.Hint != "did you mean `plain.dig`?" {
		t.Errorf("failure = %+v", f)
	}
}

func TestCallReportsProblemsOfTheFileWhereTheyStand(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, want string }{
		"empty":       {"", "bad.dig:1:1: Expected object to load Config but got null (config)"},
		"syntax":      {"+a: {echo>: x", "bad.dig:2:1: did not find expected "},
		"unknown key": {"+a:\n  parallel: true\n", "bad.dig:2:3: +a contains invalid keys: 'parallel' (config)"},
		"include":     {"!include : gone.dig\n", "bad.dig:1:12: File not found: gone.dig (config)"},
		"two": {
			"+a:\n  x: 1\n+b:\n  y: 2\n",
			"bad.dig:2:3: 2 problems in the called file:\nbad.dig:2:3: unknown-key: +a contains invalid keys: 'x'",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			op, req, _ := task(t, "call>: bad", operatortest.WithFiles(map[string]string{"bad.dig": tc.text}))
			_, err := op.Run(t.Context(), req)
			if got := failure(t, err); !strings.HasPrefix(got, tc.want) {
				t.Errorf("failure:\n got %s\nwant %s", got, tc.want)
			}
			if problems, ok := errors.AsType[diag.List](err); !ok || problems[0].Code == "" {
				t.Errorf("problems = %v", problems)
			}
		})
	}
}

func TestCallDoesNotFollowLinksOutOfTheProject(t *testing.T) {
	t.Parallel()
	secret := filepath.Join(t.TempDir(), "secret.dig")
	if err := os.WriteFile(secret, []byte("password"), 0o600); err != nil {
		t.Fatal(err)
	}
	op, req, _ := task(t, "call>: link", operatortest.WithFiles(calledFiles))
	if err := os.Symlink(secret, filepath.Join(req.Workspace.Root, "link.dig")); err != nil {
		t.Fatal(err)
	}
	_, err := op.Run(t.Context(), req)
	if got := failure(t, err); !strings.Contains(got, "path escapes from parent") || strings.Contains(got, "password") {
		t.Errorf("failure = %s", got)
	}
	if err := os.Symlink("plain.dig", filepath.Join(req.Workspace.Root, "inside.dig")); err != nil {
		t.Fatal(err)
	}
	inside := params.Of("_command", "inside")
	req.Params = operator.NewParams(inside, inside)
	if _, err := op.Run(t.Context(), req); err != nil {
		t.Errorf("a link within the project: %v", err)
	}
}

func TestCallFailsIfTheProjectIsGone(t *testing.T) {
	t.Parallel()
	op, req, _ := task(t, "call>: plain")
	req.Workspace.Root = filepath.Join(req.Workspace.Root, "gone")
	if _, err := op.Run(t.Context(), req); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error = %v", err)
	}
}
