package cliopt

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

func environmentOptions() []option[Run] {
	return []option[Run]{
		{name: "env", short: "e", apply: (*Run).addEnv},
		{name: "env-file", apply: func(r *Run, name string) error { return r.eachLine(name, r.addEnv) }},
		{name: "label", short: "l", apply: (*Run).addLabel},
		{name: "label-file", apply: func(r *Run, name string) error { return r.eachLine(name, r.addLabel) }},
		pairs("annotation", "", func(r *Run) *map[string]string { return &r.Host.Annotations }),
	}
}

// addEnv adds KEY=VALUE. The docker command fills KEY alone from its own
// environment, which here would be heitan's and hold its secrets.
func (r *Run) addEnv(value string) error {
	key, _, ok := strings.Cut(value, "=")
	switch {
	case key == "":
		return errors.New("the name of a variable is missing")
	case strings.ContainsAny(key, " \t"):
		return fmt.Errorf("%q contains white space", key)
	case !ok:
		r.note(RunField + ": the variable " + key + " has no value: heitan does not pass on its own environment; use _env")
	default:
		r.Config.Env = append(r.Config.Env, value)
	}
	return nil
}

func (r *Run) addLabel(value string) error {
	key, v, _ := strings.Cut(value, "=")
	if key == "" {
		return errors.New("the name of a label is missing")
	}
	put(&r.Config.Labels, key, v)
	return nil
}

// eachLine reads a file of variables or labels, as the docker command does: a
// line each; empty ones and those that begin with "#" do not count.
func (r *Run) eachLine(name string, add func(string) error) error {
	content, err := r.readFile(name)
	if err != nil {
		return err
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	n := 0
	for line := range strings.Lines(string(content)) {
		n++
		line = strings.TrimLeft(strings.TrimRight(line, "\r\n"), " \t")
		if line == "" || line[0] == '#' {
			continue
		}
		if !utf8.ValidString(line) {
			return fmt.Errorf("%s:%d is not UTF-8", name, n)
		}
		if err := add(line); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	return nil
}
