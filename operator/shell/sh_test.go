package shell_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

func TestShSeesParamsAsVariables(t *testing.T) {
	t.Parallel()
	script := `printf '%s|' "$plain" "$number" "$float" "$yes" "$nothing" "$map" "$list" "$own" "$deep" "$TOKEN" "${_command-unset}"; env | grep -c '^a-b='`
	d := run(t, "sh", parse(t, `{"own": "x y", "a-b": 1, "plain": "task's"}`).With("_command", script).With("_env", params.Of("TOKEN", "t", "own", "from _env")),
		operatortest.WithParams(parse(t, `{"plain": "inherited", "number": 42, "float": 1.5, "yes": true, "nothing": null,
			"map": {"a": {"b": "\""}}, "list": [1, "x"], "sh": {"deep": "default", "plain": "default"}}`)))
	want := `task's|42|1.5|true|null|{"a":{"b":"\""}}|[1,"x"]|from _env|default|t|unset|0` + "\n"
	if diff := cmp.Diff(want, d.record.Output()); diff != "" {
		t.Error(diff)
	}
}

func TestShInheritsTheEnvironmentOfHeitan(t *testing.T) {
	t.Setenv("HEITAN_SHELL_TEST", "inherited")
	d := run(t, "sh", params.Of("_command", `echo "$HEITAN_SHELL_TEST"`)).succeed(t)
	if d.record.Output() != "inherited\n" {
		t.Errorf("output = %q", d.record.Output())
	}
}

func TestShRunsInTheWorkingDirectory(t *testing.T) {
	t.Parallel()
	req, record := request(t, "sh", params.Of("_command", "pwd; cat here; echo $0; echo made > ../made"),
		operatortest.WithFiles(map[string]string{"sub/dir/here": "file\n"}))
	req.Workspace.Dir = "sub/dir"
	runRequest(t, processes(), req, record).succeed(t)
	want := req.Workspace.Root + "/sub/dir\nfile\n../../.heitan/tmp/" + req.Token + "/runner.sh\n"
	if diff := cmp.Diff(want, record.Output()); diff != "" {
		t.Error(diff)
	}
	if made, err := os.ReadFile(filepath.Join(req.Workspace.Root, "sub", "made")); err != nil || string(made) != "made\n" {
		t.Errorf("file = %q, %v", made, err)
	}
}

func TestShEndsWithItsLastCommand(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, script, message, hint string }{
		{"a failing line in the middle", "false\necho on", "", ""},
		{"exit code", "exit 3", "Command failed with code 3", ""},
		{"failing last line", "echo x\nfalse", "Command failed with code 1", ""},
		{"command not found", "no-such-command-here", "Command failed with code 127", "code 127 usually means that a command was not found"},
		{"file not executable", "touch f; ./f", "Command failed with code 126", "code 126 usually means that a file cannot be executed"},
		{"signal", "kill -KILL $$", "Command failed with code 137", "it was ended by SIG"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := run(t, "sh", params.Of("_command", c.script))
			if c.message == "" {
				d.succeed(t)
				return
			}
			f := d.failure(t)
			if f.Message != c.message || f.Kind != operator.KindRuntime || !strings.HasPrefix(f.Hint, c.hint) {
				t.Errorf("failure = %s, hint %s", f, f.Hint)
			}
		})
	}
}

func TestShTakesSecretsInItsTextAndItsEnvironmentOnly(t *testing.T) {
	t.Parallel()
	d := run(t, "sh", params.Of("_command", `echo "${secret:a.b} $KEY $other"`, "_env", params.Of("KEY", "<${secret:k}>"), "other", "${secret:k}"),
		operatortest.WithSecrets(map[string]string{"a.b": "one", "k": "two"})).succeed(t)
	if diff := cmp.Diff("one <two> ${secret:k}\n", d.record.Output()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"two", "one"}, d.record.Revealed()); diff != "" {
		t.Error(diff)
	}
	for _, own := range []*params.Object{
		params.Of("_command", "${secret:none}"),
		params.Of("_command", "true", "_env", params.Of("A", "${secret:none}")),
	} {
		if f := run(t, "sh", own).failure(t); f.Error() != "Secret not found for key: 'none' (config)" {
			t.Errorf("failure = %s", f)
		}
	}
	if f := run(t, "sh", params.Of("_command", "echo ${foo:-x}")).failure(t); f.Error() != "Invalid parametrization: '${foo:-x}' (config)" {
		t.Errorf("failure = %s", f)
	}
}

func TestShReadsItsEnvironmentFromItsOwnKeysOnly(t *testing.T) {
	t.Parallel()
	d := run(t, "sh", params.Of("_command", `echo "${X-unset}"`), operatortest.WithParams(params.Of("_env", params.Of("X", "1")))).succeed(t)
	if d.record.Output() != "unset\n" {
		t.Errorf("output = %s", d.record.Output())
	}
	if f := run(t, "sh", params.Of("_command", "true", "_env", params.Of("A-B", "1"))).failure(t); f.Error() != "Invalid _env key name: A-B (config)" {
		t.Errorf("failure = %s", f)
	}
}

func TestShScriptMayBeLongerThanAnArgument(t *testing.T) {
	t.Parallel()
	script := strings.Repeat("# a long comment, and one more, and so on\n", 100_000) + "echo end"
	if out := run(t, "sh", params.Of("_command", script)).succeed(t).record.Output(); out != "end\n" {
		t.Errorf("output = %q", out)
	}
}

func TestShLeavesOutParamsThatDoNotFitIntoAnEnvironment(t *testing.T) {
	t.Parallel()
	inherited := params.Of("large", strings.Repeat("x", 128<<10), "zero", "a\x00b", "small", "s")
	for i := range 30 {
		inherited = inherited.With("half"+string(rune('a'+i%26))+string(rune('a'+i/26)), strings.Repeat("y", 100_000+i))
	}
	d := run(t, "sh", params.Of("_command", `echo "$small ${large-unset} ${zero-unset} ${#halfaa} ${#halfdb}"`), operatortest.WithParams(inherited)).succeed(t)
	if diff := cmp.Diff("s unset unset 100000 0\n", d.record.Output()); diff != "" {
		t.Error(diff)
	}
	if log := d.record.Log(); !strings.Contains(log, "level=WARN") || !strings.Contains(log, `params="large, zero, halfdb, halfcb`) {
		t.Errorf("log = %s", log)
	}
}

func TestShShells(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		shell params.Value
		want  []string
	}{
		{"default", nil, []string{"/bin/sh", ".heitan/tmp/token-1/runner.sh"}},
		{"text", "bash", []string{"bash", ".heitan/tmp/token-1/runner.sh"}},
		{"list", params.List{"/bin/bash", "-eu", "-o", "pipefail"}, []string{"/bin/bash", "-eu", "-o", "pipefail", ".heitan/tmp/token-1/runner.sh"}},
		{"list as text", `["/bin/bash", "-e"]`, []string{"/bin/bash", "-e", ".heitan/tmp/token-1/runner.sh"}},
		{"PowerShell", params.List{"powershell.exe"}, []string{"powershell.exe", ".heitan/tmp/token-1/runner.ps1"}},
		{"PowerShell as long ago", params.List{"PowerShell.exe", "-"}, []string{"PowerShell.exe", ".heitan/tmp/token-1/runner.ps1"}},
		{"PowerShell of today", params.List{"/usr/bin/pwsh", "-NoProfile"}, []string{"/usr/bin/pwsh", "-NoProfile", ".heitan/tmp/token-1/runner.ps1"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			req, _ := request(t, "sh", params.Of("_command", "x", "shell", c.shell))
			if diff := cmp.Diff(c.want, planned(t, req).Command); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestShOtherShellRunsTheScript(t *testing.T) {
	t.Parallel()
	d := run(t, "sh", params.Of("_command", "false\necho not reached"), operatortest.WithParams(params.Of("sh", params.Of("shell", params.List{"/bin/sh", "-e"}))))
	if d.failure(t).Message != "Command failed with code 1" || d.record.Output() != "" {
		t.Errorf("failure = %v, output %s", d.err, d.record.Output())
	}
	f := run(t, "sh", params.Of("_command", "x", "shell", "/no/such/shell")).failure(t)
	if f.Kind != operator.KindConfig || !strings.Contains(f.Message, "/no/such/shell") || !strings.Contains(f.Hint, "`shell:`") {
		t.Errorf("failure = %s, hint %s", f, f.Hint)
	}
}

func TestShNeedsText(t *testing.T) {
	t.Parallel()
	if f := run(t, "sh", params.Of("_command", nil)).failure(t); f.Error() != "Parameter '_command' is required but not set (config)" {
		t.Errorf("failure = %s", f)
	}
	if f := run(t, "sh", params.Of("_command", params.List{int64(1)})).failure(t); f.Error() != "Expected string type for key '_command' but got [1] (list) (config)" {
		t.Errorf("failure = %s", f)
	}
}

func TestEveryOwnKeyOfAScriptIsUsed(t *testing.T) {
	t.Parallel()
	d := run(t, "sh", params.Of("_command", "true", "anything", "x")).succeed(t)
	if unused := d.req.Params.Unused(); len(unused) > 0 {
		t.Errorf("unused = %v", unused)
	}
}

func TestShReportsWhatTheCommandUsed(t *testing.T) {
	t.Parallel()
	for _, script := range []string{"i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; exit 1"} {
		if used := run(t, "sh", params.Of("_command", script)).result.Usage; used.CPUTime <= 0 {
			t.Errorf("usage of %q = %+v", script, used)
		}
	}
}
