package cgroup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Group is the control group of one task.
type Group struct {
	dir   string
	rmdir func(string) error
}

// Usage is what the processes of a group used since it was made. What the kernel
// is too old to tell is zero.
type Usage struct {
	CPUTime    time.Duration // since Linux 4.5
	PeakMemory int64         // bytes without the files it has cached in the end; since Linux 5.19
	OOMKills   int           // processes killed because of the memory limit
}

// Open opens the group for clone(2) with CLONE_INTO_CGROUP.
func (g *Group) Open() (*os.File, error) {
	dir, err := os.Open(g.dir)
	if err != nil {
		return nil, fmt.Errorf("open control group: %w", err)
	}
	return dir, nil
}

// PIDs are the processes in the group; none if it does not exist.
func (g *Group) PIDs() ([]int, error) {
	text, err := os.ReadFile(filepath.Join(g.dir, "cgroup.procs"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read control group: %w", err)
	}
	var pids []int
	for field := range strings.FieldsSeq(string(text)) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			return nil, fmt.Errorf("read control group: %w", err)
		}
		if pid != 0 { // a process of another pid namespace
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

// Kill sends SIGKILL to every process of the group and of groups below it, also
// to those that are just being started (since Linux 5.14).
func (g *Group) Kill() error {
	if err := g.write("cgroup.kill", "1"); err != nil {
		return fmt.Errorf("kill control group: %w", err)
	}
	return nil
}

// Usage reads what was used so far. The kernel's peak counts cached files, which
// say nothing about how much a task needs.
func (g *Group) Usage() Usage {
	peak, err := os.ReadFile(filepath.Join(g.dir, "memory.peak"))
	var usage Usage
	if err == nil {
		usage.PeakMemory, _ = strconv.ParseInt(strings.TrimSpace(string(peak)), 10, 64)
		usage.PeakMemory = max(0, usage.PeakMemory-g.count("memory.stat", "file"))
	}
	usage.CPUTime = time.Duration(g.count("cpu.stat", "usage_usec")) * time.Microsecond
	usage.OOMKills = int(g.count("memory.events", "oom_kill"))
	return usage
}

// count reads one line of a file of names and numbers.
func (g *Group) count(file, name string) int64 {
	text, err := os.ReadFile(filepath.Join(g.dir, file))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+" "); ok {
			n, _ := strconv.ParseInt(value, 10, 64)
			return n
		}
	}
	return 0
}

// Remove removes the group. It is no error if it is gone already, or if processes
// are still in it: a later Find removes it then.
func (g *Group) Remove() error {
	err := g.rmdir(g.dir)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if pids, readErr := g.PIDs(); readErr == nil && len(pids) > 0 {
		return nil
	}
	return fmt.Errorf("remove control group: %w", err)
}

func (g *Group) write(name, value string) error { return write(filepath.Join(g.dir, name), value) }
