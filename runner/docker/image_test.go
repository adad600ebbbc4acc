package docker

import (
	"errors"
	"strings"
	"testing"

	"github.com/moby/moby/api/types/jsonstream"

	"github.com/heitan/heitan/runner"
)

func TestTheDockerfileHasARunForEachLine(t *testing.T) {
	t.Parallel()
	cases := []struct {
		build []string
		want  string
	}{
		{[]string{"apt-get update", "apt-get install -y x"}, "FROM i\nRUN apt-get update\nRUN apt-get install -y x\n"},
		{[]string{"a\nb\n", "", " ", "c\r\n"}, "FROM i\nRUN a\nRUN b\nRUN c\n"},
		{[]string{"a \\\n  b \\ \n\n c", "d"}, "FROM i\nRUN a \\\n  b \\ \n c\nRUN d\n"},
		{nil, "FROM i\n"},
	}
	for _, c := range cases {
		if got, err := dockerfileOf(runner.Container{Image: "i", Build: c.build}); err != nil || got != c.want {
			t.Errorf("%q: got %q, %v", c.build, got, err)
		}
	}
	if _, err := dockerfileOf(runner.Container{Image: "i", Build: []string{"a \\"}}); err == nil {
		t.Error("accepted a line that goes on nowhere")
	}
}

func TestTheNameOfABuiltImageTellsWhatItIsMadeOf(t *testing.T) {
	t.Parallel()
	base := runner.Spec{Token: "a", Workspace: "/w", Container: runner.Container{Image: "i", Build: []string{"x"}, Revision: "r"}}
	name := builtName(base)
	if !strings.HasPrefix(name, "heitan-project-") || len(name) != len("heitan-project-")+40 {
		t.Errorf("got %q", name)
	}
	same := base
	same.Token, same.Workspace, same.Env = "b", "/elsewhere", []string{"A=1"}
	if builtName(same) != name {
		t.Error("the same image has another name")
	}
	for what, change := range map[string]func(*runner.Spec){
		"image":     func(s *runner.Spec) { s.Container.Image = "j" },
		"lines":     func(s *runner.Spec) { s.Container.Build = []string{"x", "y"} },
		"options":   func(s *runner.Spec) { s.Container.BuildOptions = []string{"--no-cache"} },
		"revision":  func(s *runner.Spec) { s.Container.Revision = "s" },
		"workspace": func(s *runner.Spec) { s.Container.Revision = "" },
	} {
		other := base
		change(&other)
		if builtName(other) == name {
			t.Errorf("another %s has the same name", what)
		}
	}
}

func TestFailedFetchesAreExplained(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]struct {
		lasting bool
		mention string
	}{
		"manifest for busybox:nope not found: manifest unknown: manifest unknown":                                                        {true, "tag right"},
		"pull access denied for nope, repository does not exist or may require 'docker login': denied: requested access to the resource": {true, "docker login"},
		"Head https://x/v2/: no basic auth credentials":                                                                                  {true, "credential helper"},
		"toomanyrequests: You have reached your pull rate limit.":                                                                        {false, "mirror"},
		"no matching manifest for linux/arm64/v8 in the manifest list entries":                                                           {true, "platform"},
		"Get https://x/v2/: x509: certificate signed by unknown authority":                                                               {true, "insecure-registries"},
		"Get https://x/v2/: dial tcp: lookup x: no such host":                                                                            {false, "no such host"},
		"net/http: TLS handshake timeout":                                                                                                {false, "timeout"},
	} {
		err, lasting := explainPull("i", errors.New(said))
		wrong, isSpec := errors.AsType[*runner.SpecError](err)
		text := err.Error()
		if isSpec {
			text += wrong.Hint
		}
		if lasting != want.lasting || isSpec != lasting || !strings.Contains(text, want.mention) {
			t.Errorf("%s: got %v, %v", said, err, lasting)
		}
	}
}

func TestProgressIsShownInFewLines(t *testing.T) {
	t.Parallel()
	stream := strings.NewReader(`
		{"status":"Pulling from library/busybox","id":"1"}
		{"status":"Pulling fs layer","progressDetail":{},"id":"a"}
		{"status":"Downloading","progressDetail":{"current":1,"total":9},"progress":"[=>  ]","id":"a"}
		{"status":"Downloading","progressDetail":{"current":2,"total":9},"id":"a"}
		{"status":"Download complete","progressDetail":{},"id":"a"}
		{"status":"Pull complete","progressDetail":{},"id":"a"}
		{"status":"Pull complete","progressDetail":{},"id":"a"}
		{"status":"Digest: sha256:1"}
		{"stream":"Step 1/2 : FROM x\n"}`)
	var output strings.Builder
	if err := show(messagesOf(stream), &output); err != nil {
		t.Fatal(err)
	}
	want := "1: Pulling from library/busybox\na: Pull complete\nDigest: sha256:1\nStep 1/2 : FROM x\n"
	if output.String() != want {
		t.Errorf("got %q", output.String())
	}
	failing := strings.NewReader(`{"status":"x"}{"errorDetail":{"code":1,"message":"no"},"error":"no"}`)
	if err := show(messagesOf(failing), &output); err == nil || err.Error() != "no" {
		t.Errorf("got %v", err)
	}
	if err := show(messagesOf(strings.NewReader(`{"status":"x"`)), &output); err == nil {
		t.Error("accepted a cut stream")
	}
	if _, ok := errors.AsType[*jsonstream.Error](show(messagesOf(strings.NewReader(`{"errorDetail":{}}`)), &output)); !ok {
		t.Error("missed an error without words")
	}
}
