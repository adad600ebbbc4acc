package process

import (
	"os"

	"github.com/heitan/heitan/runner/process/cgroup"
)

func findTree() (*cgroup.Tree, error) {
	return cgroup.Find("/proc/self/cgroup", "/proc/self/mountinfo", os.Getpid())
}
