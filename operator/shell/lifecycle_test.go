package shell_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/operator/shell"
	"github.com/heitan/heitan/params"
)

// signalling is an output that ends a context when a line was written to it.
type signalling struct {
	end   context.CancelCauseFunc
	cause error
	text  bytes.Buffer
}

func (s *signalling) Write(p []byte) (int, error) {
	s.text.Write(p)
	if bytes.ContainsRune(p, '\n') {
		s.end(s.cause)
	}
	return len(p), nil
}

// runUntilOutput runs a request and ends its context when it has written a line.
func runUntilOutput(t testing.TB, req *operator.Request, cause error) (string, operator.Result, error) {
	t.Helper()
	ctx, end := context.WithCancelCause(t.Context())
	output := &signalling{end: end, cause: cause}
	req.Output = output
	result, err := shell.Operators(processes())[req.Type].Operator.Run(ctx, req)
	return output.text.String(), result, err
}

func TestEndOfTheTaskGivesTheScriptTimeToEnd(t *testing.T) {
	t.Parallel()
	const script = `trap 'echo going; exit 5' TERM; echo started; sleep 600 & wait`
	for _, cause := range []error{operator.ErrKilled, operator.ErrTimeout, operator.ErrInterrupted} {
		t.Run(cause.Error(), func(t *testing.T) {
			t.Parallel()
			req, _ := request(t, "sh", params.Of("_command", script))
			output, result, err := runUntilOutput(t, req, cause)
			if !errors.Is(err, cause) || result.Usage.CPUTime == 0 {
				t.Errorf("error = %v, usage %+v", err, result.Usage)
			}
			if diff := cmp.Diff("started\ngoing\n", output); diff != "" {
				t.Error(diff)
			}
			if left := scratchFolders(t, req.Workspace.Root); len(left) > 0 {
				t.Errorf("scratch folders are left: %v", left)
			}
		})
	}
}

func TestScriptThatDoesNotEndIsEnded(t *testing.T) {
	t.Parallel()
	req, _ := request(t, "sh", params.Of("_command", `trap '' TERM; echo $$; while :; do sleep 1; done`, "stop_grace", "0s"))
	output, _, err := runUntilOutput(t, req, operator.ErrTimeout)
	if !errors.Is(err, operator.ErrTimeout) {
		t.Errorf("error = %v", err)
	}
	if _, err := os.Stat(filepath.Join("/proc", strings.TrimSpace(output))); err == nil {
		t.Errorf("process %s still runs", output)
	}
}

func TestScriptLeftByAHeitanThatIsGoneIsEndedAndRunAgain(t *testing.T) {
	t.Parallel()
	const script = `echo $$ >> runs; echo started; [ "$(wc -l < runs)" -gt 1 ] || { sleep 600 & wait; }`
	req, _ := request(t, "sh", params.Of("_command", script))
	if _, _, err := runUntilOutput(t, req, operator.ErrHandover); !errors.Is(err, operator.ErrHandover) {
		t.Fatalf("error = %v", err)
	}
	if len(scratchFolders(t, req.Workspace.Root)) == 0 {
		t.Error("the scratch folder of a script that goes on is gone")
	}
	again, record := request(t, "sh", params.Of("_command", script))
	again.Workspace, again.Token, again.Recovering = req.Workspace, req.Token, true
	runRequest(t, processes(), again, record).succeed(t)
	runs, err := os.ReadFile(filepath.Join(req.Workspace.Root, "runs"))
	if err != nil {
		t.Fatal(err)
	}
	pids := strings.Fields(string(runs))
	if len(pids) != 2 {
		t.Fatalf("the script ran as %v", pids)
	}
	if _, err := os.Stat(filepath.Join("/proc", pids[0])); err == nil {
		t.Error("the script of the heitan that is gone still runs")
	}
}

func TestManyScriptsAtOnceDoNotMix(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	operators := shell.Operators(processes())
	for n := range 20 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			req, record := request(t, "sh", params.Of("_command", `echo "$n"; cat "$0" | grep -c .`, "n", int64(n)),
				operatortest.WithParams(params.Of("x", "y")))
			req.Workspace.Root = root
			result, err := operators["sh"].Operator.Run(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			result.Release(t.Context())
			if diff := cmp.Diff(fmt.Sprintf("%d\n1\n", n), record.Output()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
