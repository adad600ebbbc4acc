package external_test

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/external"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/process"
)

const operatorFile = ".heitan/operators/heitan-operator-mine"

// request makes a request for the operator mine> of a project, which is the given
// shell script.
func request(t testing.TB, script string, own *params.Object, options ...operatortest.Option) (*operator.Request, *operatortest.Record) {
	t.Helper()
	req, record := operatortest.Request(t, own, options...)
	req.Type = "mine"
	req.Environ = os.Environ()
	req.Token = rand.Text() // stopping a command ends everything that has its token
	install(t, filepath.Join(req.Workspace.Root, operatorFile), "#!/bin/sh\n"+script)
	return req, record
}

func processes() runner.Runner { return process.New(process.Options{Environ: os.Environ()}) }

func install(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// find is the operator for a request.
func find(t testing.TB, req *operator.Request) operator.Operator {
	t.Helper()
	entry, ok := external.NewFinder(processes(), req.Environ)(req.Workspace.Root, req.Type)
	if !ok {
		t.Fatalf("operator %s is not found", req.Type)
	}
	if !entry.SelfRetry {
		t.Error("_retry does not apply")
	}
	return entry.Operator
}

// run runs a request's operator, gives up what was kept of it, and checks that
// nothing is left.
func run(t testing.TB, req *operator.Request) (operator.Result, error) {
	t.Helper()
	result, err := find(t, req).Run(t.Context(), req)
	if result.Release != nil {
		result.Release(t.Context())
	}
	expectNothingLeft(t, req)
	return result, err
}

func expectNothingLeft(t testing.TB, req *operator.Request) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(req.Workspace.Root, ".heitan", "tmp"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != ".gitignore" {
			t.Errorf("left in the scratch folder: %s", e.Name())
		}
	}
}

func failureOf(t testing.TB, err error) *operator.Failure {
	t.Helper()
	f, ok := errors.AsType[*operator.Failure](err)
	if !ok {
		t.Fatalf("error = %v, want a failure", err)
	}
	return f
}
