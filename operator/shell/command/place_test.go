package command_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/runner"
)

// none is a runner that is only chosen.
type none struct{}

func (none) Start(context.Context, runner.Spec, io.Writer) (runner.Run, error) { panic("started") }

func (none) Attach(context.Context, runner.Handle, io.Writer) (runner.Run, error) { panic("attached") }

func (none) Discard(context.Context, string, time.Duration) error { panic("discarded") }

var runners = command.Runners{command.Process: none{}, command.Docker: none{}}

func object(t testing.TB, text string) *params.Object {
	t.Helper()
	o, err := params.ParseObject([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func shRequest(t testing.TB, own, inherited string) (*operator.Request, *operatortest.Record) {
	t.Helper()
	req, record := operatortest.Request(t, object(t, own), operatortest.WithParams(object(t, inherited)))
	req.Type = "sh"
	return req, record
}

func TestRunnerIsChosenByTheMergedParams(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, own, inherited, want string }{
		{"nothing said", `{}`, `{}`, "process"},
		{"docker on the task", `{"docker": {"image": "i"}}`, `{}`, "docker"},
		{"docker exported", `{}`, `{"docker": {"image": "i"}}`, "docker"},
		{"docker as text", `{}`, `{"docker": "{\"image\": \"i\"}"}`, "docker"},
		{"docker switched off", `{"docker": null}`, `{"docker": {"image": "i"}}`, "process"},
		{"runner beats docker", `{"runner": "process"}`, `{"docker": {"image": "i"}}`, "process"},
		{"runner exported", `{}`, `{"runner": "process", "docker": {"image": "i"}}`, "process"},
		{"runner for an operator", `{}`, `{"sh": {"runner": "process"}, "docker": {"image": "i"}}`, "process"},
		{"settings merged", `{"docker": {"user": "1"}}`, `{"docker": {"image": "i"}}`, "docker"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			req, _ := shRequest(t, c.own, c.inherited)
			place, err := runners.Choose(req)
			if err != nil || place.Runner != c.want {
				t.Errorf("runner = %s, %v; want %s", place.Runner, err, c.want)
			}
		})
	}
}

func TestEveryDockerSettingIsRead(t *testing.T) {
	t.Parallel()
	req, record := shRequest(t, `{"docker": {"image": "i:1", "docker": "podman", "run_options": ["-v", "/a:/b"], "pull_always": "true",
		"build": ["apt-get update", "pip install x"], "build_options": ["--no-cache"], "selinux": true,
		"user": 1000, "network": "host", "mounts": "/data:/data:ro", "imge": "x"}, "cpu": "0.5", "memory": "512 MB", "stop_grace": "1m"}`, `{}`)
	place, err := runners.Choose(req)
	if err != nil {
		t.Fatal(err)
	}
	want := command.Place{
		Runner: "docker",
		Container: runner.Container{
			Image: "i:1", PullPolicy: runner.PullAlways, Build: []string{"apt-get update", "pip install x"}, BuildOptions: []string{"--no-cache"},
			RunOptions: []string{"-v", "/a:/b"}, User: "1000", Network: "host", Mounts: []string{"/data:/data:ro"}, SELinux: true, Revision: "1/r1",
		},
		Limits: command.Limits{CPU: 0.5, Memory: 512 << 20, StopGrace: time.Minute},
	}
	if diff := cmp.Diff(want, place); diff != "" {
		t.Error(diff)
	}
	for _, line := range []string{"docker.docker is passed over", `key=imge hint="did you mean ` + "`image`?"} {
		if !strings.Contains(record.Log(), line) {
			t.Errorf("log lacks %s:\n%s", line, record.Log())
		}
	}
}

func TestPullPolicies(t *testing.T) {
	t.Parallel()
	for settings, want := range map[string]runner.PullPolicy{
		`{"image": "i"}`:                                       runner.PullMissing,
		`{"image": "i", "pull_always": false}`:                 runner.PullMissing,
		`{"image": "i", "pull_always": true}`:                  runner.PullAlways,
		`{"image": "i", "pull_always": true, "pull": "never"}`: runner.PullNever,
		`{"image": "i", "pull": "always"}`:                     runner.PullAlways,
	} {
		req, _ := shRequest(t, `{"docker": `+settings+`}`, `{}`)
		place, err := runners.Choose(req)
		if err != nil || place.Container.PullPolicy != want {
			t.Errorf("%s: %s, %v", settings, place.Container.PullPolicy, err)
		}
	}
}

func TestWrongPlacesAreConfigurationErrors(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, own, message, hint string }{
		{"unknown runner that is near", `{"runner": "dokcer"}`, "Unknown runner: dokcer", "did you mean `docker`?"},
		{"unknown runner", `{"runner": "ecs"}`, "Unknown runner: ecs", "this heitan runs commands by: docker, process"},
		{"docker without image", `{"docker": {"user": "x"}}`, "Parameter 'docker.image' is required but not set", ""},
		{"runner without image", `{"runner": "docker"}`, "Parameter 'docker.image' is required but not set", ""},
		{"docker is no map", `{"docker": true}`, "Expected object type for key 'docker' but got true (boolean)", ""},
		{"unknown policy", `{"docker": {"image": "i", "pull": "sometimes"}}`, "docker.pull must be one of always, missing, never but is 'sometimes'", ""},
		{"cpu is no number", `{"cpu": "a lot"}`, `Expected number type for key 'cpu' but got "a lot" (string)`, ""},
		{"cpu below zero", `{"cpu": -1}`, "cpu must be a number of cores above 0, such as 0.5", ""},
		{"memory without unit", `{"memory": 512}`, "memory is 512 bytes, in which nothing can run (for megabytes write 512 MB)", ""},
		{"stop_grace is no duration", `{"stop_grace": "soon"}`, `Expected duration (such as 1h 30m) type for key 'stop_grace' but got "soon" (string)`, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			req, _ := shRequest(t, c.own, `{}`)
			_, err := runners.Choose(req)
			f := operator.AsFailure(err)
			if f == nil || f.Message != c.message || f.Kind != operator.KindConfig || f.Hint != c.hint {
				t.Errorf("failure = %v, hint %q", f, f.Hint)
			}
		})
	}
}

func TestRunnerThatThisHeitanLacksIsNamed(t *testing.T) {
	t.Parallel()
	req, _ := shRequest(t, `{"docker": {"image": "i"}}`, `{}`)
	_, err := command.Runners{command.Process: none{}}.Choose(req)
	if f := operator.AsFailure(err); f == nil || f.Error() != "Unknown runner: docker (config)" || f.Hint != "this heitan runs commands by: process" {
		t.Errorf("failure = %v", f)
	}
}

func TestSettingsOfOtherRunnersAreWarnedAbout(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, params, warned string }{
		{"ecs", `{"ecs": {"cluster": "c"}}`, "key=ecs"},
		{"kubernetes", `{"kubernetes": {}}`, "key=kubernetes"},
		{"a param that happens to be called ecs", `{"ecs": "x"}`, ""},
		{"a runner that was named", `{"ecs": {}, "runner": "process"}`, ""},
		{"docker", `{"ecs": {}, "docker": {"image": "i"}}`, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			req, record := shRequest(t, `{}`, c.params)
			if _, err := runners.Choose(req); err != nil {
				t.Fatal(err)
			}
			if log := record.Log(); (log != "") != (c.warned != "") || !strings.Contains(log, c.warned) {
				t.Errorf("log = %q", log)
			}
		})
	}
}

func TestLimitsAreNotTakenFromParamsOfTheSameName(t *testing.T) {
	t.Parallel()
	req, _ := shRequest(t, `{"cpu": 2}`, `{"memory": 4, "cpu": 1, "stop_grace": "x", "sh": {"memory": "1.5g", "cpu": 7}}`)
	place, err := runners.Choose(req)
	want := command.Limits{CPU: 2, Memory: 3 << 29, StopGrace: 10 * time.Second}
	if diff := cmp.Diff(want, place.Limits); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestBytesAreWrittenAsUsersWriteThem(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 bytes", 1023: "1023 bytes", 1024: "1 KB", 512 << 20: "512 MB", 3 << 29: "1.5 GB", 536_000_000: "511.2 MB", 5 << 40: "5 TB", 5000 << 40: "5000 TB"} {
		if got := command.Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %s, want %s", n, got, want)
		}
	}
}
