// Package cliopt understands the options of "docker run" and "docker build" that
// workflows give to their tasks (docker.run_options and docker.build_options of
// Digdag), and turns them into requests of the Engine API. It does no I/O but to
// read the files that options name, through a function it is given.
//
// Options that have no place in a batch task are refused with the reason; those
// that would do nothing are accepted, with a note where that may surprise.
package cliopt

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	units "github.com/docker/go-units"
	"github.com/spf13/pflag"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/runner"
)

// option is one option of a command line whose result is a T.
type option[T any] struct {
	name  string
	short string
	flag  bool // takes no value, or true or false after "="
	apply func(t *T, value string) error
}

// syntax is all options of a command line.
type syntax[T any] struct {
	field   string // what users call the list of options
	command string // what the options are of
	options []option[T]
	ignored []idle // accepted, for nothing is lost without them
	noted   []idle // accepted, with a note about why they have no effect
	refused []idle
}

// idle is an option that does nothing.
type idle struct {
	name  string
	short string
	flag  bool // takes no value
	why   string
}

// notes collects what the user should be told although nothing is wrong.
type notes interface{ note(text string) }

// parse reads the arguments, as pflag and therefore the docker command does.
func parse[T any](s syntax[T], target *T, args []string) error {
	flags := pflag.NewFlagSet(s.command, pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.SetInterspersed(false) // the docker command stops at the image
	flags.Usage = func() {}
	for _, o := range slices.Concat(s.options, s.idleOptions(target)) {
		apply := func(value string) error { return o.apply(target, value) }
		if o.flag {
			flags.BoolFuncP(o.name, o.short, "", apply)
		} else {
			flags.FuncP(o.name, o.short, "", apply)
		}
	}
	err := flags.Parse(args)
	if err == nil && flags.NArg() > 0 {
		return &runner.SpecError{
			Field:  s.field,
			Reason: fmt.Sprintf("%q is not an option", flags.Arg(0)),
			Hint:   "an option and its value are two items of the list, or one with \"=\" between them",
		}
	}
	if err != nil {
		return s.explain(err, flags)
	}
	return nil
}

// idleOptions are the options that do nothing, each in its way.
func (s syntax[T]) idleOptions(target *T) []option[T] {
	var all []option[T]
	add := func(o idle, apply func(*T, string) error) {
		all = append(all, option[T]{name: o.name, short: o.short, flag: o.flag, apply: apply})
	}
	for _, o := range s.ignored {
		add(o, func(*T, string) error { return nil })
	}
	for _, o := range s.noted {
		add(o, func(*T, string) error {
			any(target).(notes).note(s.field + ": --" + o.name + " has no effect: " + o.why)
			return nil
		})
	}
	for _, o := range s.refused {
		add(o, func(*T, string) error { return errors.New(o.why) })
	}
	return all
}

// explain makes an error of pflag one of the spec.
func (s syntax[T]) explain(err error, flags *pflag.FlagSet) error {
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		name := "--" + unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			name = "-" + unknown.GetSpecifiedName()
		}
		return &runner.SpecError{
			Field:  s.field,
			Reason: fmt.Sprintf("%s is not an option of %q", name, s.command),
			Hint:   diag.DidYouMean(name, names(flags)),
		}
	}
	if missing, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return &runner.SpecError{Field: s.field, Reason: fmt.Sprintf("--%s needs a value", missing.GetFlag().Name)}
	}
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return &runner.SpecError{Field: s.field, Reason: "--" + invalid.GetFlag().Name, Err: invalid.Unwrap()}
	}
	return &runner.SpecError{Field: s.field, Reason: "the options cannot be read", Err: err}
}

func names(flags *pflag.FlagSet) []string {
	var all []string
	flags.VisitAll(func(f *pflag.Flag) { all = append(all, "--"+f.Name) })
	slices.Sort(all)
	return all
}

// text is an option that sets a string of its own kind.
func text[T any, S ~string](name, short string, at func(*T) *S) option[T] {
	return option[T]{name: name, short: short, apply: func(t *T, value string) error {
		*at(t) = S(value)
		return nil
	}}
}

// list is an option that may be given several times.
func list[T any](name, short string, at func(*T) *[]string) option[T] {
	return option[T]{name: name, short: short, apply: func(t *T, value string) error {
		*at(t) = append(*at(t), value)
		return nil
	}}
}

// pairs is an option KEY=VALUE that may be given several times.
func pairs[T any](name, short string, at func(*T) *map[string]string) option[T] {
	return option[T]{name: name, short: short, apply: func(t *T, value string) error {
		key, v, _ := strings.Cut(value, "=")
		if key == "" {
			return fmt.Errorf("%q has no name before \"=\"", value)
		}
		put(at(t), key, v)
		return nil
	}}
}

func put(m *map[string]string, key, value string) {
	if *m == nil {
		*m = map[string]string{}
	}
	(*m)[key] = value
}

// toggle is an option without a value.
func toggle[T any](name, short string, set func(*T, bool)) option[T] {
	return option[T]{name: name, short: short, flag: true, apply: func(t *T, value string) error {
		on, err := strconv.ParseBool(value)
		if err != nil {
			return fmt.Errorf("%q is neither true nor false", value)
		}
		set(t, on)
		return nil
	}}
}

// number is an option with an integer.
func number[T any](name, short string, at func(*T) *int64) option[T] {
	return option[T]{name: name, short: short, apply: func(t *T, value string) error {
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is not a number", value)
		}
		*at(t) = n
		return nil
	}}
}

// size is an option with an amount of memory, such as 512m.
func size[T any](name, short string, at func(*T) *int64) option[T] {
	return option[T]{name: name, short: short, apply: func(t *T, value string) (err error) {
		*at(t), err = parseSize(value)
		return err
	}}
}

func parseSize(value string) (int64, error) {
	n, err := units.RAMInBytes(value)
	if err != nil {
		return 0, fmt.Errorf("%q is not an amount of memory such as 512m", value)
	}
	return n, nil
}

// swap is an amount of memory, or -1 for any.
func swap[T any](name string, at func(*T) *int64) option[T] {
	return option[T]{name: name, apply: func(t *T, value string) (err error) {
		if value == "-1" {
			*at(t) = -1
			return nil
		}
		*at(t), err = parseSize(value)
		return err
	}}
}
