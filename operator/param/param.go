// Package param holds the operators that change the params of later tasks:
// param_store> param_reset> param_eval>. They are those of the Digdag plug-in
// digdag-operator-param 0.0.3, but for what docs/compatibility.md lists.
//
// They do nothing but answer with the change; the engine makes it: first the
// removals, then a deep merge.
package param

import "github.com/heitan/heitan/operator"

// Operators are the operators of this package by name.
func Operators() map[string]operator.Entry {
	return map[string]operator.Entry{
		"param_store": {Operator: operator.Func(store), SelfRetry: true},
		"param_reset": {Operator: operator.Func(reset), SelfRetry: true},
		"param_eval":  {Operator: operator.Func(eval), SelfRetry: true},
	}
}
