package server_test

import (
	"bytes"
	"context"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/coordinator"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/local"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/server"
	"github.com/heitan/heitan/store"
)

// folder is a project with the given files, by name.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// output is the task log of all tasks.
type output struct {
	bytes.Buffer
	log *slog.Logger
}

func (o *output) Logger() *slog.Logger     { return o.log }
func (o *output) Evaluated(*params.Object) {}
func (o *output) Close() error             { return nil }

func options(t *testing.T, dir string, out *output) server.LocalOptions {
	t.Helper()
	project, _, _, err := local.Load(dir, "main")
	if err != nil {
		t.Fatal(err)
	}
	out.log = slog.New(slog.NewTextHandler(t.Output(), nil))
	return server.LocalOptions{
		Dir: dir, Project: project, Params: params.Empty(), SaveDir: filepath.Join(dir, "state"),
		Threads: 10, Now: time.Now, Log: out.log, Environ: os.Environ(),
		OpenLog: func(store.Attempt, engine.Task) (coordinator.TaskLog, error) { return out, nil },
	}
}

// runMain runs the workflow `main` of a project once.
func runMain(t *testing.T, o server.LocalOptions) local.Report {
	t.Helper()
	l, err := server.OpenLocal(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	w, _ := o.Project.Find("main")
	started, err := l.Runs.Start(t.Context(), local.Request{Workflow: w, Session: "2026-03-01"})
	if err != nil {
		t.Fatal(err)
	}
	report, err := l.Runs.Report(t.Context(), started)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(context.WithoutCancel(t.Context()), operator.ErrInterrupted); err != nil {
		t.Fatal(err)
	}
	return report
}

func TestARunIsRememberedInItsFolder(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"main.dig": "+a: {echo>: hello}\n"})
	out := &output{}
	o := options(t, dir, out)
	if r := runMain(t, o); !r.Success() || r.Tasks != 1 || r.Skipped != 0 {
		t.Errorf("the first run: %+v", r)
	}
	if r := runMain(t, o); !r.Success() || r.Skipped != 1 {
		t.Errorf("the second run: %+v", r)
	}
	if got := out.String(); got != "hello\n" {
		t.Errorf("the tasks printed %q", got)
	}
	ignored, err := os.ReadFile(filepath.Join(dir, "state", ".gitignore"))
	if err != nil || string(ignored) != "*\n" {
		t.Errorf("version control would see the state: %q, %v", ignored, err)
	}
}

func TestOnlyTheUserCanReadTheState(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"main.dig": "+a: {echo>: hello}\n"})
	out := &output{}
	o := options(t, dir, out)
	o.SaveDir = filepath.Join(dir, "parent", "state")
	runMain(t, o)
	for path, want := range map[string]os.FileMode{o.SaveDir: 0o700, filepath.Dir(o.SaveDir): 0o755} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has the mode %o, want %o", path, got, want)
		}
	}
}

func TestAFolderThatIsThereKeepsItsPermissions(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"main.dig": "+a: {echo>: hello}\n"})
	o := options(t, dir, &output{})
	if err := os.Mkdir(o.SaveDir, 0o755); err != nil {
		t.Fatal(err)
	}
	if r := runMain(t, o); !r.Success() {
		t.Errorf("got %+v", r)
	}
	info, err := os.Stat(o.SaveDir)
	if err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
}

func TestWhatKilledProcessesLeftOfAnAttemptIsRemoved(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"main.dig": `
+left:
  sh>: |
    key=$(echo "$HEITAN_TASK_TOKEN" | cut -d - -f 1)
    mkdir ".heitan/tmp/$key-99-0" ".heitan/tmp/other-1-0"
`})
	if r := runMain(t, options(t, dir, &output{})); !r.Success() {
		t.Fatalf("got %+v", r)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".heitan", "tmp", "*-*-*"))
	if want := []string{filepath.Join(dir, ".heitan", "tmp", "other-1-0")}; err != nil || !slices.Equal(left, want) {
		t.Errorf("left are %v, %v", left, err)
	}
}

func TestWithoutAFolderNothingIsRemembered(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"main.dig": "+a: {echo>: hello}\n"})
	out := &output{}
	o := options(t, dir, out)
	o.SaveDir = ""
	for range 2 {
		if r := runMain(t, o); !r.Success() || r.Skipped != 0 {
			t.Errorf("got %+v", r)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("the folder has %v, %v", entries, err)
	}
}

func TestRequiredWorkflowsOfTheFolderRun(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"main.dig":  "+a: {require>: other}\n+b: {echo>: main}\n",
		"other.dig": "+a: {echo>: other}\n",
	})
	out := &output{}
	if r := runMain(t, options(t, dir, out)); !r.Success() {
		t.Errorf("got %+v", r)
	}
	if got := out.String(); got != "other\nmain\n" {
		t.Errorf("the tasks printed %q", got)
	}
}

func TestWorkflowsThatCannotBeRequired(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{require>: othr}":                             "othr",
		"{require>: other, project_name: elsewhere}":   "elsewhere",
		"{require>: other, ignore_failure: true, x: }": "",
	} {
		dir := folder(t, map[string]string{"main.dig": "+a: " + text + "\n", "other.dig": "+a: {fail>: no}\n"})
		r := runMain(t, options(t, dir, &output{}))
		switch {
		case want == "" && !r.Success():
			t.Errorf("%s: got %+v", text, r)
		case want != "" && (len(r.Failures) != 1 || !strings.Contains(r.Failures[0].Message, want)):
			t.Errorf("%s: got %+v", text, r)
		}
	}
}

func TestSettingsThatAreWrongAreAllReported(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"main.dig": "+a: {echo>: hello}\n"})
	o := options(t, dir, &output{})
	o.Settings = config.FromMap("-X", map[string]string{
		"config.http.max_redirects": "many", "config.mail.host": "localhost", "config.mail.port": "smtp", "notification.type": "pigeon",
		"param_server.type": "redis", "param_server.port": "70000",
	})
	_, err := server.OpenLocal(t.Context(), o)
	if err == nil {
		t.Fatal("it opens")
	}
	for _, key := range []string{"config.http.max_redirects", "config.mail.port", "notification.type", "param_server.port"} {
		if !strings.Contains(err.Error(), key) {
			t.Errorf("%s is not in %v", key, err)
		}
	}
	// Nothing is left open: another can have the state at once.
	o.Settings = config.Config{}
	if r := runMain(t, o); !r.Success() {
		t.Errorf("got %+v", r)
	}
}

func TestStateThatCannotBeUsedIsExplained(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		damage    func(t *testing.T, db string)
		msg, hint string
	}{
		"a newer heitan's": {func(t *testing.T, db string) {
			o := options(t, folder(t, map[string]string{"main.dig": "+a: {echo>: a}\n"}), &output{})
			o.SaveDir = filepath.Dir(db)
			runMain(t, o)
			conn, err := sql.Open("sqlite", db)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := conn.ExecContext(t.Context(), "INSERT INTO heitan_migrations (version_id, is_applied) VALUES (999, 1)"); err != nil {
				t.Fatal(err)
			}
			if err := conn.Close(); err != nil {
				t.Fatal(err)
			}
		}, "was made by a newer heitan", "update heitan"},
		"not a database": {func(t *testing.T, db string) {
			if err := os.WriteFile(db, bytes.Repeat([]byte("no database "), 1000), 0o644); err != nil {
				t.Fatal(err)
			}
		}, "it is not a database", "--no-save"},
		"damaged": {func(t *testing.T, db string) {
			o := options(t, folder(t, map[string]string{"main.dig": "+a: {echo>: a}\n"}), &output{})
			o.SaveDir = filepath.Dir(db)
			runMain(t, o)
			f, err := os.OpenFile(db, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteAt(bytes.Repeat([]byte("garbage"), 1000), 100); err != nil {
				t.Fatal(err)
			}
		}, "damaged", "--save"},
		"a folder": {func(t *testing.T, db string) {
			if err := os.Mkdir(db, 0o755); err != nil {
				t.Fatal(err)
			}
		}, "it is a folder", "--save"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options(t, folder(t, map[string]string{"main.dig": "+a: {echo>: a}\n"}), &output{})
			if err := os.Mkdir(o.SaveDir, 0o755); err != nil {
				t.Fatal(err)
			}
			c.damage(t, filepath.Join(o.SaveDir, "heitan.db"))
			_, err := server.OpenLocal(t.Context(), o)
			if err == nil || !strings.Contains(err.Error(), c.msg) || !strings.Contains(heitan.HintOf(err), c.hint) {
				t.Errorf("got %v, hint %q", err, heitan.HintOf(err))
			}
		})
	}
}

func TestAStateFolderThatCannotBeMadeIsExplained(t *testing.T) {
	t.Parallel()
	o := options(t, folder(t, map[string]string{"main.dig": "+a: {echo>: a}\n"}), &output{})
	o.SaveDir = filepath.Join(o.Dir, "main.dig", "state")
	_, err := server.OpenLocal(t.Context(), o)
	if err == nil || !strings.Contains(err.Error(), "make the folder for the state of runs") || !strings.Contains(heitan.HintOf(err), "--save") {
		t.Errorf("got %v, hint %q", err, heitan.HintOf(err))
	}
}

func TestTheOperatorsThatThereAre(t *testing.T) {
	t.Parallel()
	registry, err := server.Operators(t.Context(), config.Config{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sh", "py", "rb", "echo", "fail", "call", "require", "loop", "for_each", "for_range", "if", "http", "http_call", "mail", "notify", "wait"} {
		if _, err := registry.Find(t.TempDir(), name); err != nil {
			t.Errorf("%s>: %v", name, err)
		}
	}
	if _, err := registry.Find(t.TempDir(), "ecko"); err == nil {
		t.Error("ecko> is an operator")
	}
}
