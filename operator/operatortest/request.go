// Package operatortest makes the requests with which operators are tested, and
// keeps what the operators did with them.
//
// Only what takes part in making a request is an option; everything else is set
// on the request itself:
//
//	req, record := operatortest.Request(t, params.Of("_command", "hello"),
//		operatortest.WithSecrets(map[string]string{"http.user": "anne"}))
//	req.Environ = []string{"http_proxy=http://localhost:3128"}
package operatortest

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// Now is the time of every request.
var Now = time.Date(2026, 4, 1, 12, 30, 0, 0, time.UTC)

// Option changes how a request is made.
type Option func(*setup)

type setup struct {
	inherited *params.Object
	secrets   map[string]string
	files     map[string]string
}

// WithParams lays inherited under the task's own keys, as an _export above the
// task would.
func WithParams(inherited *params.Object) Option {
	return func(s *setup) { s.inherited = inherited }
}

// WithSecrets gives the task secrets by key.
func WithSecrets(secrets map[string]string) Option {
	return func(s *setup) { s.secrets = secrets }
}

// WithFiles puts files into the workspace, by slash-separated path.
func WithFiles(files map[string]string) Option {
	return func(s *setup) { s.files = files }
}

// Request makes a request for a task that has config as its own, already
// evaluated keys, `_command` and `_secrets` among them. Its workspace is a
// folder that is removed after the test, and the record keeps what the operator
// does with it.
func Request(t testing.TB, config *params.Object, options ...Option) (*operator.Request, *Record) {
	t.Helper()
	var s setup
	for _, apply := range options {
		apply(&s)
	}
	all := s.inherited.Merge(config)
	mounts, _ := all.Object("_secrets")
	record := &Record{}
	return &operator.Request{
		Task:       task(),
		Type:       "test",
		Params:     operator.NewParams(all, config),
		Checkpoint: params.Empty(),
		Token:      "token-1",
		Workspace:  operator.Workspace{Root: workspace(t, s.files)},
		Secrets:    operator.NewSecrets(secretMap(s.secrets), mounts, record.reveal),
		Output:     &record.output,
		Log:        slog.New(slog.NewTextHandler(&record.log, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: withoutTime})),
		Now:        func() time.Time { return Now },
		Render: func(_ context.Context, name, template string) (string, error) {
			return render(all, name, template)
		},
		SaveCheckpoint: record.saveCheckpoint,
	}, record
}

func task() operator.Task {
	return operator.Task{
		Project: "sample", ProjectID: 1, Revision: "r1", Workflow: "daily",
		SessionID: 2, SessionUUID: "5ca1ab1e-0000-4000-8000-000000000002", SessionTime: Now.Truncate(24 * time.Hour),
		AttemptID: 3, Timezone: time.UTC,
		ID: 4, FullName: "+daily+task", Pos: params.Pos{File: "daily.dig", Line: 1, Column: 1},
	}
}

func workspace(t testing.TB, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

type secretMap map[string]string

func (m secretMap) Secret(_ context.Context, key string) (string, bool, error) {
	value, ok := m[key]
	return value, ok, nil
}

func withoutTime(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}
