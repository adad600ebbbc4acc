// Package dockertest gives tests a Docker engine, an image that needs no registry,
// and leaves nothing behind.
package dockertest

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/containerd/errdefs"
	"github.com/google/uuid"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/heitan/heitan/internal/testenv"
)

// Image is an image with nothing in it but busybox: a shell and the usual small
// programs.
const Image = "heitan-test/busybox:1"

// LabelRun is the label that containers of one test carry.
const LabelRun = "heitan.test.run"

// Engine is an engine that a test may use.
type Engine struct {
	Host   string            // its address
	Labels map[string]string // for everything the test starts; it is removed in the end
}

// Need is the engine of the machine, with [Image] in it. The test is skipped, or
// fails where it is required, if there is none.
func Need(t testing.TB) *Engine {
	t.Helper()
	host := testenv.Need(t, testenv.Docker)
	e := &Engine{Host: host, Labels: map[string]string{LabelRun: uuid.NewString()}}
	t.Cleanup(func() { e.removeAll(t) })
	e.Use(t, func(c *client.Client) {
		if _, err := c.ImageInspect(t.Context(), Image); errdefs.IsNotFound(err) {
			importImage(t, c)
		} else if err != nil {
			t.Fatalf("look for image %s: %v", Image, err)
		}
	})
	return e
}

// Use calls the engine with a client that leaves no connections behind.
func (e *Engine) Use(t testing.TB, use func(*client.Client)) {
	t.Helper()
	c, err := client.New(client.WithHost(e.Host))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}()
	use(c)
}

// Containers are those with a label, running or not. It may be asked when the test
// is over.
func (e *Engine) Containers(t testing.TB, label string) []container.Summary {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	defer cancel()
	var items []container.Summary
	e.Use(t, func(c *client.Client) {
		list, err := c.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: client.Filters{}.Add("label", label)})
		if err != nil {
			t.Errorf("list containers: %v", err)
		}
		items = list.Items
	})
	return items
}

// importImage makes the image of the machine's own static busybox.
func importImage(t testing.TB, c *client.Client) {
	t.Helper()
	path, err := exec.LookPath("busybox")
	if err != nil {
		if testenv.Required(testenv.Docker) {
			t.Fatalf("the test image is made of a static busybox: %v", err)
		}
		t.Skipf("the test image is made of a static busybox: %v", err)
	}
	result, err := c.ImageImport(t.Context(), client.ImageImportSource{
		Source: busyboxArchive(t, path), SourceName: "-",
	}, "heitan-test/busybox", client.ImageImportOptions{Tag: "1", Changes: []string{"ENV PATH=/bin", `CMD ["/bin/sh"]`}})
	if err != nil {
		t.Fatalf("import image %s: %v", Image, err)
	}
	defer result.Close()
	if answer, err := io.ReadAll(result); err != nil || bytes.Contains(answer, []byte(`"error"`)) {
		t.Fatalf("import image %s: %s %v", Image, answer, err)
	}
}

func busyboxArchive(t testing.TB, path string) io.Reader {
	t.Helper()
	program, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	list, err := exec.CommandContext(t.Context(), path, "--list").Output()
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	archive := tar.NewWriter(&buf)
	add := func(header tar.Header, content []byte) {
		header.ModTime = time.Unix(0, 0)
		header.Size = int64(len(content))
		if err := archive.WriteHeader(&header); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	add(tar.Header{Typeflag: tar.TypeDir, Name: "bin/", Mode: 0o755}, nil)
	add(tar.Header{Typeflag: tar.TypeDir, Name: "tmp/", Mode: 0o1777}, nil)
	add(tar.Header{Typeflag: tar.TypeReg, Name: "bin/busybox", Mode: 0o755}, program)
	for name := range strings.FieldsSeq(string(list)) {
		if name != "busybox" {
			add(tar.Header{Typeflag: tar.TypeSymlink, Name: "bin/" + name, Linkname: "busybox", Mode: 0o777}, nil)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return &buf
}

// removeAll removes the containers of the test.
func (e *Engine) removeAll(t testing.TB) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	defer cancel()
	for _, item := range e.Containers(t, LabelRun+"="+e.Labels[LabelRun]) {
		e.Use(t, func(c *client.Client) {
			_, err := c.ContainerRemove(ctx, item.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
			if err != nil && !errdefs.IsNotFound(err) {
				t.Errorf("remove container %s: %v", item.ID, err)
			}
		})
	}
}
