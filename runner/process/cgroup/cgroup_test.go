package cgroup

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestHeitanMovesAsideBeforeItDividesItsGroup(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	if _, err := prepare(k.tree(), 77); err != nil {
		t.Fatal(err)
	}
	k.want(map[string]string{"heitan/cgroup.procs": "77", "cgroup.subtree_control": "+cpu +memory"})
}

func TestADividedGroupIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	k.put("cgroup.subtree_control", "memory cpu pids\n")
	k.put("cgroup.procs", "")
	if _, err := prepare(k.tree(), 77); err != nil {
		t.Fatal(err)
	}
	k.want(map[string]string{"cgroup.subtree_control": "memory cpu pids"})
	if _, err := os.Stat(filepath.Join(k.root, ownGroup)); err == nil {
		t.Error("heitan moved although it need not")
	}
}

func TestTheReasonWhyThereAreNoGroupsIsTold(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(k *kernel)
		reason string
	}{
		"no memory controller": {func(k *kernel) { k.put("cgroup.controllers", "cpu hugetlb\n") }, "no memory controller"},
		"other processes":      {func(k *kernel) { k.put("cgroup.procs", "12\n77\n") }, "with other processes"},
		"no control files": {func(k *kernel) {
			if err := os.Remove(filepath.Join(k.root, "cgroup.controllers")); err != nil {
				k.t.Fatal(err)
			}
		}, "cannot be read"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKernel(t)
			c.change(k)
			_, err := prepare(k.tree(), 77)
			var unavailable *UnavailableError
			if !errors.As(err, &unavailable) || unavailable.Hint == "" || !strings.Contains(err.Error(), c.reason) {
				t.Errorf("got %v", err)
			}
			k.want(map[string]string{"cgroup.subtree_control": ""})
		})
	}
}

func TestTheGroupIsFoundInProc(t *testing.T) {
	t.Parallel()
	const mounts = "25 30 0:23 / /sys rw,nosuid - sysfs sysfs rw\n" +
		"35 25 0:30 / /sys/fs/cgroup/with\\040space rw,nosuid shared:9 - cgroup2 cgroup2 rw\n"
	cases := map[string]struct{ self, mounts, path, root, problem string }{
		"version 2":       {"0::/system.slice/heitan.service\n", mounts, "/system.slice/heitan.service", "/sys/fs/cgroup/with space", ""},
		"both versions":   {"4:memory:/a\n1:cpu:/b\n0::/c\n", mounts, "/c", "/sys/fs/cgroup/with space", ""},
		"version 1":       {"4:memory:/a\n1:cpu:/b\n", mounts, "", "/sys/fs/cgroup/with space", "version 1"},
		"not mounted":     {"0::/c\n", "25 30 0:23 / /sys rw - sysfs sysfs rw\n", "/c", "", "not mounted"},
		"broken mounts":   {"0::/c\n", "cgroup2\n-\n25 - cgroup2\n", "/c", "", "not mounted"},
		"nothing at all":  {"", "", "", "", "version 1"},
		"no line feed":    {"0::/c", mounts, "/c", "/sys/fs/cgroup/with space", ""},
		"colons in names": {"0::/a:b\n", mounts, "/a:b", "/sys/fs/cgroup/with space", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			self, mountinfo := filepath.Join(t.TempDir(), "cgroup"), filepath.Join(t.TempDir(), "mountinfo")
			for file, text := range map[string]string{self: c.self, mountinfo: c.mounts} {
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			path, err1 := pathOf(self)
			root, err2 := mountOf(mountinfo)
			if path != c.path || root != c.root {
				t.Errorf("got %q and %q, want %q and %q", path, root, c.path, c.root)
			}
			if err := errors.Join(err1, err2); (err != nil) != (c.problem != "") || err != nil && !strings.Contains(err.Error(), c.problem) {
				t.Errorf("got %v, want %q", err, c.problem)
			}
			if c.problem != "" {
				if _, err := Find(self, mountinfo, 77); err == nil {
					t.Error("Find succeeded")
				}
			}
		})
	}
}

func TestLimitsAreWritten(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	cases := map[string]struct {
		limits Limits
		old    bool
		want   map[string]string
	}{
		"both":           {Limits{CPU: 1.5, Memory: 64 << 20}, false, map[string]string{"cpu.max": "150000 100000", "memory.max": "67108864", "memory.swap.max": "0", "memory.oom.group": "1"}},
		"none":           {Limits{}, false, map[string]string{"cpu.max": "", "memory.max": "", "memory.oom.group": ""}},
		"very little":    {Limits{CPU: 0.001}, false, map[string]string{"cpu.max": "1000 100000", "memory.max": ""}},
		"without a swap": {Limits{Memory: 1}, true, map[string]string{"memory.max": "1"}},
	}
	for name, c := range cases {
		k.old = c.old
		if _, err := k.tree().Create(name, c.limits); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		for file, content := range c.want {
			want[filepath.Join(taskPrefix+name, file)] = content
		}
		k.want(want)
	}
}

func TestUsageIsRead(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	g, err := k.tree().Create("x", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if got := g.Usage(); got != (Usage{}) {
		t.Errorf("got %+v of a new group", got)
	}
	k.put("task-x/cpu.stat", "usage_usec 1500000\nuser_usec 1\nsystem_usec 2\n")
	k.put("task-x/memory.peak", "12288\n")
	k.put("task-x/memory.stat", "anon 100\nfile 8192\nfile_mapped 9\n")
	k.put("task-x/memory.events", "low 0\nhigh 0\nmax 9\noom 1\noom_kill 2\noom_group_kill 1\n")
	want := Usage{CPUTime: 1500 * time.Millisecond, PeakMemory: 4096, OOMKills: 2}
	if diff := cmp.Diff(want, g.Usage()); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}
}

func TestGroupsAreRemovedWhenEmpty(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	busy, err := k.tree().Create("busy", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	empty, err := k.tree().Create("empty", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	k.put("task-busy/cgroup.procs", "4\n0\n5\n")
	for range 2 {
		if err := errors.Join(busy.Remove(), empty.Remove()); err != nil {
			t.Error(err)
		}
	}
	if pids, err := busy.PIDs(); err != nil || !cmp.Equal(pids, []int{4, 5}) {
		t.Errorf("got %v, %v", pids, err)
	}
	if pids, err := empty.PIDs(); err != nil || pids != nil {
		t.Errorf("got %v, %v", pids, err)
	}
	if err := busy.Kill(); err != nil {
		t.Error(err)
	}
	k.want(map[string]string{"task-busy/cgroup.kill": "1"})
	k.put("task-busy/cgroup.procs", "")
	if _, err := prepare(k.tree(), 77); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(k.root, "task-busy")); err == nil {
		t.Error("the group of an earlier task is still there")
	}
}
