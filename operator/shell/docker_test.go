package shell_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/operator/shell"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/runner/docker"
	"github.com/heitan/heitan/runner/docker/dockertest"
)

// containers are the runners of a heitan with Docker, and what tasks have to export
// so that a test's containers are its own.
func containers(t testing.TB, engine *dockertest.Engine) command.Runners {
	t.Helper()
	r := docker.New(docker.Options{Host: engine.Host, Environ: os.Environ(), Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	runners := processes()
	runners[command.Docker] = r
	return runners
}

func inDocker(engine *dockertest.Engine, more *params.Object) operatortest.Option {
	options := params.List{}
	for name, value := range engine.Labels {
		options = append(options, "--label", name+"="+value)
	}
	settings := params.Of("image", dockertest.Image, "network", "host", "pull", "never", "run_options", options)
	return operatortest.WithParams(params.Of("docker", settings.Merge(more)))
}

// left are the containers that a test has left, running or not.
func left(t testing.TB, engine *dockertest.Engine) (names []string) {
	t.Helper()
	for _, c := range engine.Containers(t, dockertest.LabelRun+"="+engine.Labels[dockertest.LabelRun]) {
		names = append(names, string(c.State)+" "+strings.Join(c.Names, ","))
	}
	return names
}

func TestShInAContainer(t *testing.T) {
	t.Parallel()
	engine := dockertest.Need(t)
	const script = `printf '%s|' "$plain" "$map" "$TOKEN" "${HOME-}" "${PYTHONUNBUFFERED-unset}"; pwd; id -u; cat here; echo made > made; exit 7`
	req, record := request(t, "sh", params.Of("_command", script, "plain", "a b\nc", "map", params.Of("x", int64(1)), "_env", params.Of("TOKEN", "${secret:k}")),
		inDocker(engine, params.Of("user", "1234:1234")),
		operatortest.WithSecrets(map[string]string{"k": "s3"}), operatortest.WithFiles(map[string]string{"sub/here": "file\n"}))
	req.Workspace.Dir = "sub"
	for _, dir := range []string{"/", "/sub"} {
		if err := os.Chmod(req.Workspace.Root+dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	d := runRequest(t, containers(t, engine), req, record)
	if f := d.failure(t); f.Message != "Command failed with code 7" {
		t.Errorf("failure = %s; output:\n%s", f, record.Output())
	}
	want := "a b\nc|{\"x\":1}|s3|/|unset|" + req.Workspace.Root + "/sub\n1234\nfile\n"
	if diff := cmp.Diff(want, record.Output()); diff != "" {
		t.Error(diff)
	}
	if made, err := os.ReadFile(req.Workspace.Path() + "/made"); err != nil || string(made) != "made\n" {
		t.Errorf("file = %q, %v", made, err)
	}
	if names := left(t, engine); len(names) > 0 {
		t.Errorf("containers are left: %v", names)
	}
}

func TestMemoryLimitOfAContainerIsNamed(t *testing.T) {
	t.Parallel()
	engine := dockertest.Need(t)
	req, record := request(t, "sh", params.Of("_command", `x=xxxxxxxxxxxxxxxx; while :; do x="$x$x"; done`, "memory", "32 MB"), inDocker(engine, nil))
	f := runRequest(t, containers(t, engine), req, record).failure(t)
	if !strings.HasPrefix(f.Message, "Command failed with code 137: it used more memory than it may: limit 32 MB") || !strings.Contains(f.Hint, "`memory:`") {
		t.Errorf("failure = %s, hint %s", f, f.Hint)
	}
}

func TestKillStopsTheContainer(t *testing.T) {
	t.Parallel()
	engine := dockertest.Need(t)
	req, _ := request(t, "sh", params.Of("_command", `trap 'echo going; exit 5' TERM; echo started; sleep 600 & wait`), inDocker(engine, nil))
	ctx, end := context.WithCancelCause(t.Context())
	output := &signalling{end: end, cause: operator.ErrKilled}
	req.Output = output
	_, err := shell.Operators(containers(t, engine))["sh"].Operator.Run(ctx, req)
	if !errors.Is(err, operator.ErrKilled) || output.text.String() != "started\ngoing\n" {
		t.Errorf("error = %v, output %q", err, output.text.String())
	}
	if names := left(t, engine); len(names) > 0 {
		t.Errorf("containers are left: %v", names)
	}
}

func TestContainerOutlivesHeitanAndIsFoundAgain(t *testing.T) {
	t.Parallel()
	engine := dockertest.Need(t)
	for name, saved := range map[string]bool{"by its handle": true, "by its token": false} {
		t.Run(name, func(t *testing.T) {
			const script = `echo $$ >> runs; echo started; while [ ! -e go ]; do sleep 0.05; done; echo done; exit 3`
			req, record := request(t, "sh", params.Of("_command", script), inDocker(engine, nil))
			ctx, end := context.WithCancelCause(t.Context())
			req.Output = &signalling{end: end, cause: operator.ErrHandover}
			if _, err := shell.Operators(containers(t, engine))["sh"].Operator.Run(ctx, req); !errors.Is(err, operator.ErrHandover) {
				t.Fatal(err)
			}
			if err := os.WriteFile(req.Workspace.Root+"/go", nil, 0o644); err != nil {
				t.Fatal(err)
			}
			var output bytes.Buffer
			req.Recovering, req.Output = true, &output
			if saved {
				req.Checkpoint = record.Checkpoints()[0]
			}
			req.Params = operator.NewParams(req.Params.All(), req.Params.Own().All())
			if f := runRequest(t, containers(t, engine), req, record).failure(t); f.Message != "Command failed with code 3" {
				t.Errorf("failure = %s", f)
			}
			if output.String() != "started\ndone\n" {
				t.Errorf("output = %q", output.String())
			}
			if runs, err := os.ReadFile(req.Workspace.Root + "/runs"); err != nil || strings.Count(string(runs), "\n") != 1 {
				t.Errorf("the script ran as %q, %v", runs, err)
			}
			if names := left(t, engine); len(names) > 0 {
				t.Errorf("containers are left: %v", names)
			}
		})
	}
}

func TestScriptsInAContainerHandOn(t *testing.T) {
	t.Parallel()
	engine := dockertest.Need(t)
	// The image has neither language, so it borrows those of this machine.
	borrowed := params.Of("mounts", params.List{"/usr:/usr:ro", "/lib:/lib:ro", "/lib64:/lib64:ro"})
	cases := []struct {
		name, program string
		own           *params.Object
	}{
		{"py", "/usr/bin/python3", params.Of("_command", "jobs.unicode", "python", "/usr/bin/python3")},
		{"rb", "/usr/bin/ruby", params.Of("_command", "unicode", "require", "jobs", "ruby", "/usr/bin/ruby")},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if !command.IsExecutable(c.program) {
				t.Skipf("needs %s", c.program)
			}
			folder := map[string]string{"py": "testdata/python", "rb": "testdata/ruby"}[c.name]
			req, record := request(t, c.name, c.own.With("name", "x"), inDocker(engine, borrowed), operatortest.WithFiles(files(t, folder)))
			d := runRequest(t, containers(t, engine), req, record).succeed(t)
			if name, _ := d.result.Store.Get("name"); name != "x" || record.Output() != "printed x\n" {
				t.Errorf("store %s, output %q", params.JSON(d.result.Store), record.Output())
			}
		})
	}
}

func TestProgramMissingInAContainerIsExplained(t *testing.T) {
	t.Parallel()
	engine := dockertest.Need(t)
	req, record := request(t, "py", params.Of("_command", "a.b"), inDocker(engine, nil))
	f := runRequest(t, containers(t, engine), req, record).failure(t)
	if f.Kind != operator.KindConfig || !strings.Contains(f.Message, "python") || !strings.Contains(f.Hint, "`python: python3`") {
		t.Errorf("failure = %s, hint %s", f, f.Hint)
	}
}
