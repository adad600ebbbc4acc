package process

import (
	"os"
	"syscall"

	"github.com/heitan/heitan/runner"
)

// gauge measures nothing here: the system tells the peak memory of a command and
// the children it waited for when it has ended.
type gauge struct{}

func startGauge(int) *gauge { return nil }

func (*gauge) stop() {}

func (*gauge) usage(state *os.ProcessState) runner.Usage {
	usage := runner.Usage{CPUTime: state.UserTime() + state.SystemTime()}
	if r, ok := state.SysUsage().(*syscall.Rusage); ok {
		usage.PeakMemory = r.Maxrss // bytes on this system
	}
	return usage
}
