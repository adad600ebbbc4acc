// Package control holds the operators that decide which tasks run and when:
// echo> fail> if> loop> for_each> for_range> call> require> wait>.
//
// They start nothing outside, but for require>, which asks [Sessions] for an
// attempt of another workflow. What loops, if> and call> generate is returned as
// a document; the engine turns it into the task's ^sub. Its bodies share what
// they have in common and keep the places where they were written, so a loop
// costs the same few hundred bytes an iteration however large its body is, and a
// mistake in the body is shown where it stands.
package control

import (
	"github.com/heitan/heitan/operator"
)

// Settings are what the operators need beside their requests. All are required.
type Settings struct {
	// MaxSubtasks is how many subtasks one loop>, for_each> or for_range> may
	// generate, the engine's limit of tasks for example.
	MaxSubtasks int
	// Sessions is what require> waits for.
	Sessions Sessions
}

// Operators are the operators of this package by name. As in Digdag, only call>
// and require> are repeated by their own `_retry`.
func Operators(s Settings) map[string]operator.Entry {
	return map[string]operator.Entry{
		"echo":      {Operator: operator.Func(echo)},
		"fail":      {Operator: operator.Func(fail)},
		"if":        {Operator: operator.Func(choose)},
		"loop":      {Operator: &loop{limit: s.MaxSubtasks}},
		"for_each":  {Operator: &forEach{limit: s.MaxSubtasks}},
		"for_range": {Operator: &forRange{limit: s.MaxSubtasks}},
		"wait":      {Operator: operator.Func(wait)},
		"call":      {Operator: operator.Func(call), SelfRetry: true},
		"require":   {Operator: &require{sessions: s.Sessions}, SelfRetry: true},
	}
}

// needed reports that a key is missing. It is for keys that are then read with a
// type that has no required form.
func needed(p *operator.Params, key string) {
	if _, ok := p.Get(key); !ok {
		p.Fail(key, "Parameter '%s' is required but not set", key)
	}
}
