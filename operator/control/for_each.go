package control

import (
	"context"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// forEach runs its body for every combination of the values of its variables.
type forEach struct{ limit int }

// Run generates +for-0=fruit=0=apple&1=verb=0=eat and so on; the first variable
// changes slowest.
func (f *forEach) Run(_ context.Context, req *operator.Request) (operator.Result, error) {
	p := req.Params
	b := readBody(p)
	lists := p.Object("_command")
	if err := p.Err(); err != nil {
		return operator.Result{}, err
	}
	variables, err := readVariables(lists)
	if err != nil {
		return operator.Result{}, err
	}
	count, ok := combinations(variables, f.limit)
	if !ok {
		return operator.Result{}, tooMany(p, "for_each", f.limit)
	}
	if count == 0 {
		return operator.Result{}, nil
	}
	if err := label(variables); err != nil {
		return operator.Result{}, operator.Configf("%w", err).At(p.Pos("_command"))
	}
	product := product{body: b, variables: variables, tasks: make([]params.Entry, 0, count)}
	product.extend(0, "+for-", b.export)
	return b.result(product.tasks), nil
}

// variable is one name of for_each> and the values it takes.
type variable struct {
	name   string
	pos    params.Pos
	values params.List
	labels []string // of the values, in the names of tasks
}

// readVariables reads the map behind for_each>. A value may be JSON text of a
// list, because that is what an evaluated template is.
func readVariables(lists *params.Object) ([]variable, error) {
	p := operator.NewParams(lists, lists)
	variables := make([]variable, 0, lists.Len())
	for e := range lists.Entries() {
		needed(p, e.Key)
		variables = append(variables, variable{name: e.Key, pos: e.Pos, values: p.ListOr(e.Key, nil)})
	}
	return variables, p.Err()
}

// combinations is the number of combinations, and whether it is within limit. No
// variables make none, as in Digdag.
func combinations(variables []variable, limit int) (count int, ok bool) {
	for _, v := range variables {
		if len(v.values) == 0 {
			return 0, true
		}
	}
	if len(variables) == 0 {
		return 0, true
	}
	count = 1
	for _, v := range variables {
		if count > limit/len(v.values) {
			return 0, false
		}
		count *= len(v.values)
	}
	return count, true
}

// product gathers a task for each combination.
type product struct {
	body      body
	variables []variable
	tasks     []params.Entry
}

// extend goes through all combinations of the variables from the given one on.
// name and export say what was chosen for those before it; combinations that
// begin alike share their export.
func (p *product) extend(from int, name string, export *params.Object) {
	if from == len(p.variables) {
		p.tasks = append(p.tasks, p.body.iteration(name, export))
		return
	}
	if from > 0 {
		name += "&"
	}
	v := &p.variables[from]
	for i, value := range v.values {
		p.extend(from+1, name+v.labels[i], export.WithEntry(params.Entry{Key: v.name, Value: value, Pos: v.pos}))
	}
}
