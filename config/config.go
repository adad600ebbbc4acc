// Package config is heitan's configuration: key = value pairs in the format and
// with the precedence of Digdag's.
//
// A Config is read once, when heitan starts, and handed to the constructors that
// need it. Nothing else reads configuration files or the environment.
package config

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/magiconair/properties"

	"github.com/heitan/heitan"
)

// Config is a set of settings. The zero Config is empty.
type Config struct {
	values map[string]string
	source map[string]string // where each key was set, for messages
}

// Parse reads text in the format of Java properties files: `key = value`, `#`
// comments, backslash escapes. source names it in messages. Values are not expanded.
func Parse(source, text string) (Config, error) {
	loader := properties.Loader{Encoding: properties.UTF8, DisableExpansion: true}
	p, err := loader.LoadBytes([]byte(text))
	if err != nil {
		return Config{}, &heitan.Error{Kind: heitan.Invalid, Msg: "read " + source, Err: err}
	}
	return FromMap(source, p.Map()), nil
}

// FromMap makes a Config of pairs.
func FromMap(source string, values map[string]string) Config {
	c := Config{values: maps.Clone(values), source: make(map[string]string, len(values))}
	for key := range values {
		c.source[key] = source
	}
	return c
}

// Over is c with the settings of above laid over it.
func (c Config) Over(above Config) Config {
	merged := Config{values: make(map[string]string), source: make(map[string]string)}
	for _, layer := range []Config{c, above} {
		maps.Copy(merged.values, layer.values)
		maps.Copy(merged.source, layer.source)
	}
	return merged
}

// Lookup is the value of a key, and whether it is set.
func (c Config) Lookup(key string) (string, bool) {
	v, ok := c.values[key]
	return v, ok
}

// String is the value of a key, or otherwise.
func (c Config) String(key, otherwise string) string {
	if v, ok := c.values[key]; ok {
		return v
	}
	return otherwise
}

// Bool is true or false. Invalid.
func (c Config) Bool(key string, otherwise bool) (bool, error) {
	v, ok := c.values[key]
	if !ok {
		return otherwise, nil
	}
	switch strings.TrimSpace(v) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, c.Invalid(key, "true or false")
}

// Int is a whole number. Invalid.
func (c Config) Int(key string, otherwise int64) (int64, error) {
	v, ok := c.values[key]
	if !ok {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
	if err != nil {
		return 0, c.Invalid(key, "a whole number")
	}
	return n, nil
}

// Port is the number of a port. Invalid, also if the key is missing and otherwise
// is no port.
func (c Config) Port(key string, otherwise int64) (int, error) {
	n, err := c.Int(key, otherwise)
	if err == nil && (n < 1 || n > math.MaxUint16) {
		err = c.Invalid(key, "a port number")
	}
	return int(n), err
}

// List is a comma-separated list without blanks around its items.
func (c Config) List(key string) []string {
	v, ok := c.values[key]
	if !ok {
		return nil
	}
	var items []string
	for item := range strings.SplitSeq(v, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// Under is the settings whose keys begin with prefix and a dot, without them.
func (c Config) Under(prefix string) Config {
	sub := Config{values: make(map[string]string), source: make(map[string]string)}
	for key, v := range c.values {
		if rest, ok := strings.CutPrefix(key, prefix+"."); ok {
			sub.values[rest], sub.source[rest] = v, c.source[key]
		}
	}
	return sub
}

// Keys are the keys that are set, sorted.
func (c Config) Keys() []string { return slices.Sorted(maps.Keys(c.values)) }

// Invalid is the error of a setting whose value is not what is expected.
func (c Config) Invalid(key, expected string) error {
	return &heitan.Error{
		Kind: heitan.Invalid,
		Msg:  fmt.Sprintf("setting %s = %q in %s: expected %s", key, c.values[key], c.source[key], expected),
	}
}
