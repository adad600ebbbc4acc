package cgroup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// period is the time in microseconds within which a CPU limit is counted. It is
// the kernel's default, and what container engines use.
const period = 100_000

// Tree is a group that groups of tasks can be made in.
type Tree struct {
	dir   string
	mkdir func(string, fs.FileMode) error
	rmdir func(string) error
}

// Limits are what a group may use; zero is no limit.
type Limits struct {
	CPU    float64 // cores
	Memory int64   // bytes, without any swap
}

// At is the tree of a group that is known to be delegated, with the controllers
// that the limits to come need.
func At(dir string) *Tree { return &Tree{dir: dir, mkdir: os.Mkdir, rmdir: os.Remove} }

// Create makes a group for a task. The name is a file name.
func (t *Tree) Create(name string, limits Limits) (*Group, error) {
	g := t.Group(name)
	if err := t.mkdir(g.dir, 0o755); err != nil {
		return nil, fmt.Errorf("create control group: %w", err)
	}
	if err := g.limit(limits); err != nil {
		return nil, errors.Join(fmt.Errorf("create control group: %w", err), g.Remove())
	}
	return g, nil
}

// Group is the group of a name, whether it exists or not.
func (t *Tree) Group(name string) *Group {
	return &Group{dir: filepath.Join(t.dir, taskPrefix+name), rmdir: t.rmdir}
}

// sweep removes groups of earlier tasks that are empty by now. The kernel refuses
// to remove the others.
func (t *Tree) sweep() {
	entries, err := os.ReadDir(t.dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), taskPrefix) {
			_ = t.rmdir(filepath.Join(t.dir, e.Name()))
		}
	}
}

func (t *Tree) words(name string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(t.dir, name))
	return strings.Fields(string(text)), err
}

func (t *Tree) write(name, value string) error { return write(filepath.Join(t.dir, name), value) }

// write writes to a control file, which exists already.
func write(path, value string) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(value)
	return errors.Join(err, file.Close())
}

// limit writes the limits. Swap and the killing of the whole group are left to
// their defaults on kernels that do not know them.
func (g *Group) limit(l Limits) error {
	if l.CPU > 0 {
		quota := max(int64(l.CPU*period), 1000) // the kernel's least
		if err := g.write("cpu.max", fmt.Sprintf("%d %d", quota, period)); err != nil {
			return fmt.Errorf("limit CPU: %w", err)
		}
	}
	if l.Memory <= 0 {
		return nil
	}
	if err := g.write("memory.max", strconv.FormatInt(l.Memory, 10)); err != nil {
		return fmt.Errorf("limit memory: %w", err)
	}
	for file, value := range map[string]string{"memory.swap.max": "0", "memory.oom.group": "1"} {
		if err := g.write(file, value); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("limit memory: %w", err)
		}
	}
	return nil
}
