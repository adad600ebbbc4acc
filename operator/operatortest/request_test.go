package operatortest_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

func TestRequestGivesTheOperatorItsWholeWorld(t *testing.T) {
	t.Parallel()
	req, record := operatortest.Request(t,
		params.Of("_command", "mail.txt", "_secrets", params.Of("http.user", "team.user")),
		operatortest.WithParams(params.Of("user", params.Of("name", "Anne"), "n", int64(3))),
		operatortest.WithSecrets(map[string]string{"team.user": "anne"}),
		operatortest.WithFiles(map[string]string{"mail.txt": "${user.name} has ${n}", "data/x.csv": "1,2\n"}))

	command, _ := req.Params.Command()
	text, err := req.Template(t.Context(), command)
	if err != nil || text != "Anne has 3" {
		t.Errorf("template = %q, %v", text, err)
	}
	secret, err := req.Secrets.Get(t.Context(), "http.user")
	if err != nil || secret != "anne" {
		t.Errorf("secret = %q, %v", secret, err)
	}
	if diff := cmp.Diff([]string{"anne"}, record.Revealed()); diff != "" {
		t.Error(diff)
	}
	path, err := req.Workspace.Resolve("data/x.csv")
	if err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "1,2\n" {
		t.Errorf("file = %q, %v", data, err)
	}
}

func TestRecordKeepsWhatTheOperatorWrote(t *testing.T) {
	t.Parallel()
	req, record := operatortest.Request(t, params.Empty())
	if _, err := req.Output.Write([]byte("hello\n")); err != nil {
		t.Fatal(err)
	}
	req.Log.Warn("slow", "tries", 2)
	if err := req.SaveCheckpoint(t.Context(), params.Of("at", int64(1))); err != nil {
		t.Fatal(err)
	}
	if record.Output() != "hello\n" || record.Log() != "level=WARN msg=slow tries=2\n" {
		t.Errorf("output %q, log %q", record.Output(), record.Log())
	}
	if got := record.Checkpoints(); len(got) != 1 || params.JSON(got[0]) != `{"at":1}` {
		t.Errorf("checkpoints = %v", got)
	}
}

func TestRenderNamesTheFileWithTheUnknownVariable(t *testing.T) {
	t.Parallel()
	req, _ := operatortest.Request(t, params.Empty())
	_, err := req.Render(t.Context(), "q.sql", "select ${table}")
	want := `Failed to evaluate a variable ${table} (ReferenceError: "table" is not defined) in q.sql (config)`
	if err == nil || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
}
