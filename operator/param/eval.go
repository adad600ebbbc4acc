package param

import (
	"context"
	"strconv"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// eval is param_eval>: it evaluates the templates in params, each given by its
// path, and stores the results. It makes up for templates in nested maps not
// seeing evaluated params: what they refer to may be a template itself, whose
// text they get.
//
// The plug-in evaluates the JSON text of all params and reads it again. Here only
// the texts at the paths are evaluated, so neither quotes nor unrelated params
// can break it. It goes as deep: text that evaluates to a template stays one.
func eval(ctx context.Context, req *operator.Request) (operator.Result, error) {
	p := req.Params
	paths := readPaths(p)
	if err := p.Err(); err != nil {
		return operator.Result{}, err
	}
	result := operator.Result{Store: params.Empty()}
	for _, path := range paths {
		v, ok := p.All().Lookup(path...)
		if !ok || v == nil {
			return operator.Result{}, operator.Configf("Parameter '%s' is required but not set", path).At(p.Pos("_command"))
		}
		v, err := evaluated(ctx, req, path.String(), v)
		if err != nil {
			return operator.Result{}, err
		}
		if result.Store, err = result.Store.WithPath(path, v); err != nil {
			return operator.Result{}, operator.Configf("store %s: %w", path, err)
		}
		result.Reset = append(result.Reset, path.String())
	}
	return result, nil
}

// evaluated is v with all texts in it evaluated. where names v in messages.
func evaluated(ctx context.Context, req *operator.Request, where string, v params.Value) (params.Value, error) {
	if !params.HasTemplate(v) {
		return v, nil
	}
	switch v := v.(type) {
	case string:
		return req.Render(ctx, where, v)
	case params.List:
		list := make(params.List, len(v))
		for i, e := range v {
			var err error
			if list[i], err = evaluated(ctx, req, where+"["+strconv.Itoa(i)+"]", e); err != nil {
				return nil, err
			}
		}
		return list, nil
	case *params.Object:
		entries := make([]params.Entry, 0, v.Len())
		for e := range v.Entries() {
			var err error
			if e.Value, err = evaluated(ctx, req, where+"."+e.Key, e.Value); err != nil {
				return nil, err
			}
			entries = append(entries, e)
		}
		return params.New(entries...), nil
	}
	return v, nil
}
