package docker_test

import (
	"archive/tar"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/docker"
	"github.com/heitan/heitan/runner/runnertest"
)

// onPull makes the fake answer requests to fetch an image.
func (e *fakeEngine) onPull(pull func(w http.ResponseWriter, r *http.Request)) {
	e.onCall(func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/images/create") {
			pull(w, r)
			return true
		}
		return false
	})
}

func TestImagesAreFetchedAsThePolicySays(t *testing.T) {
	t.Parallel()
	cases := []struct {
		policy  runner.PullPolicy
		there   bool
		fetches int
		refused bool
	}{
		{"", true, 0, false},
		{"", false, 1, false},
		{runner.PullMissing, false, 1, false},
		{runner.PullAlways, true, 1, false},
		{runner.PullNever, true, 0, false},
		{runner.PullNever, false, 0, true},
	}
	for _, c := range cases {
		e := newFakeEngine(t)
		e.change(func() { e.images = map[string]bool{"registry.example/image:1": c.there} })
		e.onPull(func(w http.ResponseWriter, r *http.Request) {
			if q := r.URL.Query(); q.Get("fromImage") != "registry.example/image" || q.Get("tag") != "1" {
				t.Errorf("asked for %v", q)
			}
			_, _ = io.WriteString(w, `{"status":"Pulling"}{"status":"Pull complete","id":"layer"}`)
		})
		spec, output := e.spec(t), &runnertest.Output{}
		spec.Container.Image, spec.Container.PullPolicy = "registry.example/image:1", c.policy
		_, err := e.runner(t).Start(t.Context(), spec, output)
		wrong, refused := errors.AsType[*runner.SpecError](err)
		if refused != c.refused || !refused && err != nil || refused && wrong.Field != "docker.image" {
			t.Errorf("%+v: got %v", c, err)
		}
		if n := e.called("POST /images/create"); n != c.fetches {
			t.Errorf("%+v: fetched %d times", c, n)
		}
		if told := strings.Contains(output.String(), "heitan: fetching image registry.example/image:1\nPulling\nlayer: Pull complete\n"); told != (c.fetches > 0) {
			t.Errorf("%+v: told %q", c, output)
		}
	}
}

func TestAMissingImageIsFetchedOnceForMany(t *testing.T) {
	t.Parallel()
	e := newFakeEngine(t)
	e.change(func() { delete(e.images, "image") })
	e.onPull(func(http.ResponseWriter, *http.Request) { e.change(func() { e.images["image"] = true }) })
	r := e.runner(t)
	started := make(chan error)
	for _, token := range []string{"a", "b", "c", "d"} {
		spec := e.spec(t)
		spec.Token = token
		go func() {
			_, err := r.Start(t.Context(), spec, &runnertest.Output{})
			started <- err
		}()
	}
	for range 4 {
		if err := <-started; err != nil {
			t.Error(err)
		}
	}
	if n := e.called("POST /images/create"); n != 1 {
		t.Errorf("fetched %d times", n)
	}
}

func TestAFetchUsesTheLoginOfItsRegistry(t *testing.T) {
	t.Parallel()
	e := newFakeEngine(t)
	config := t.TempDir()
	file := `{"auths":{"registry.example":{"auth":"` + base64.StdEncoding.EncodeToString([]byte("me:secret")) + `"}},"credHelpers":{"broken.example":"gone"}}`
	if err := os.WriteFile(filepath.Join(config, "config.json"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	var auth atomic.Value
	e.onPull(func(w http.ResponseWriter, r *http.Request) {
		auth.Store(r.Header.Get("X-Registry-Auth"))
		_, _ = io.WriteString(w, `{"status":"Pulling"}`)
	})
	r := docker.New(docker.Options{Host: "unix://" + e.socket, ConfigDir: config})
	defer r.Close() //nolint:errcheck // nothing is asked of it
	for image, want := range map[string]string{"registry.example/x": `"password":"secret"`, "other.example/x": "", "broken.example/x": ""} {
		spec, output := e.spec(t), &runnertest.Output{}
		spec.Token = strings.NewReplacer("/", "-").Replace(image)
		spec.Container.Image = image
		if _, err := r.Start(t.Context(), spec, output); err != nil {
			t.Fatal(err)
		}
		sent, _ := auth.Load().(string)
		decoded, err := base64.URLEncoding.DecodeString(sent)
		if err != nil || !strings.Contains(string(decoded), want) || want == "" && sent != "" {
			t.Errorf("%s: sent %q", image, decoded)
		}
		if strings.Contains(output.String(), "secret") {
			t.Errorf("%s: told %q", image, output)
		}
		if broken := strings.HasPrefix(image, "broken"); broken != strings.Contains(output.String(), "going on without a login") {
			t.Errorf("%s: told %q", image, output)
		}
	}
}

func TestAFailedFetchIsTriedAgainUnlessItIsInVain(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		said  string
		tries int
		never bool
	}{
		"a registry that does not answer": {"dial tcp: i/o timeout", 3, false},
		"an image that is not there":      {"manifest for image not found: manifest unknown", 1, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newFakeEngine(t)
			e.change(func() { delete(e.images, "image") })
			e.onPull(func(w http.ResponseWriter, _ *http.Request) {
				answer(w, 200, map[string]any{"errorDetail": map[string]string{"message": c.said}})
			})
			_, err := e.runner(t).Start(t.Context(), e.spec(t), &runnertest.Output{})
			if _, never := errors.AsType[*runner.SpecError](err); never != c.never || err == nil || !strings.Contains(err.Error(), c.said) {
				t.Errorf("got %v", err)
			}
			if n := e.called("POST /images/create"); n != c.tries {
				t.Errorf("tried %d times", n)
			}
		})
	}
}

func TestBuildsSendTheProjectOnlyIfItCanBeUsed(t *testing.T) {
	t.Parallel()
	for _, triggers := range []bool{false, true} {
		e := newFakeEngine(t)
		var sent []string
		e.onCall(func(w http.ResponseWriter, r *http.Request) bool {
			switch {
			case strings.HasSuffix(r.URL.Path, "/images/image/json") && triggers:
				answer(w, 200, map[string]any{"Id": "sha256:1", "Config": map[string]any{"OnBuild": []string{"COPY . /app"}}})
			case strings.HasSuffix(r.URL.Path, "/build"):
				sent = entries(t, r.Body)
				e.change(func() { e.images[r.URL.Query().Get("t")] = true })
				_, _ = io.WriteString(w, `{"stream":"Step 1/2 : FROM image\n"}`)
			default:
				return false
			}
			return true
		})
		spec, output := e.spec(t), &runnertest.Output{}
		for _, name := range []string{"file", "ignored", ".dockerignore"} {
			if err := os.WriteFile(filepath.Join(spec.Workspace, name), []byte("ignored\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		spec.Container.Build, spec.Container.Revision = []string{"true"}, "1"
		r := e.runner(t)
		for _, token := range []string{"a", "b"} { // the second finds it
			spec.Token = token
			if _, err := r.Start(t.Context(), spec, output); err != nil {
				t.Fatal(err)
			}
		}
		want := []string{".dockerignore", "file"}
		if !triggers {
			want = nil
		}
		dockerfile := slices.IndexFunc(sent, func(name string) bool { return strings.HasPrefix(name, ".heitan-dockerfile-") })
		if dockerfile < 0 {
			t.Fatalf("sent %q", sent)
		}
		if diff := cmp.Diff(want, append([]string(nil), slices.Delete(sent, dockerfile, dockerfile+1)...)); diff != "" {
			t.Errorf("sent (-want +got):\n%s", diff)
		}
		if n := e.called("POST /build"); n != 1 || !strings.Contains(output.String(), "Step 1/2") {
			t.Errorf("built %d times, told %q", n, output)
		}
	}
}

func entries(t *testing.T, archive io.Reader) (names []string) {
	for r := tar.NewReader(archive); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Error(err)
			return names
		}
		names = append(names, header.Name)
	}
}

func TestFailedBuildsAreErrors(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		answer, mention string
		limit           int64
		never           bool
	}{
		"a line that fails":    {`{"stream":"Step"}{"errorDetail":{"message":"The command 'x' returned a non-zero code: 1"}}`, "non-zero code", 1000, false},
		"an engine that stops": {`{"stream":"Step"}`, "stopped before", 1000, false},
		"a project too large":  {``, "build context has more than", 5, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newFakeEngine(t)
			e.onCall(func(w http.ResponseWriter, r *http.Request) bool {
				switch {
				case strings.HasSuffix(r.URL.Path, "/images/image/json"):
					answer(w, 200, map[string]any{"Config": map[string]any{"OnBuild": []string{"COPY . /app"}}})
				case strings.HasSuffix(r.URL.Path, "/build"):
					_, _ = io.Copy(io.Discard, r.Body)
					_, _ = io.WriteString(w, c.answer)
				default:
					return false
				}
				return true
			})
			r := docker.New(docker.Options{Host: "unix://" + e.socket, MaxContextBytes: c.limit})
			defer r.Close() //nolint:errcheck // nothing is asked of it
			spec := e.spec(t)
			if err := os.WriteFile(filepath.Join(spec.Workspace, "file"), make([]byte, 10), 0o644); err != nil {
				t.Fatal(err)
			}
			spec.Container.Build = []string{"x"}
			_, err := r.Start(t.Context(), spec, &runnertest.Output{})
			if _, never := errors.AsType[*runner.SpecError](err); never != c.never || err == nil || !strings.Contains(err.Error(), c.mention) {
				t.Errorf("got %v", err)
			}
		})
	}
}
