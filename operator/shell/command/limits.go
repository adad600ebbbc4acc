package command

import (
	"fmt"
	"time"

	"github.com/heitan/heitan/operator"
)

// Limits are what a command may use, and how it is ended.
type Limits struct {
	CPU       float64 // cores; 0 is no limit
	Memory    int64   // bytes; 0 is no limit
	StopGrace time.Duration
}

const (
	defaultStopGrace = 10 * time.Second
	// minMemory is about what Docker asks for at least. Less is a number without
	// its unit.
	minMemory = 4 << 20
)

// ReadLimits reads `cpu`, `memory` and `stop_grace` from the task's own keys and
// the map named after its operator, but not from other params: workflows that
// export params of such common names exist and mean something else by them.
func ReadLimits(req *operator.Request) (Limits, error) {
	defaults, _ := req.Params.All().Object(req.Type)
	settings := defaults.Merge(req.Params.Own().All())
	p := operator.NewParams(settings, settings)
	limits := Limits{
		CPU:       p.FloatOr("cpu", 0),
		Memory:    p.BytesOr("memory", 0),
		StopGrace: p.DurationOr("stop_grace", defaultStopGrace),
	}
	if limits.CPU < 0 {
		p.Fail("cpu", "cpu must be a number of cores above 0, such as 0.5")
	}
	if limits.Memory > 0 && limits.Memory < minMemory {
		p.Fail("memory", "memory is %d bytes, in which nothing can run (for megabytes write %d MB)", limits.Memory, limits.Memory)
	}
	return limits, p.Err()
}

// Bytes is an amount of memory as users write it: the largest unit in which it is
// at least 1, with one decimal if it is not whole.
func Bytes(n int64) string {
	units := [...]string{"bytes", "KB", "MB", "GB", "TB"}
	size, unit := float64(n), 0
	for size >= 1024 && unit < len(units)-1 {
		size /= 1024
		unit++
	}
	if whole := float64(int64(size)); size == whole {
		return fmt.Sprintf("%d %s", int64(size), units[unit])
	}
	return fmt.Sprintf("%.1f %s", size, units[unit])
}
