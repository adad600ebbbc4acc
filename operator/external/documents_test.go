package external_test

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/internal/testenv"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

func TestEveryKeyOfARequestIsDocumented(t *testing.T) {
	t.Parallel()
	req, _ := request(t, "cat > seen.json\necho {}", params.Empty())
	if _, err := run(t, req); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(req.Workspace.Root, "seen.json"))
	if err != nil {
		t.Fatal(err)
	}
	seen, err := params.ParseObject(text)
	if err != nil {
		t.Fatal(err)
	}
	reference, err := os.ReadFile("../../docs/reference/custom-operators.md")
	if err != nil {
		t.Fatal(err)
	}
	task, _ := seen.Object("task")
	for _, key := range append(seen.Keys(), task.Keys()...) {
		if !strings.Contains(string(reference), "`"+key+"`") {
			t.Errorf("docs/reference/custom-operators.md does not have %s", key)
		}
	}
}

func TestExampleWaitsForItsRows(t *testing.T) {
	t.Parallel()
	testenv.Need(t, testenv.Python)
	req, record := exampleRequest(t, params.Of("_command", "rows.csv", "rows", "2", "interval", "5s"))
	mine := find(t, req)
	for _, rows := range []string{"", "one\n"} {
		if rows != "" {
			if err := os.WriteFile(filepath.Join(req.Workspace.Root, "rows.csv"), []byte(rows), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		result, err := mine.Run(t.Context(), req)
		if err != nil || result.Poll == nil || result.Poll.After.Seconds() != 5 {
			t.Fatalf("result %+v, %v\n%s", result, err, record.Output())
		}
		req.Checkpoint = result.Poll.Checkpoint
	}
	if err := os.WriteFile(filepath.Join(req.Workspace.Root, "rows.csv"), []byte("one\ntwo\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	result, err := run(t, req)
	if err != nil {
		t.Fatal(err, record.Output())
	}
	if diff := cmp.Diff(`{"wait_rows":{"file":"rows.csv","rows":2,"looks":3}}`, params.JSON(result.Store)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("rows.csv has 0 of 2 rows\nrows.csv has 1 of 2 rows\nrows.csv has 2 of 2 rows\n", record.Output()); diff != "" {
		t.Error(diff)
	}
}

func TestExampleNeedsAFile(t *testing.T) {
	t.Parallel()
	testenv.Need(t, testenv.Python)
	req, _ := exampleRequest(t, params.Empty())
	if _, err := run(t, req); err == nil || err.Error() != "wait_rows> needs the name of a file (config)" {
		t.Errorf("error = %v", err)
	}
}

// exampleRequest makes a request for the operator of the example, in a copy of it.
func exampleRequest(t testing.TB, own *params.Object) (*operator.Request, *operatortest.Record) {
	t.Helper()
	req, record := operatortest.Request(t, own)
	req.Type, req.Environ, req.Token = "wait_rows", os.Environ(), rand.Text()
	if err := os.CopyFS(req.Workspace.Root, os.DirFS("../../examples/custom-operator")); err != nil {
		t.Fatal(err)
	}
	return req, record
}
