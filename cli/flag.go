package cli

import "errors"

// onceValue is an option with one value that may be given once, as in Digdag.
type onceValue struct {
	to  *string
	set bool
}

// once makes an option that may be given once. What to holds is the default.
func once(to *string) *onceValue { return &onceValue{to: to} }

// Set keeps the value.
func (o *onceValue) Set(value string) error {
	if o.set {
		return errors.New("it can be given only once")
	}
	*o.to, o.set = value, true
	return nil
}

func (o *onceValue) String() string { return *o.to }

// Type is how help shows the value.
func (o *onceValue) Type() string { return "string" }
