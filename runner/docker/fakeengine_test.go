package docker_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/moby/moby/api/types/container"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/docker"
)

// fakeEngine is as much of a Docker engine as the runner needs, on a socket. What
// a real one does only in bad moments, a test makes it do by fault.
type fakeEngine struct {
	t        testing.TB
	socket   string
	server   *httptest.Server
	patience time.Duration // of the runner, while the engine is out of reach

	mu         sync.Mutex
	fault      func(w http.ResponseWriter, r *http.Request) bool // true if it has answered
	containers map[string]*fakeContainer                         // by name and id
	images     map[string]bool
	calls      []string // method and path of every request
	changed    chan struct{}
}

type fakeContainer struct {
	id     string
	config *container.Config
	host   *container.HostConfig
	state  container.State
	log    []string // frames
	starts int
}

func newFakeEngine(t testing.TB) *fakeEngine {
	dir, err := os.MkdirTemp("", "engine") //nolint:usetesting // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	e := &fakeEngine{
		t: t, socket: filepath.Join(dir, "s"), patience: 500 * time.Millisecond,
		containers: map[string]*fakeContainer{}, images: map[string]bool{"image": true}, changed: make(chan struct{}),
	}
	e.start()
	t.Cleanup(func() {
		e.stop()
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return e
}

func (e *fakeEngine) start() {
	listener, err := (&net.ListenConfig{}).Listen(e.t.Context(), "unix", e.socket)
	if err != nil {
		e.t.Fatal(err)
	}
	e.server = &httptest.Server{Listener: listener, Config: &http.Server{Handler: e.handler()}}
	e.server.Start()
}

// stop breaks all connections.
func (e *fakeEngine) stop() {
	e.server.CloseClientConnections()
	e.server.Close()
}

func (e *fakeEngine) runner(t testing.TB) *docker.Runner {
	r := docker.New(docker.Options{Host: "unix://" + e.socket, Patience: e.patience})
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func (e *fakeEngine) spec(t testing.TB) runner.Spec {
	dir := t.TempDir()
	return runner.Spec{
		Token: "token", Command: []string{"/program"}, Workspace: dir, Dir: dir,
		Container: runner.Container{Image: "image"},
	}
}

// onCall makes fault decide about every request from now on.
func (e *fakeEngine) onCall(fault func(w http.ResponseWriter, r *http.Request) bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fault = fault
}

// change changes the engine's state, and wakes who waits for that.
func (e *fakeEngine) change(change func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change()
	close(e.changed)
	e.changed = make(chan struct{})
}

// print adds frames to a container's log.
func (e *fakeEngine) print(name string, frames ...string) {
	e.change(func() { e.containers[name].log = append(e.containers[name].log, frames...) })
}

// exit ends a container.
func (e *fakeEngine) exit(name string, code int) {
	e.change(func() { e.containers[name].exit(code) })
}

func (c *fakeContainer) exit(code int) {
	if c.state.Running {
		c.state.Status, c.state.Running, c.state.ExitCode = container.StateExited, false, code
		c.state.FinishedAt = time.Now().Format(time.RFC3339Nano)
	}
}

// called counts the requests that begin with a method and path.
func (e *fakeEngine) called(prefix string) (n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, call := range e.calls {
		if strings.HasPrefix(call, prefix) {
			n++
		}
	}
	return n
}

func (e *fakeEngine) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/_ping", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Api-Version", "1.41") })
	mux.HandleFunc("GET /v1.41/info", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, map[string]string{"ID": "fake"}) })
	mux.HandleFunc("GET /v1.41/images/{name...}", e.inspectImage)
	mux.HandleFunc("POST /v1.41/containers/create", e.create)
	mux.HandleFunc("GET /v1.41/containers/{name}/json", e.of(e.inspect))
	mux.HandleFunc("HEAD /v1.41/containers/{name}/archive", e.of(func(w http.ResponseWriter, _ *http.Request, _ *fakeContainer) {
		w.Header().Set("X-Docker-Container-Path-Stat", "eyJtb2RlIjo0OTN9")
	}))
	mux.HandleFunc("POST /v1.41/containers/{name}/start", e.of(e.begin))
	mux.HandleFunc("POST /v1.41/containers/{name}/wait", e.of(e.wait))
	mux.HandleFunc("POST /v1.41/containers/{name}/stop", e.of(func(w http.ResponseWriter, _ *http.Request, c *fakeContainer) {
		e.change(func() { c.exit(143) })
		w.WriteHeader(http.StatusNoContent)
	}))
	mux.HandleFunc("GET /v1.41/containers/{name}/logs", e.of(e.logs))
	mux.HandleFunc("GET /v1.41/containers/{name}/stats", e.of(func(w http.ResponseWriter, _ *http.Request, _ *fakeContainer) {
		_, _ = io.WriteString(w, "no JSON")
	}))
	mux.HandleFunc("DELETE /v1.41/containers/{name}", e.of(func(w http.ResponseWriter, _ *http.Request, c *fakeContainer) {
		e.change(func() { e.remove(c) })
		w.WriteHeader(http.StatusNoContent)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.mu.Lock()
		e.calls = append(e.calls, r.Method+" "+strings.TrimPrefix(r.URL.Path, "/v1.41"))
		fault := e.fault
		e.mu.Unlock()
		if fault == nil || !fault(w, r) {
			mux.ServeHTTP(w, r)
		}
	})
}

func (e *fakeEngine) remove(c *fakeContainer) {
	for name, other := range e.containers {
		if other == c {
			delete(e.containers, name)
		}
	}
}

// of calls handle with the container that the path names.
func (e *fakeEngine) of(handle func(http.ResponseWriter, *http.Request, *fakeContainer)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		e.mu.Lock()
		c := e.containers[r.PathValue("name")]
		e.mu.Unlock()
		if c == nil {
			problem(w, http.StatusNotFound, "No such container: "+r.PathValue("name"))
			return
		}
		handle(w, r, c)
	}
}

func (e *fakeEngine) inspectImage(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	name := strings.TrimSuffix(r.PathValue("name"), "/json")
	if !e.images[name] {
		problem(w, http.StatusNotFound, "No such image: "+name)
		return
	}
	answer(w, 200, map[string]string{"Id": "sha256:1"})
}

func (e *fakeEngine) create(w http.ResponseWriter, r *http.Request) {
	var request container.CreateRequest
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	name := r.URL.Query().Get("name")
	if e.containers[name] != nil {
		problem(w, http.StatusConflict, "Conflict. The container name is already in use")
		return
	}
	c := &fakeContainer{id: fmt.Sprint("id-", name), config: request.Config, host: request.HostConfig}
	c.state.Status = container.StateCreated
	e.containers[name], e.containers[c.id] = c, c
	answer(w, http.StatusCreated, map[string]any{"Id": c.id, "Warnings": []string{}})
}

func (e *fakeEngine) inspect(w http.ResponseWriter, _ *http.Request, c *fakeContainer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	answer(w, 200, container.InspectResponse{
		ID: c.id, Path: "/program", Image: "sha256:1", State: &c.state, Config: c.config, HostConfig: c.host,
	})
}

func (e *fakeEngine) begin(w http.ResponseWriter, _ *http.Request, c *fakeContainer) {
	e.change(func() {
		if c.state.Status != container.StateCreated {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		c.starts++
		c.state.Status, c.state.Running = container.StateRunning, true
		c.state.StartedAt = time.Now().Format(time.RFC3339Nano)
		w.WriteHeader(http.StatusNoContent)
	})
}

func (e *fakeEngine) wait(w http.ResponseWriter, r *http.Request, c *fakeContainer) {
	w.WriteHeader(200)
	w.(http.Flusher).Flush()
	for {
		e.mu.Lock()
		running, code, changed := c.state.Running, c.state.ExitCode, e.changed
		gone := e.containers[c.id] != c
		e.mu.Unlock()
		if gone {
			panic(http.ErrAbortHandler)
		}
		if !running {
			_ = json.NewEncoder(w).Encode(container.WaitResponse{StatusCode: int64(code)}) // the client may be gone
			return
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
}

func (e *fakeEngine) logs(w http.ResponseWriter, r *http.Request, c *fakeContainer) {
	follow := r.URL.Query().Get("follow") == "1"
	w.WriteHeader(200)
	w.(http.Flusher).Flush()
	for sent := 0; ; {
		e.mu.Lock()
		frames, running, changed := c.log[sent:], c.state.Running, e.changed
		e.mu.Unlock()
		for _, f := range frames {
			if _, err := io.WriteString(w, f); err != nil {
				return
			}
		}
		sent += len(frames)
		w.(http.Flusher).Flush()
		if !follow || !running {
			return
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
}

// frame is one entry of a log.
func frame(kind byte, text string) string {
	header := []byte{kind, 0, 0, 0, 0, 0, 0, 0}
	binary.BigEndian.PutUint32(header[4:], uint32(len(text)))
	return string(header) + text
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may be gone
}

func problem(w http.ResponseWriter, status int, message string) {
	answer(w, status, map[string]string{"message": message})
}

// drop breaks the connection without an answer.
func drop() bool { panic(http.ErrAbortHandler) }
