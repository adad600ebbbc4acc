package control

import (
	"context"
	"fmt"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// forRange runs its body for consecutive parts of a range of whole numbers.
type forRange struct{ limit int }

// Run generates +range-from=0&to=10 and so on, with the params range.from,
// range.to and range.index.
func (f *forRange) Run(_ context.Context, req *operator.Request) (operator.Result, error) {
	p := req.Params
	b := readBody(p)
	command := p.Object("_command")
	if err := p.Err(); err != nil {
		return operator.Result{}, err
	}
	r, err := readInterval(command)
	if err != nil {
		return operator.Result{}, err
	}
	count := r.parts()
	if count > uint64(f.limit) {
		return operator.Result{}, tooMany(p, "for_range", f.limit)
	}
	tasks := make([]params.Entry, count)
	for i := range tasks {
		from, to := r.part(uint64(i))
		part := params.Of("from", from, "to", to, "index", int64(i))
		tasks[i] = b.iteration(fmt.Sprintf("+range-from=%d&to=%d", from, to), b.export.With("range", part))
	}
	return b.result(tasks), nil
}

// interval is the numbers from <= n < to in parts of step, the last of which may
// be smaller. Widths are unsigned, because those of signed numbers may not fit
// into signed ones.
type interval struct {
	from, to int64
	step     uint64 // at least 1, if there are any numbers
}

// readInterval reads the map behind for_range>: {from, to} and either of step,
// the width of a part, and slices, the number of parts.
func readInterval(command *params.Object) (interval, error) {
	p := operator.NewParams(command, command)
	r := interval{from: p.Int("from"), to: p.Int("to")}
	_, hasStep := p.Get("step")
	_, hasSlices := p.Get("slices")
	switch {
	case hasStep && hasSlices:
		p.Fail("slices", "Setting both step and slices options to for_range is invalid")
	case hasStep:
		r.step = atLeastOne(p, "step")
	case hasSlices:
		slices := atLeastOne(p, "slices")
		r.step = divideUp(r.width(), slices)
	default:
		p.Fail("from", "step or slices option is required for for_range")
	}
	return r, p.Err()
}

// atLeastOne is a whole number above 0; 1 if it is not.
func atLeastOne(p *operator.Params, key string) uint64 {
	n := p.IntOr(key, 1)
	if n < 1 {
		p.Fail(key, "%s option must be same or greater than 1 but got %d", key, n)
		return 1
	}
	return uint64(n)
}

// width is how many numbers there are.
func (r interval) width() uint64 {
	if r.to <= r.from {
		return 0
	}
	return uint64(r.to) - uint64(r.from)
}

// parts is how many parts there are.
func (r interval) parts() uint64 { return divideUp(r.width(), r.step) }

// part is one of the parts.
func (r interval) part(i uint64) (from, to int64) {
	offset := i * r.step
	size := min(r.step, r.width()-offset)
	start := uint64(r.from) + offset
	return int64(start), int64(start + size)
}

// divideUp is n/by, rounded up.
func divideUp(n, by uint64) uint64 {
	if n == 0 {
		return 0
	}
	return (n-1)/by + 1
}
