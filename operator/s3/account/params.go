package account

import (
	"slices"
	"strings"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// Params is a reader of the same params that also looks into the maps at dotted
// paths, such as "aws.s3" and "aws", in order. [Params.Done] must be called when
// everything was read.
type Params struct {
	*operator.Params
	original *operator.Params
}

// WithDefaults makes a reader of the params and the maps.
func WithDefaults(p *operator.Params, paths ...string) Params {
	var all *params.Object
	for _, path := range slices.Backward(paths) {
		v, _ := p.All().Lookup(strings.Split(path, ".")...)
		if defaults, ok := v.(*params.Object); ok {
			all = all.Merge(defaults)
		}
	}
	return Params{Params: operator.NewParams(all.Merge(p.All()), p.Own().All()), original: p}
}

// Done marks the keys that were asked for as used, and is [operator.Params.Err].
func (p Params) Done() error {
	for key := range p.Used() {
		p.original.Get(key)
	}
	return p.Err()
}
