package docker

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"

	"github.com/heitan/heitan/runner"
)

func testSpec(t *testing.T) runner.Spec {
	t.Helper()
	dir := t.TempDir()
	return runner.Spec{Token: "t", Command: []string{"sh", "-c", "x"}, Workspace: dir, Dir: dir, Container: runner.Container{Image: "i"}}
}

func requestFor(t *testing.T, spec runner.Spec) *request {
	t.Helper()
	r, err := newRequest(spec)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAPlainSpecBecomesAContainer(t *testing.T) {
	t.Parallel()
	spec := testSpec(t)
	spec.Dir = filepath.Join(spec.Workspace, "sub")
	if err := os.Mkdir(spec.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	spec.Env, spec.Labels, spec.InheritEnv = []string{"A=1", "B=2", "A=3"}, map[string]string{"project": "p", LabelToken: "forged"}, true
	spec.CPU, spec.Memory = 1.5, 64<<20
	got := requestFor(t, spec).create
	on := true
	wantConfig := &container.Config{
		Image: "i", Cmd: spec.Command, WorkingDir: spec.Dir,
		Env:    []string{groupSignal, "B=2", "A=3"},
		Labels: map[string]string{"project": "p", LabelManaged: "true", LabelToken: "t"},
	}
	wantHost := &container.HostConfig{
		Init: &on, LogConfig: container.LogConfig{Type: "local", Config: map[string]string{"max-size": logMaxSize}},
		Mounts:    []mount.Mount{{Type: mount.TypeBind, Source: spec.Workspace, Target: spec.Workspace}},
		Resources: container.Resources{NanoCPUs: 1_500_000_000, Memory: 64 << 20, MemorySwap: 64 << 20},
	}
	if diff := cmp.Diff(wantConfig, got.Config); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wantHost, got.HostConfig); diff != "" {
		t.Errorf("host config (-want +got):\n%s", diff)
	}
	if got.Name != "heitan-t" {
		t.Errorf("got the name %q", got.Name)
	}
}

func TestOptionsAndSettingsAreJoined(t *testing.T) {
	t.Parallel()
	spec := testSpec(t)
	spec.Env = []string{"A=spec"}
	spec.Container.User, spec.Container.Network, spec.Container.SELinux = "1:1", "host", true
	spec.Container.Mounts = []string{"/data:/data:ro", "./here:/there"}
	spec.Container.PullPolicy = runner.PullAlways
	spec.Container.RunOptions = []string{"-e", "A=option", "-e", "B=option", "--init=false", "--log-opt", "max-size=1m", "--memory-swap", "-1", "--pull=always"}
	spec.Memory = 1 << 20
	r := requestFor(t, spec)
	got := r.create
	if diff := cmp.Diff([]string{"B=option", "A=spec"}, got.Config.Env); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
	wantBinds := []string{"/data:/data:ro", spec.Dir + "/here:/there", spec.Workspace + ":" + spec.Workspace + ":rw,Z"}
	if diff := cmp.Diff(wantBinds, got.HostConfig.Binds); diff != "" {
		t.Errorf("binds (-want +got):\n%s", diff)
	}
	if got.Config.User != "1:1" || got.HostConfig.NetworkMode != "host" || r.pull != runner.PullAlways ||
		got.HostConfig.LogConfig.Type != "" || got.HostConfig.MemorySwap != -1 {
		t.Errorf("got %+v, %+v", got.Config, got.HostConfig)
	}
}

func TestSpecsThatCanNeverBecomeAContainer(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change  func(s *runner.Spec)
		mention string
	}{
		"a bad token":       {func(s *runner.Spec) { s.Token = "a/b" }, "token"},
		"bytes as argument": {func(s *runner.Spec) { s.Command = []string{"a", "\xff"} }, "argument 1"},
		"bytes as variable": {func(s *runner.Spec) { s.Env = []string{"A=\xffsecret"} }, `"A"`},
		"no variable":       {func(s *runner.Spec) { s.Env = []string{"=secret"} }, "name"},
		"two users":         {func(s *runner.Spec) { s.Container.User, s.Container.RunOptions = "a", []string{"-u", "b"} }, "docker.user"},
		"two networks": {func(s *runner.Spec) {
			s.Container.Network, s.Container.RunOptions = "a", []string{"--network=b"}
		}, "docker.network"},
		"two policies": {func(s *runner.Spec) {
			s.Container.PullPolicy, s.Container.RunOptions = "never", []string{"--pull=always"}
		}, "docker.pull"},
		"two memories":      {func(s *runner.Spec) { s.Memory, s.Container.RunOptions = 1, []string{"-m", "1g"} }, "memory"},
		"two CPUs":          {func(s *runner.Spec) { s.CPU, s.Container.RunOptions = 1, []string{"--cpus", "2"} }, "cpu"},
		"a bad mount":       {func(s *runner.Spec) { s.Container.Mounts = []string{"/a"} }, "docker.mounts"},
		"a relative mount":  {func(s *runner.Spec) { s.Container.Mounts = []string{"/a:b"} }, "docker.mounts"},
		"a missing folder":  {func(s *runner.Spec) { s.Dir += "/gone" }, "does not exist"},
		"an unknown option": {func(s *runner.Spec) { s.Container.RunOptions = []string{"--nope"} }, "docker.run_options"},
		"a path with a colon": {func(s *runner.Spec) {
			s.Workspace, s.Container.SELinux = "/a:b", true
		}, "docker.selinux"},
		"a missing file": {func(s *runner.Spec) { s.Container.RunOptions = []string{"--env-file", "gone.env"} }, "gone.env"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := testSpec(t)
			c.change(&spec)
			_, err := newRequest(spec)
			if _, ok := errors.AsType[*runner.SpecError](err); !ok || !strings.Contains(err.Error(), c.mention) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v, want %q", err, c.mention)
			}
		})
	}
}

func TestFilesOfOptionsAreBounded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "large"), make([]byte, maxOptionFile+1), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := readIn(dir)("large"); err == nil {
		t.Error("read a file beyond the bound")
	}
}

func FuzzHandle(f *testing.F) {
	f.Add(`{"engine":"e","container":"c","token":"t"}`)
	f.Add(`{"container":"c"}`)
	f.Add(`[`)
	f.Fuzz(func(t *testing.T, state string) {
		got, err := parseHandle(runner.Handle{Runner: Name, Version: handleVersion, State: state})
		if err != nil {
			return
		}
		if again, err := parseHandle(got.handle()); err != nil || again != got || got.Container == "" {
			t.Errorf("got %+v, %v, want %+v", again, err, got)
		}
	})
}
