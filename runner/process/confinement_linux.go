package process

import (
	"os"

	"github.com/heitan/heitan/runner/process/cgroup"
)

func findTree() (*cgroup.Tree, error) {
	return cgroup.Find("/proc/self/cgroup", "/proc/self/mountinfo", os.Getpid())
}

func (c *confinement) pids() []int {
	if c == nil {
		return nil
	}
	pids, err := c.group.PIDs()
	if err != nil {
		c.limiter.log.Error("a control group cannot be read", "error", err)
	}
	return pids
}
