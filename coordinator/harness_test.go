package coordinator_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/coordinator"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/expr"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/store/sqlite"
	"github.com/heitan/heitan/workflow"
)

// bench is a store with coordinators over it, one after the other or several at
// once, and operators that tests write as functions.
type bench struct {
	t         *testing.T
	store     store.Store
	operators map[string]operator.Entry
	secrets   map[string]string
	options   func(*coordinator.Options)
	workspace string

	mu     sync.Mutex
	logs   syncBuffer
	output syncBuffer
	calls  []string // full names of tasks whose operators were called, in order
}

func newBench(t *testing.T) *bench {
	s, err := sqlite.OpenMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return benchOver(t, s)
}

// fileBench keeps the store in a file, so that several coordinators can be owners.
func fileBench(t *testing.T) *bench {
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "heitan.db")})
	if err != nil {
		t.Fatal(err)
	}
	return benchOver(t, s)
}

func benchOver(t *testing.T, s store.Store) *bench {
	b := &bench{t: t, store: s, operators: make(map[string]operator.Entry), secrets: make(map[string]string), workspace: t.TempDir()}
	t.Cleanup(func() { _ = s.Close() })
	b.on("echo", func(_ context.Context, req *operator.Request) (operator.Result, error) {
		_, err := req.Output.Write([]byte(req.Params.CommandText() + "\n"))
		return operator.Result{}, err
	})
	b.on("fail", func(_ context.Context, req *operator.Request) (operator.Result, error) {
		return operator.Result{}, &operator.Failure{Message: req.Params.CommandText()}
	})
	return b
}

// on makes a function the operator of a name.
func (b *bench) on(name string, f operator.Func) {
	b.entry(name, operator.Entry{Operator: f, SelfRetry: true})
}

func (b *bench) entry(name string, e operator.Entry) {
	inner := e.Operator
	counting := operator.Func(func(ctx context.Context, req *operator.Request) (operator.Result, error) {
		b.mu.Lock()
		b.calls = append(b.calls, req.Task.FullName)
		b.mu.Unlock()
		return inner.Run(ctx, req)
	})
	e.Operator = counting
	if cleaner, ok := inner.(operator.Cleaner); ok {
		e.Operator = cleaning{counting, cleaner}
	}
	b.operators[name] = e
}

type cleaning struct {
	operator.Func
	operator.Cleaner
}

func (b *bench) called() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.calls, " ")
}

// coordinator starts a coordinator with an owner's name; it is stopped at the
// end of the test if the test does not stop it.
func (b *bench) coordinator(owner string) *coordinator.Coordinator {
	o := coordinator.Options{
		Store: b.store, Owner: store.Owner(owner), LeaseTime: time.Minute,
		Operators: operator.NewRegistry(b.operators), Templates: expr.New(expr.Options{Now: time.Now}),
		Secrets: secretMap(b.secrets), Limits: engine.DefaultLimits(), MaxInvocations: 100,
		Now: time.Now, Log: slog.New(slog.NewTextHandler(&b.logs, nil)),
		OpenLog: func(store.Attempt, engine.Task) (coordinator.TaskLog, error) { return taskLog{b}, nil },
	}
	if b.options != nil {
		b.options(&o)
	}
	c := coordinator.New(o)
	b.t.Cleanup(func() { _ = c.Stop(context.Background(), operator.ErrInterrupted) })
	return c
}

// compile makes a workflow named wf.
func (b *bench) compile(yaml string) *workflow.Workflow {
	b.t.Helper()
	doc, problems := workflow.ParseYAML("wf.dig", []byte(yaml))
	if err := problems.Err(); err != nil {
		b.t.Fatal(err)
	}
	w, problems := workflow.Compile("wf", "wf.dig", doc)
	if err := problems.Err(); err != nil {
		b.t.Fatal(err)
	}
	return w
}

var sessionTime = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// submit starts an attempt of a workflow.
func (b *bench) submit(c *coordinator.Coordinator, yaml string) coordinator.Driven {
	b.t.Helper()
	ctx := b.t.Context()
	project, err := b.store.EnsureProject(ctx, "test", time.Now())
	b.must(err)
	revision, err := b.store.EnsureRevision(ctx, project.ID, "r", time.Now())
	b.must(err)
	d, err := c.Submit(ctx, coordinator.Submission{
		Project: project, Revision: revision, Workflow: b.compile(yaml), Workspace: b.workspace,
		SessionTime: sessionTime, Params: params.Empty(),
	})
	b.must(err)
	return d
}

// run runs a workflow to its end and returns how it ended.
func (b *bench) run(yaml string) string {
	b.t.Helper()
	flags, err := b.submit(b.coordinator("one"), yaml).Wait(b.t.Context())
	b.must(err)
	return flags.String()
}

// states are the stored states of all tasks: "+wf+a=success ...".
func (b *bench) states(id heitan.AttemptID) string {
	b.t.Helper()
	tasks, err := b.store.Tasks(b.t.Context(), id)
	b.must(err)
	parts := make([]string, len(tasks))
	for i, t := range tasks {
		parts[i] = t.FullName + "=" + t.State.String()
	}
	return strings.Join(parts, " ")
}

func (b *bench) task(id heitan.AttemptID, fullName string) engine.Task {
	b.t.Helper()
	tasks, err := b.store.Tasks(b.t.Context(), id)
	b.must(err)
	for _, t := range tasks {
		if t.FullName == fullName {
			return t
		}
	}
	b.t.Fatalf("there is no task %s", fullName)
	return engine.Task{}
}

func (b *bench) attempt(id heitan.AttemptID) store.Attempt {
	b.t.Helper()
	a, err := b.store.Attempt(b.t.Context(), id)
	b.must(err)
	return a
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// observer is told of changed tasks.
type observer func(tasks []engine.Task)

func (o observer) TasksChanged(_ store.Attempt, tasks []engine.Task) { o(tasks) }
func (observer) AttemptEnded(store.Attempt, heitan.AttemptFlags)     {}

type secretMap map[string]string

func (m secretMap) Secret(_ context.Context, key string) (string, bool, error) {
	v, ok := m[key]
	return v, ok, nil
}

type taskLog struct{ *bench }

func (l taskLog) Write(p []byte) (int, error) { return l.output.Write(p) }
func (l taskLog) Logger() *slog.Logger        { return slog.New(slog.NewTextHandler(&l.logs, nil)) }
func (l taskLog) Evaluated(*params.Object)    {}
func (l taskLog) Close() error                { return nil }

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// faultyStore is a store whose commits a test can fail, before or after they
// have happened, and which may not give tasks.
type faultyStore struct {
	store.Store
	noTasks bool
	commit  func(ctx context.Context, writes []store.Write, inner func() ([]heitan.AttemptID, error)) ([]heitan.AttemptID, error)
}

func (f *faultyStore) Commit(ctx context.Context, writes []store.Write) ([]heitan.AttemptID, error) {
	return f.commit(ctx, writes, func() ([]heitan.AttemptID, error) { return f.Store.Commit(ctx, writes) })
}

func (f *faultyStore) Tasks(ctx context.Context, id heitan.AttemptID) ([]engine.Task, error) {
	if f.noTasks {
		return nil, errDown
	}
	return f.Store.Tasks(ctx, id)
}

var errDown = &heitan.Error{Kind: heitan.Unavailable, Err: errors.New("the database is down")}
