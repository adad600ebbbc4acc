package process

import (
	"time"

	"github.com/heitan/heitan/runner/process/cgroup"
)

// NewWithin is New with a given answer to where control groups can be made, and
// with another time after which a held output is told.
func NewWithin(options Options, find func() (*cgroup.Tree, error), holdAfter time.Duration) *Runner {
	r := New(options)
	r.limiter.find = find
	r.holdAfter = holdAfter
	return r
}
