// Package unavailable holds Digdag's operators that heitan does not have. They are
// known by name, so that a workflow which uses one is told what to use instead,
// rather than that its type is unknown.
package unavailable

import (
	"context"

	"github.com/heitan/heitan/operator"
)

// Operators are the operators that heitan does not have, by name. Each fails at
// once, and no `_retry` repeats it: it would fail for ever.
func Operators() map[string]operator.Entry {
	entries := make(map[string]operator.Entry)
	for name, instead := range instead() {
		entries[name] = operator.Entry{Operator: missing{name: name, instead: instead}, Instead: instead}
	}
	return entries
}

// missing is an operator that heitan does not have.
type missing struct{ name, instead string }

// Run fails.
func (m missing) Run(context.Context, *operator.Request) (operator.Result, error) {
	return operator.Result{}, operator.Configf("The operator %s> is not available in heitan", m.name).WithHint(m.instead)
}

// instead says for each missing operator what does its work.
func instead() map[string]string {
	const (
		tdCommand  = "call Treasure Data's own client by sh>, for example `td query -w`, or its REST API by http>"
		tdWait     = "ask Treasure Data in an sh> or py> task that fails until the data is there, with `_retry: {limit: ..., interval: ...}`"
		tdForEach  = "run the query in a py> task that stores its rows, and loop over them by for_each>"
		bqCommand  = "call Google's own client by sh>, for example `bq query`, or the BigQuery REST API by http>"
		emrCommand = "create the cluster and its steps by sh>, for example `aws emr create-cluster` and `aws emr wait step-complete`"
	)
	all := map[string]string{
		"td_wait": tdWait, "td_wait_table": tdWait,
		"td_for_each": tdForEach,
		"emr":         emrCommand,
	}
	for _, name := range []string{
		"td", "td_run", "td_ddl", "td_load", "td_table_export", "td_result_export", "td_partial_delete",
	} {
		all[name] = tdCommand
	}
	for _, name := range []string{"bq", "bq_ddl", "bq_extract", "bq_load"} {
		all[name] = bqCommand
	}
	return all
}
