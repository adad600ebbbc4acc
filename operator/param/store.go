package param

import (
	"context"
	"strings"

	"github.com/heitan/heitan/operator"
)

// store is param_store>: it merges a map, or JSON text of one, into the params.
// With `store_mode: replace` the map's keys lose what was below them before.
func store(_ context.Context, req *operator.Request) (operator.Result, error) {
	p := req.Params
	values := p.Object("_command")
	result := operator.Result{Store: values}
	switch mode := p.StringOr("store_mode", "merge"); mode {
	case "merge":
	case "replace":
		for key := range values.All() {
			if strings.Contains(key, ".") {
				p.Fail("store_mode", "store_mode: replace cannot replace '%s', because its name has a dot", key)
			}
			result.Reset = append(result.Reset, key)
		}
	default:
		p.Fail("store_mode", "Expected merge or replace for key 'store_mode' but got %.100q", mode)
	}
	if err := p.Err(); err != nil {
		return operator.Result{}, err
	}
	return result, nil
}
