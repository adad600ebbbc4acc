package external_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

func TestRequestTellsTheWholeTask(t *testing.T) {
	t.Parallel()
	req, record := request(t, "cat > seen.json\necho {}",
		params.Of("_command", params.List{"a", int64(1)}, "own", "x", "_secrets", params.Of("db.password", true, "api", params.Of("key", "other.key"), "off", false)),
		operatortest.WithParams(params.Of("own", "below", "inherited", 1.0)),
		operatortest.WithSecrets(map[string]string{"db.password": "p", "other.key": "k", "unasked": "u"}),
		operatortest.WithFiles(map[string]string{"sub/x": ""}))
	req.Workspace.Dir = "sub"
	req.Checkpoint = params.Of("checkpoint", params.Of("job", "j-1"))
	req.Recovering, req.Token = true, "token-of-the-whole-task"
	req.Task.Retries = 2
	ctx, cancel := context.WithDeadline(t.Context(), operatortest.Now.AddDate(100, 0, 0))
	defer cancel()
	result, err := find(t, req).Run(ctx, req)
	if err != nil {
		t.Fatal(err, record.Output())
	}
	result.Release(t.Context())
	text, err := os.ReadFile(filepath.Join(req.Workspace.Root, "sub", "seen.json"))
	if err != nil {
		t.Fatal(err)
	}
	root := req.Workspace.Root
	const secrets = `{"db.password":true,"api":{"key":"other.key"},"off":false}`
	want := `{"protocol":1,"action":"run","operator":"mine","command":["a",1],"own":{"_command":["a",1],"own":"x","_secrets":` + secrets + `},` +
		`"params":{"own":"x","inherited":1.0,"_command":["a",1],"_secrets":` + secrets + `},"secrets":{"db.password":"p","api.key":"k"},` +
		`"checkpoint":{"job":"j-1"},"recovering":true,"token":"token-of-the-whole-task",` +
		`"task":{"name":"+daily+task","id":4,"retries":2,"project":"sample","project_id":1,"revision":"r1","workflow":"daily","session_id":2,` +
		`"session_uuid":"5ca1ab1e-0000-4000-8000-000000000002","session_time":"2026-04-01T00:00:00Z","timezone":"UTC","attempt_id":3,"retry_attempt_name":""},` +
		`"workspace":"` + root + `","directory":"` + root + `/sub","deadline":"2126-04-01T12:30:00Z"}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"p", "k"}, record.Revealed()); diff != "" {
		t.Error(diff)
	}
}

func TestMissingSecretFailsTheTask(t *testing.T) {
	t.Parallel()
	req, _ := request(t, "echo {}", params.Of("_secrets", params.Of("none", true)))
	if _, err := run(t, req); failureOf(t, err).Error() != "Secret not found for key: 'none' (config)" {
		t.Errorf("error = %v", err)
	}
}

func TestResults(t *testing.T) {
	t.Parallel()
	req, _ := request(t, `echo '{"subtasks": {"+a": {"echo>": "x"}}, "export": {"e": 1}, "store": {"s": {"t": [1.5, null]}}, "reset": ["a.b", "c"]}'`, params.Empty())
	result, err := run(t, req)
	if err != nil {
		t.Fatal(err)
	}
	got := params.JSON(params.List{result.Subtasks, result.Export, result.Store}) + strings.Join(result.Reset, ",")
	if diff := cmp.Diff(`[{"+a":{"echo>":"x"}},{"e":1},{"s":{"t":[1.5,null]}}]a.b,c`, got); diff != "" {
		t.Error(diff)
	}
	if result.Usage.CPUTime == 0 {
		t.Error("what the operator used is not measured")
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	const noJSON = `standard output is for one JSON object, {} if there is nothing to say; messages go to standard error`
	cases := []struct{ name, script, message, hint string }{
		{"reported", `echo '{"failure": {"message": "no table t", "hint": "create it"}}'`, "no table t", "create it"},
		{"reported with a kind", `echo '{"failure": {"message": "no table", "kind": "config"}}'`, "no table (config)", ""},
		{"reported with an exit code", `echo '{"failure": {"message": "no table", "kind": "runtime"}}'; exit 3`, "no table (runtime)", ""},
		{"reported without a message", `echo '{"failure": {}}'`, "the operator failed without a message", ""},
		{"exit code", `echo '{}'; exit 3`, "Operator mine failed with code 3 (runtime)", ""},
		{"signal", `kill -9 $$`, "Operator mine failed with code 137 (runtime)", ""},
		{"nothing printed", `true`, "Operator mine gave no result: it printed nothing (runtime)", noJSON},
		{"no JSON", `echo working...`, "Operator mine gave no result: invalid character 'w' looking for beginning of value (runtime)", noJSON},
		{"more than JSON", `echo '{} done'`, "Operator mine gave no result: unexpected text after the JSON value at byte 3 (runtime)", noJSON},
		{"half a result", `printf '{"store": {'`, "Operator mine gave no result: ", noJSON},
		{"a list", `echo '[]'`, "Operator mine gave no result: expected a JSON object but got a list (runtime)", noJSON},
		{"more than the limit", `head -c 17000000 /dev/zero`, "Operator mine gave no result: result.json has 16.2 MB, which is more than 16 MB (runtime)", noJSON},
		{"unknown key", `echo '{"stores": {}}'`, "Operator mine gave an invalid result: unknown key 'stores' (runtime)", "did you mean `store`?"},
		{"store is no map", `echo '{"store": 1}'`, "Operator mine gave an invalid result: Expected object type for key 'store' but got 1 (number) (runtime)", ""},
		{"two answers", `echo '{"retry_later": {"after": 1}, "store": {}}'`, "Operator mine gave an invalid result: 'retry_later' must be the only key (runtime)", ""},
		{"retry without a time", `echo '{"retry_later": {}}'`, "Operator mine gave an invalid result: 'retry_later' needs 'after', such as \"30s\" or a number of seconds (runtime)", ""},
		{"retry with a wrong key", `echo '{"retry_later": {"after": 1, "state": {}}}'`, "Operator mine gave an invalid result: unknown key 'state' in 'retry_later' (runtime)", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			req, _ := request(t, c.script, params.Empty())
			_, err := run(t, req)
			f := failureOf(t, err)
			if !strings.HasPrefix(f.Error(), c.message) || c.hint != "" && f.Hint != c.hint {
				t.Errorf("failure = %s, hint %s", f, f.Hint)
			}
		})
	}
}

func TestExecutableThatCannotStartIsExplained(t *testing.T) {
	t.Parallel()
	req, _ := request(t, "", params.Empty())
	path := filepath.Join(req.Workspace.Root, operatorFile)
	install(t, path, "#!/no/such/interpreter\n")
	_, err := run(t, req)
	f := failureOf(t, err)
	if !strings.HasPrefix(f.Message, "Operator mine failed with code 12") || f.Hint != "does the first line of "+path+" name an interpreter that this machine has?" {
		t.Errorf("failure = %s, hint %s", f, f.Hint)
	}
}

func TestStandardErrorIsTheLog(t *testing.T) {
	t.Parallel()
	req, record := request(t, "echo reading >&2\necho '{}'", params.Empty())
	if _, err := run(t, req); err != nil {
		t.Fatal(err)
	}
	if record.Output() != "reading\n" {
		t.Errorf("output = %q", record.Output())
	}
}

func TestEnvironmentHoldsOnlyWhatTheTaskSets(t *testing.T) {
	t.Parallel()
	req, record := request(t, `echo "$TOKEN ${own-unset} ${PATH:+path}" >&2; echo '{}'`,
		params.Of("own", "x", "_env", params.Of("TOKEN", "${secret:k}")), operatortest.WithSecrets(map[string]string{"k": "v"}))
	if _, err := run(t, req); err != nil {
		t.Fatal(err)
	}
	if record.Output() != "v unset path\n" {
		t.Errorf("output = %q", record.Output())
	}
}

func TestLargeParamsArriveWhole(t *testing.T) {
	t.Parallel()
	req, record := request(t, `wc -c >&2; echo '{}'`, params.Of("blob", strings.Repeat("x", 8<<20)))
	if _, err := run(t, req); err != nil {
		t.Fatal(err)
	}
	if out := strings.TrimSpace(record.Output()); len(out) != 8 || out < "16777216" { // in own and in params
		t.Errorf("bytes = %s", out)
	}
}

// countdown is an operator that is called until its checkpoint has counted down.
const countdown = `
n=$(sed 's/.*"checkpoint":{"left":\([0-9]*\)}.*/\1/; t; s/.*/3/')
echo "left $n" >&2
[ "$n" = 0 ] && { echo '{"store": {"done": true}}'; exit; }
echo "{\"retry_later\": {\"after\": \"1m 30s\", \"checkpoint\": {\"left\": $((n - 1))}}}"
`

func TestOperatorIsCalledAgainWithItsCheckpoint(t *testing.T) {
	t.Parallel()
	req, record := request(t, countdown, params.Empty())
	mine := find(t, req)
	for range 3 {
		result, err := mine.Run(t.Context(), req)
		if err != nil || result.Poll == nil {
			t.Fatalf("result %+v, %v", result, err)
		}
		if result.Poll.After != 90*time.Second || result.Release != nil || result.Usage.CPUTime == 0 {
			t.Errorf("result = %+v", result)
		}
		expectNothingLeft(t, req)
		req.Checkpoint = result.Poll.Checkpoint
	}
	result, err := mine.Run(t.Context(), req)
	if done, _ := result.Store.Get("done"); err != nil || done != true {
		t.Errorf("store %s, %v", params.JSON(result.Store), err)
	}
	if diff := cmp.Diff("left 3\nleft 2\nleft 1\nleft 0\n", record.Output()); diff != "" {
		t.Error(diff)
	}
}

func TestOperatorCannotAskToBeCalledAllTheTime(t *testing.T) {
	t.Parallel()
	req, _ := request(t, `echo '{"retry_later": {"after": 0.001}}'`, params.Empty())
	result, err := run(t, req)
	if err != nil || result.Poll.After != time.Second || params.JSON(result.Poll.Checkpoint) != `{"checkpoint":{}}` {
		t.Errorf("result %+v, %v", result.Poll, err)
	}
}

// sleeper is an operator that says which action it is called for, and then sleeps
// unless it is to clean up.
const sleeper = `
request=$(cat)
case $request in
*'"action":"cleanup"'*) echo "cleanup of ${request##*\"checkpoint\":}" | cut -c -30 >> "$(dirname "$0")/../../calls"; echo '{}'; exit ${CLEANUP_CODE-0};;
esac
echo started >&2
sleep 600 & wait
`

// killOnOutput ends a context when the operator has written something.
type killOnOutput struct {
	end   context.CancelCauseFunc
	cause error
	text  bytes.Buffer
}

func (k *killOnOutput) Write(p []byte) (int, error) {
	k.end(k.cause)
	return k.text.Write(p)
}

func TestEndOfTheTaskEndsTheOperatorAndCleansUp(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		cause   error
		own     *params.Object
		cleaned string
	}{
		{"killed", operator.ErrKilled, params.Of("job", "j"), "cleanup of {\"job\":\"j\"},\"recove\n"},
		{"timed out", operator.ErrTimeout, params.Of("job", "j"), "cleanup of {\"job\":\"j\"},\"recove\n"},
		{"killed without a checkpoint", operator.ErrKilled, nil, ""},
		{"interrupted", operator.ErrInterrupted, params.Of("job", "j"), ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			req, record := request(t, sleeper, params.Empty())
			if c.own != nil {
				req.Checkpoint = params.Of("checkpoint", c.own)
			}
			ctx, end := context.WithCancelCause(t.Context())
			req.Output = &killOnOutput{end: end, cause: c.cause}
			if _, err := find(t, req).Run(ctx, req); !errors.Is(err, c.cause) {
				t.Errorf("error = %v", err)
			}
			expectNothingLeft(t, req)
			calls, err := os.ReadFile(filepath.Join(req.Workspace.Root, "calls"))
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.cleaned, string(calls)); diff != "" {
				t.Errorf("log %s; %s", record.Log(), diff)
			}
		})
	}
}

func TestCleanupCallsTheOperatorIfThereIsACheckpoint(t *testing.T) {
	t.Parallel()
	req, _ := request(t, sleeper, params.Of("_env", params.Of("CLEANUP_CODE", "7")))
	cleaner := find(t, req).(operator.Cleaner)
	if err := cleaner.Cleanup(t.Context(), req); err != nil {
		t.Errorf("cleanup without a checkpoint: %v", err)
	}
	req.Checkpoint = params.Of("checkpoint", params.Of("job", "j"))
	err := cleaner.Cleanup(t.Context(), req)
	if err == nil || err.Error() != "Cleanup of operator mine failed with code 7 (runtime)" {
		t.Errorf("error = %v", err)
	}
	expectNothingLeft(t, req)
}
