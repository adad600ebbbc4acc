package process

import (
	"errors"
	"log/slog"
	"os"
	"sync"
	"syscall"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/process/cgroup"
)

// limiter puts tasks into control groups where the machine permits it.
type limiter struct {
	log  *slog.Logger
	find func() (*cgroup.Tree, error)

	once sync.Once
	tree *cgroup.Tree // nil if there cannot be groups
	why  error

	warned sync.Once
}

// confinement is the control group of one task. A nil confinement is a task
// without one; its methods do nothing.
type confinement struct {
	limiter *limiter
	group   *cgroup.Group
	dir     *os.File // closed and nil once the process is in the group
	limited bool     // in memory
}

func (l *limiter) prepared() *cgroup.Tree {
	l.once.Do(func() { l.tree, l.why = l.find() })
	return l.tree
}

// confine makes the group of a task. Without one the task runs all the same, but
// its limits have no effect, which is told once.
func (l *limiter) confine(spec runner.Spec) *confinement {
	wanted := spec.CPU > 0 || spec.Memory > 0
	tree := l.prepared()
	if tree == nil {
		if wanted {
			l.warn(l.why)
		}
		return nil
	}
	c, err := l.create(tree, spec)
	if err != nil {
		if wanted {
			l.warn(err)
		}
		return nil
	}
	return c
}

func (l *limiter) create(tree *cgroup.Tree, spec runner.Spec) (*confinement, error) {
	group, err := tree.Create(spec.Token, cgroup.Limits{CPU: spec.CPU, Memory: spec.Memory})
	if errors.Is(err, os.ErrExist) { // left by an earlier heitan, emptied by now
		if err := tree.Group(spec.Token).Remove(); err != nil {
			return nil, err
		}
		group, err = tree.Create(spec.Token, cgroup.Limits{CPU: spec.CPU, Memory: spec.Memory})
	}
	if err != nil {
		return nil, err
	}
	dir, err := group.Open()
	if err != nil {
		return nil, errors.Join(err, group.Remove())
	}
	return &confinement{limiter: l, group: group, dir: dir, limited: spec.Memory > 0}, nil
}

// found is the group that an earlier heitan made for the token, if any.
func (l *limiter) found(token string) *confinement {
	tree := l.prepared()
	if tree == nil {
		return nil
	}
	return &confinement{limiter: l, group: tree.Group(token)}
}

func (l *limiter) warn(why error) {
	l.warned.Do(func() {
		args := []any{"reason", why.Error()}
		if unavailable, ok := errors.AsType[*cgroup.UnavailableError](why); ok {
			args = append(args, "hint", unavailable.Hint)
		}
		l.log.Warn("limits of CPU and memory have no effect for processes on this machine", args...)
	})
}

// sysProcAttr is how the process is to be started.
func (c *confinement) sysProcAttr() *syscall.SysProcAttr {
	if c == nil {
		return sessionAttr(nil)
	}
	return sessionAttr(c.dir)
}

// entered gives up what is only needed for the start.
func (c *confinement) entered() {
	if c != nil && c.dir != nil {
		c.dir.Close()
		c.dir = nil
	}
}

// kill ends all processes of the group, if the kernel can do that.
func (c *confinement) kill() {
	if c != nil {
		_ = c.group.Kill() // older kernels cannot; the caller signals each process, too
	}
}

// settle completes an outcome by what the group measured, and removes the group.
func (c *confinement) settle(outcome *runner.Outcome) {
	if c == nil {
		return
	}
	used := c.group.Usage()
	if used.CPUTime > 0 {
		outcome.Usage.CPUTime = used.CPUTime
	}
	outcome.Usage.PeakMemory = max(outcome.Usage.PeakMemory, used.PeakMemory)
	outcome.OOMKilled = c.limited && used.OOMKills > 0 && outcome.ExitCode != 0
	c.remove()
}

func (c *confinement) remove() {
	if c == nil {
		return
	}
	c.entered()
	if err := c.group.Remove(); err != nil {
		c.limiter.log.Error("a control group cannot be removed", "error", err)
	}
}
