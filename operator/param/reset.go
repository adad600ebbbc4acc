package param

import (
	"context"

	"github.com/heitan/heitan/operator"
)

// reset is param_reset>: it removes params, each given by its path. One that does
// not exist is only warned about.
func reset(_ context.Context, req *operator.Request) (operator.Result, error) {
	p := req.Params
	paths := readPaths(p)
	if err := p.Err(); err != nil {
		return operator.Result{}, err
	}
	var result operator.Result
	for _, path := range paths {
		if _, ok := p.All().Lookup(path...); !ok {
			req.Log.Warn("there is no such param to reset", "path", path.String())
		}
		result.Reset = append(result.Reset, path.String())
	}
	return result, nil
}
