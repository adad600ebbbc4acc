package docker_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/docker"
	"github.com/heitan/heitan/runner/docker/dockertest"
	"github.com/heitan/heitan/runner/runnertest"
)

// These tests use the machine's engine for what the suite does not know of.

func engineSpec(t *testing.T, e *dockertest.Engine, command ...string) runner.Spec {
	t.Helper()
	dir := t.TempDir()
	return runner.Spec{
		Token: "test-" + uuid.NewString(), Command: command, Workspace: dir, Dir: dir, Labels: e.Labels,
		Container: runner.Container{Image: dockertest.Image, Network: "host"},
	}
}

// ran runs a command to its end.
func ran(t *testing.T, r *docker.Runner, spec runner.Spec) (runner.Outcome, string) {
	t.Helper()
	output := &runnertest.Output{}
	run, err := r.Start(t.Context(), spec, output)
	if err != nil {
		t.Fatal(err)
	}
	outcome, err := run.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	return outcome, output.String()
}

func TestAContainerSeesItsOwnVariablesOnly(t *testing.T) {
	t.Parallel()
	e := dockertest.Need(t)
	spec := engineSpec(t, e, "sh", "-c", `env | cut -d= -f1 | sort | tr '\n' ' '`)
	spec.Env, spec.InheritEnv = []string{"MINE=1"}, true
	if _, output := ran(t, newRunner(t, e), spec); output != "HOME HOSTNAME MINE PATH PWD SHLVL TINI_KILL_PROCESS_GROUP " {
		t.Errorf("got %q", output)
	}
}

func TestRunOptionsReachTheContainer(t *testing.T) {
	t.Parallel()
	e := dockertest.Need(t)
	data := t.TempDir()
	if err := os.WriteFile(filepath.Join(data, "given"), []byte("given"), 0o644); err != nil {
		t.Fatal(err)
	}
	spec := engineSpec(t, e, "-c", `id -u; echo $A $B; cat /data/given; touch /data/x 2>/dev/null || echo " read-only"; touch /x 2>/dev/null || echo root too; ulimit -n; pwd`)
	spec.Env = []string{"B=spec"}
	spec.Container.User = "1234"
	spec.Container.Mounts = []string{data + ":/data:ro"}
	spec.Container.RunOptions = []string{
		"-e", "A=option", "-eB=option", "--entrypoint", "/bin/sh", "--read-only", "--ulimit=nofile=77:77", "--rm", "-i", "-w", "/bin",
	}
	want := "heitan: docker.run_options: --workdir has no effect: the task's _workdir decides, as in Digdag\n" +
		"1234\noption spec\ngiven read-only\nroot too\n77\n" + spec.Dir + "\n"
	if _, output := ran(t, newRunner(t, e), spec); output != want {
		t.Errorf("got %q, want %q", output, want)
	}
}

func TestATerminalMergesAndTranslates(t *testing.T) {
	t.Parallel()
	e := dockertest.Need(t)
	spec := engineSpec(t, e, "sh", "-c", `echo out; echo err >&2; test -t 1 && printf tty; exit 4`)
	spec.Container.RunOptions = []string{"-t"}
	if outcome, output := ran(t, newRunner(t, e), spec); outcome.ExitCode != 4 || output != "out\r\nerr\r\ntty" {
		t.Errorf("got %+v, %q", outcome, output)
	}
}

func TestWithoutAnInitTheEngineTellsMissingPrograms(t *testing.T) {
	t.Parallel()
	e := dockertest.Need(t)
	for _, command := range []string{"no-such-program", "/tmp"} {
		spec := engineSpec(t, e, command)
		spec.Container.RunOptions = []string{"--init=false"}
		_, err := newRunner(t, e).Start(t.Context(), spec, &runnertest.Output{})
		if _, ok := errors.AsType[*runner.SpecError](err); !ok {
			t.Errorf("%s: got %v", command, err)
		}
		if left := e.Containers(t, docker.LabelToken+"="+spec.Token); len(left) != 0 {
			t.Errorf("%s: left %+v", command, left)
		}
	}
}

func TestImagesThatAreNotThere(t *testing.T) {
	t.Parallel()
	e := dockertest.Need(t)
	for image, mention := range map[string]string{
		"heitan-test/no-such-image:1":       "docker.pull is never",
		"Not An Image":                      "not the name",
		"":                                  "missing",
		"sha256:" + strings.Repeat("0", 64): "docker.pull is never",
	} {
		spec := engineSpec(t, e, "true")
		spec.Container.Image, spec.Container.PullPolicy = image, runner.PullNever
		_, err := newRunner(t, e).Start(t.Context(), spec, &runnertest.Output{})
		if wrong, ok := errors.AsType[*runner.SpecError](err); !ok || wrong.Field != "docker.image" || !strings.Contains(err.Error(), mention) {
			t.Errorf("%q: got %v", image, err)
		}
	}
}

func TestAnImageIsBuiltOnceForARevision(t *testing.T) {
	t.Parallel()
	e := dockertest.Need(t)
	r := newRunner(t, e)
	spec := engineSpec(t, e, "cat", "/built")
	spec.Container.Build = []string{"echo one >/built", "date +%N >>/built\necho two \\\n  three >>/built"}
	spec.Container.BuildOptions = []string{"--label", dockertest.LabelRun + "=" + e.Labels[dockertest.LabelRun], "--network=host"}
	spec.Container.Revision = uuid.NewString()
	_, first := ran(t, r, spec)
	if !strings.Contains(first, "heitan: building image heitan-project-") || !strings.Contains(first, "Step 1/") || !strings.HasSuffix(first, "\ntwo three\n") {
		t.Errorf("got %q", first)
	}
	spec.Token += "-2"
	if _, second := ran(t, newRunner(t, e), spec); !strings.HasPrefix(second, "one\n") || !strings.HasSuffix(first, second) {
		t.Errorf("got %q after %q", second, first)
	}
	spec.Token += "-3"
	spec.Container.Build = []string{"echo to the log; exit 9"}
	output := &runnertest.Output{}
	_, err := r.Start(t.Context(), spec, output)
	if err == nil || !strings.Contains(err.Error(), "Docker build failed") || !strings.Contains(err.Error(), "9") || !strings.Contains(output.String(), "to the log") {
		t.Errorf("got %v, %q", err, output)
	}
	e.Use(t, func(c *client.Client) {
		filters := client.Filters{}.Add("label", dockertest.LabelRun+"="+e.Labels[dockertest.LabelRun])
		images, err := c.ImageList(t.Context(), client.ImageListOptions{Filters: filters})
		if err != nil || len(images.Items) != 1 {
			t.Errorf("got the images %+v, %v", images, err)
		}
		for _, image := range images.Items {
			if _, err := c.ImageRemove(t.Context(), image.ID, client.ImageRemoveOptions{Force: true, PruneChildren: true}); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestVariablesAreNotOnCommandLines(t *testing.T) {
	t.Parallel()
	e := dockertest.Need(t)
	spec := engineSpec(t, e, "sh", "-c", "echo ready; sleep 1000")
	secret := uuid.NewString()
	spec.Env = []string{"PASSWORD=" + secret}
	output := &runnertest.Output{}
	run, err := newRunner(t, e).Start(t.Context(), spec, output)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() {
		_, err := run.Wait(t.Context())
		ended <- err
	}()
	output.Await(t.Context(), t, "ready\n")
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range lines {
		if line, err := os.ReadFile(file); err == nil && strings.Contains(string(line), secret) {
			t.Errorf("%s shows it: %q", file, line)
		}
	}
	if err := errors.Join(run.Stop(t.Context(), 0), <-ended, run.Release(t.Context())); err != nil {
		t.Error(err)
	}
}

func TestLeftoversAreFoundByLabelAndDiscarded(t *testing.T) {
	t.Parallel()
	e := dockertest.Need(t)
	r := newRunner(t, e)
	labelled := func(attempt string, command ...string) runner.Spec {
		spec := engineSpec(t, e, command...)
		spec.Labels = map[string]string{"attempt": attempt, dockertest.LabelRun: e.Labels[dockertest.LabelRun]}
		return spec
	}
	running, ended := labelled("1", "sleep", "1000"), labelled("2", "true")
	if _, err := r.Start(t.Context(), running, &runnertest.Output{}); err != nil {
		t.Fatal(err)
	}
	run, err := r.Start(t.Context(), ended, &runnertest.Output{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	restarted := newRunner(t, e)
	got, err := restarted.Leftovers(t.Context(), e.Labels)
	if err != nil || len(got) != 2 {
		t.Fatalf("got %+v, %v", got, err)
	}
	for _, l := range got {
		want := docker.Leftover{ID: l.ID, Token: ended.Token, Labels: l.Labels, Created: l.Created}
		if l.Labels["attempt"] == "1" {
			want.Token, want.Running = running.Token, true
		}
		if diff := cmp.Diff(want, l); diff != "" || time.Since(l.Created) > time.Hour {
			t.Errorf("leftover (-want +got):\n%s", diff)
		}
	}
	if one, err := restarted.Leftovers(t.Context(), map[string]string{"attempt": "1", dockertest.LabelRun: e.Labels[dockertest.LabelRun]}); err != nil || len(one) != 1 {
		t.Errorf("got %+v, %v", one, err)
	}
	for range 2 {
		for _, l := range got {
			if err := restarted.Discard(t.Context(), l.Token, 0); err != nil {
				t.Error(err)
			}
		}
	}
	if left, err := restarted.Leftovers(t.Context(), e.Labels); err != nil || len(left) != 0 {
		t.Errorf("left %+v, %v", left, err)
	}
}

func TestAnonymousVolumesGoWithTheirContainer(t *testing.T) {
	t.Parallel()
	e := dockertest.Need(t)
	spec := engineSpec(t, e, "sh", "-c", "echo x >/data/y")
	spec.Container.RunOptions = []string{"-v", "/data"}
	run, err := newRunner(t, e).Start(t.Context(), spec, &runnertest.Output{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	var volume string
	e.Use(t, func(c *client.Client) {
		found, err := c.ContainerInspect(t.Context(), "heitan-"+spec.Token, client.ContainerInspectOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range found.Container.Mounts {
			if m.Destination == "/data" {
				volume = m.Name
			}
		}
	})
	if volume == "" {
		t.Fatal("the container has no volume")
	}
	if err := run.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	e.Use(t, func(c *client.Client) {
		if _, err := c.VolumeInspect(t.Context(), volume, client.VolumeInspectOptions{}); err == nil {
			t.Errorf("the volume %s is left", volume)
		}
	})
}

func TestARunningContainerIsNotReleased(t *testing.T) {
	t.Parallel()
	e := dockertest.Need(t)
	r := newRunner(t, e)
	spec := engineSpec(t, e, "sleep", "1000")
	run, err := r.Start(t.Context(), spec, &runnertest.Output{})
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Release(t.Context()); err == nil {
		t.Error("released a running container")
	}
	left := e.Containers(t, docker.LabelToken+"="+spec.Token)
	if len(left) != 1 || left[0].State != container.StateRunning {
		t.Errorf("got %+v", left)
	}
	text, err := json.Marshal(run.Handle())
	if err != nil || strings.Contains(string(text), spec.Workspace) {
		t.Errorf("got the handle %s, %v", text, err)
	}
}
