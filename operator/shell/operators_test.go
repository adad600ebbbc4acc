package shell_test

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/operator/shell"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/runner/process"
)

func processes() command.Runners {
	return command.Runners{command.Process: process.New(process.Options{Environ: os.Environ()})}
}

// done is what came of a task.
type done struct {
	result operator.Result
	err    error
	req    *operator.Request
	record *operatortest.Record
}

// request makes a request for one of the operators, in the environment of this test.
func request(t testing.TB, name string, own *params.Object, options ...operatortest.Option) (*operator.Request, *operatortest.Record) {
	t.Helper()
	req, record := operatortest.Request(t, own, options...)
	req.Type = name
	req.Environ = os.Environ()
	req.Token = rand.Text() // stopping a command ends everything that has its token
	return req, record
}

// run runs a task of an operator by a process, gives up what was kept of it, and
// checks that nothing is left.
func run(t testing.TB, name string, own *params.Object, options ...operatortest.Option) done {
	t.Helper()
	req, record := request(t, name, own, options...)
	return runRequest(t, processes(), req, record)
}

func runRequest(t testing.TB, runners command.Runners, req *operator.Request, record *operatortest.Record) done {
	t.Helper()
	entry := shell.Operators(runners)[req.Type]
	if !entry.SelfRetry {
		t.Errorf("_retry does not apply to %s>", req.Type)
	}
	result, err := entry.Operator.Run(t.Context(), req)
	if result.Release != nil {
		result.Release(t.Context())
	}
	if left := scratchFolders(t, req.Workspace.Root); len(left) > 0 {
		t.Errorf("scratch folders are left: %v", left)
	}
	return done{result, err, req, record}
}

func scratchFolders(t testing.TB, root string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(root, ".heitan", "tmp"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.Name() != ".gitignore" {
			names = append(names, e.Name())
		}
	}
	return names
}

// handed is everything that a task handed on, as JSON.
func (d done) handed() string {
	all := params.Empty()
	for _, part := range []struct {
		name  string
		value *params.Object
	}{{"subtasks", d.result.Subtasks}, {"export", d.result.Export}, {"store", d.result.Store}} {
		if part.value.Len() > 0 {
			all = all.With(part.name, part.value)
		}
	}
	if len(d.result.Reset) > 0 {
		keys := params.List{}
		for _, key := range d.result.Reset {
			keys = append(keys, key)
		}
		all = all.With("reset", keys)
	}
	return params.JSON(all)
}

// failure is the task's failure, which must be one.
func (d done) failure(t testing.TB) *operator.Failure {
	t.Helper()
	f, ok := errors.AsType[*operator.Failure](d.err)
	if !ok {
		t.Fatalf("error = %v, want a failure; output:\n%s", d.err, d.record.Output())
	}
	return f
}

// succeed checks that the task succeeded.
func (d done) succeed(t testing.TB) done {
	t.Helper()
	if d.err != nil {
		t.Fatalf("error = %v; output:\n%s", d.err, d.record.Output())
	}
	return d
}

func parse(t testing.TB, text string) *params.Object {
	t.Helper()
	o, err := params.ParseObject([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// files are the files of a folder of testdata, by path.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
