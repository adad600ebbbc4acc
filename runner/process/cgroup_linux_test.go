package process_test

import (
	"bufio"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/process"
	"github.com/heitan/heitan/runner/process/cgroup"
	"github.com/heitan/heitan/runner/runnertest"
)

// The kernel's own control groups: the suite with every task in one. Controllers
// are not needed for that, so it also runs where version 1 has them.
func TestProcessInControlGroupsIsARunner(t *testing.T) {
	dir := groupDir(t)
	runnertest.Run(t, runnertest.Harness{
		New: func(t testing.TB) runner.Runner {
			find := func() (*cgroup.Tree, error) { return cgroup.At(dir), nil }
			options := process.Options{Environ: os.Environ(), Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
			return process.NewWithin(options, find, time.Hour)
		},
		Remains: func(t testing.TB, spec runner.Spec) runnertest.Remains {
			found := remains(t, spec)
			if _, err := os.Stat(filepath.Join(dir, "task-"+spec.Token)); err == nil {
				found.Kept++
			}
			return found
		},
		BackPressure: true,
		CPUTime:      true,
		PeakMemory:   true,
		Repeat:       5,
	})
}

// groupDir is a new control group of version 2.
func groupDir(t *testing.T) string {
	t.Helper()
	mounts, err := os.Open("/proc/self/mounts")
	if err != nil {
		t.Fatal(err)
	}
	defer mounts.Close()
	for lines := bufio.NewScanner(mounts); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 3 || fields[2] != "cgroup2" {
			continue
		}
		dir := filepath.Join(fields[1], "heitan-test-"+uuid.NewString())
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Skipf("needs a control group: %v", err)
		}
		t.Cleanup(func() {
			if err := os.Remove(dir); err != nil {
				t.Errorf("a control group is left: %v", err)
			}
		})
		return dir
	}
	t.Skip("needs control groups of version 2")
	return ""
}
