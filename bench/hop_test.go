package bench

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/heitan/heitan/coordinator"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/expr"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/control"
	"github.com/heitan/heitan/operator/shell"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/process"
	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/store/sqlite"
	"github.com/heitan/heitan/workflow"
)

// BenchmarkHop measures the time from the exit of a task's process to the start
// of its successor's, in a row of tasks beside 100 others that run, everything
// durable on SQLite with synchronous=FULL.
func BenchmarkHop(b *testing.B) {
	const row = 200
	yaml := `
_parallel: true
+others:
  loop>: 100
  _parallel: true
  _do: {sh>: exec sleep 600}
+row:
  loop>: ` + "200" + `
  _do: {sh>: "true"}
`
	var hops []time.Duration
	for b.Loop() {
		hops = append(hops, runRow(b, yaml, row)...)
	}
	slices.Sort(hops)
	milliseconds := func(part float64) float64 {
		return hops[int(part*float64(len(hops)-1))].Seconds() * 1000
	}
	b.ReportMetric(milliseconds(0.5), "ms-p50")
	b.ReportMetric(milliseconds(0.99), "ms-p99")
}

// runRow runs the workflow until its row is done and returns the row's hops.
func runRow(b *testing.B, yaml string, row int) []time.Duration {
	dir := b.TempDir()
	s, err := sqlite.Open(b.Context(), sqlite.Options{Path: filepath.Join(dir, "heitan.db")})
	if err != nil {
		b.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	recorder := &recorder{Runner: process.New(process.Options{Environ: os.Environ(), Log: log}), full: make(chan struct{}), want: row}
	operators := control.Operators(control.Settings{MaxSubtasks: 10_000})
	maps.Copy(operators, shell.Operators(command.Runners{command.Process: recorder}))
	c := coordinator.New(coordinator.Options{
		Store: s, Owner: "bench", LeaseTime: time.Minute, Operators: operator.NewRegistry(operators),
		Templates: expr.New(expr.Options{}), Secrets: noSecrets{}, Limits: engine.DefaultLimits(), MaxInvocations: 1000,
		Now: time.Now, Log: log, OpenLog: func(store.Attempt, engine.Task) (coordinator.TaskLog, error) { return noLog{log}, nil },
	})
	submit(b, c, s, yaml, dir)
	<-recorder.full
	if err := c.Stop(context.Background(), operator.ErrInterrupted); err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	return recorder.hops()
}

func submit(b *testing.B, c *coordinator.Coordinator, s store.Store, yaml, dir string) {
	doc, problems := workflow.ParseYAML("wf.dig", []byte(yaml))
	if problems.HasErrors() {
		b.Fatal(problems)
	}
	w, problems := workflow.Compile("wf", "wf.dig", doc)
	if problems.HasErrors() {
		b.Fatal(problems)
	}
	p, err := s.EnsureProject(b.Context(), "bench", time.Now())
	if err != nil {
		b.Fatal(err)
	}
	r, err := s.EnsureRevision(b.Context(), p.ID, "r", time.Now())
	if err != nil {
		b.Fatal(err)
	}
	if _, err := c.Submit(b.Context(), coordinator.Submission{
		Project: p, Revision: r, Workflow: w, Workspace: dir, SessionTime: time.Now().Truncate(time.Second), Params: params.Empty(),
	}); err != nil {
		b.Fatal(err)
	}
}

// recorder is a runner that notes when commands that end by themselves were
// started and ended.
type recorder struct {
	runner.Runner
	mu    sync.Mutex
	ended []runner.Outcome
	want  int
	full  chan struct{}
}

func (r *recorder) Start(ctx context.Context, spec runner.Spec, output io.Writer) (runner.Run, error) {
	run, err := r.Runner.Start(ctx, spec, output)
	return recorded{run, r}, err
}

type recorded struct {
	runner.Run
	to *recorder
}

func (r recorded) Wait(ctx context.Context) (runner.Outcome, error) {
	o, err := r.Run.Wait(ctx)
	if err == nil {
		r.to.mu.Lock()
		if r.to.ended = append(r.to.ended, o); len(r.to.ended) == r.to.want {
			close(r.to.full)
		}
		r.to.mu.Unlock()
	}
	return o, err
}

func (r *recorder) hops() []time.Duration {
	var hops []time.Duration
	for i := 1; i < r.want; i++ {
		hops = append(hops, r.ended[i].Started.Sub(r.ended[i-1].Finished))
	}
	return hops
}

type noSecrets struct{}

func (noSecrets) Secret(context.Context, string) (string, bool, error) { return "", false, nil }

type noLog struct{ log *slog.Logger }

func (noLog) Write(p []byte) (int, error) { return len(p), nil }
func (l noLog) Logger() *slog.Logger      { return l.log }
func (noLog) Evaluated(*params.Object)    {}
func (noLog) Close() error                { return nil }
