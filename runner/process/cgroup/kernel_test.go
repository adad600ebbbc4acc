package cgroup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// kernel is a folder that behaves like the cgroup file system as far as this
// package looks: new groups have control files, groups with processes cannot be
// removed.
type kernel struct {
	t    *testing.T
	root string
	old  bool // lacks what newer kernels have
}

func newKernel(t *testing.T) *kernel {
	k := &kernel{t: t, root: t.TempDir()}
	k.put("cgroup.controllers", "cpuset cpu io memory pids\n")
	k.put("cgroup.subtree_control", "")
	k.put("cgroup.procs", "77\n")
	return k
}

func (k *kernel) tree() *Tree { return &Tree{dir: k.root, mkdir: k.mkdir, rmdir: k.rmdir} }

func (k *kernel) mkdir(path string, mode fs.FileMode) error {
	if err := os.Mkdir(path, mode); err != nil {
		return err
	}
	name, _ := filepath.Rel(k.root, path)
	files := []string{"cgroup.procs", "cpu.max", "cpu.stat", "memory.max", "memory.events"}
	if !k.old {
		files = append(files, "memory.swap.max", "memory.oom.group", "memory.peak", "cgroup.kill")
	}
	for _, file := range files {
		k.put(filepath.Join(name, file), "")
	}
	return nil
}

func (k *kernel) rmdir(path string) error {
	procs, err := os.ReadFile(filepath.Join(path, "cgroup.procs"))
	if err != nil {
		return err
	}
	if len(procs) > 0 {
		return &fs.PathError{Op: "rmdir", Path: path, Err: errors.New("device or resource busy")}
	}
	return os.RemoveAll(path)
}

func (k *kernel) put(name, content string) {
	k.t.Helper()
	if err := os.WriteFile(filepath.Join(k.root, name), []byte(content), 0o644); err != nil {
		k.t.Fatal(err)
	}
}

// want compares control files with what they should contain.
func (k *kernel) want(files map[string]string) {
	k.t.Helper()
	got := map[string]string{}
	for name := range files {
		content, err := os.ReadFile(filepath.Join(k.root, name))
		if err != nil {
			k.t.Error(err)
		}
		got[name] = strings.TrimSpace(string(content))
	}
	if diff := cmp.Diff(files, got); diff != "" {
		k.t.Errorf("control files (-want +got):\n%s", diff)
	}
}
