// Package paramserver holds param_get> and param_set>, which read and write params
// that outlive the attempt: those of a server of params, which other workflows
// and other runs see too.
//
// As in Digdag every key of the task is an entry, but for those that begin with
// '_', which are the task's settings.
package paramserver

import (
	"context"
	"iter"
	"strings"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

// Operators are the operators of this package by name. `timeout` is an entry as
// any other.
func Operators(server store.ParamServer) map[string]operator.Entry {
	return map[string]operator.Entry{
		"param_get": {Operator: &getter{server}, SelfRetry: true, OwnTimeout: true},
		"param_set": {Operator: &setter{server}, SelfRetry: true, OwnTimeout: true},
	}
}

type getter struct{ server store.ParamServer }

// Run stores for each entry, `key of the server: name of the param`, what the
// server has; an empty text if it has nothing.
func (o *getter) Run(ctx context.Context, req *operator.Request) (operator.Result, error) {
	entries, err := read(req)
	if err != nil {
		return operator.Result{}, err
	}
	values := params.Empty()
	for e := range entries.Entries() {
		value, _, err := o.server.Param(ctx, e.Key, req.Now())
		if err != nil {
			return operator.Result{}, failed(ctx, "read", e, err)
		}
		name, _ := e.Value.(string)
		values = values.With(name, value)
	}
	return operator.Result{Store: values}, nil
}

type setter struct{ server store.ParamServer }

// Run sets each entry, `key of the server: value`.
func (o *setter) Run(ctx context.Context, req *operator.Request) (operator.Result, error) {
	entries, err := read(req)
	if err != nil {
		return operator.Result{}, err
	}
	for e := range entries.Entries() {
		text, _ := e.Value.(string)
		if err := o.server.SetParam(ctx, e.Key, text, req.Now()); err != nil {
			return operator.Result{}, failed(ctx, "set", e, err)
		}
	}
	return operator.Result{}, nil
}

// read is the task's entries, with texts as values. As in Digdag a null is no
// entry, and lists and maps are refused.
func read(req *operator.Request) (*params.Object, error) {
	own := req.Params.Own()
	var entries []params.Entry
	for e := range written(own.All(), req.Type) {
		v, ok := own.Get(e.Key)
		if !ok {
			continue
		}
		text, ok := operator.AsString(v)
		if !ok {
			return nil, operator.Configf("Expected string type for key '%s' but got a %s", e.Key, params.Kind(v)).
				At(e.Pos).WithHint("${JSON.stringify(...)} makes text of a list or a map")
		}
		entries = append(entries, params.Entry{Key: e.Key, Value: text, Pos: e.Pos})
	}
	if len(entries) == 0 {
		return nil, operator.Configf("no key is set.").
			WithHint("write entries beside " + req.Type + ">, such as `count: n`")
	}
	return params.New(entries...), nil
}

// written is the task's keys without its settings and the operator itself.
func written(own *params.Object, name string) iter.Seq[params.Entry] {
	return func(yield func(params.Entry) bool) {
		for e := range own.Entries() {
			if strings.HasPrefix(e.Key, "_") || e.Key == name+">" {
				continue
			}
			if !yield(e) {
				return
			}
		}
	}
}

func failed(ctx context.Context, act string, e params.Entry, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return operator.Runtimef("%s '%s' at the param server: %w", act, e.Key, err).At(e.Pos)
}
