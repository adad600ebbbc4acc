package control

import (
	"context"
	"strconv"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// loop runs its body a number of times, with the params' `i` counting from 0.
type loop struct{ limit int }

// Run generates +loop-0, +loop-1 ...
func (l *loop) Run(_ context.Context, req *operator.Request) (operator.Result, error) {
	p := req.Params
	b := readBody(p)
	count := iterations(req)
	if err := p.Err(); err != nil {
		return operator.Result{}, err
	}
	if count > int64(l.limit) {
		return operator.Result{}, tooMany(p, "loop", l.limit)
	}
	tasks := make([]params.Entry, max(0, count))
	for i := range tasks {
		tasks[i] = b.iteration("+loop-"+strconv.Itoa(i), b.export.With("i", int64(i)))
	}
	return b.result(tasks), nil
}

// iterations is how often the body runs. As in Digdag, any param named `count`
// comes before the number behind `loop>`, even an inherited one.
func iterations(req *operator.Request) int64 {
	p := req.Params
	if _, ok := p.Get("count"); !ok {
		return p.Int("_command")
	}
	count := p.IntOr("count", 0)
	if written := p.IntOr("_command", count); written != count {
		req.Log.Warn("the param count is used instead of the number behind loop>", "count", count, "written", written)
	}
	return count
}
