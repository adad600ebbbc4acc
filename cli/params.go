package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// paramOptions are -p and -P, which several commands have.
type paramOptions struct {
	pairs []string // as typed
	file  string
}

// read is the params of a command: those of the configuration, then the file,
// then the pairs, each merged over what is before.
func (o paramOptions) read(e Env, c config.Config) (*params.Object, error) {
	all, err := configuredParams(c)
	if err != nil {
		return nil, err
	}
	if o.file != "" {
		path := e.Path(o.file)
		doc, problems := workflow.NewLoader(os.DirFS(filepath.Dir(path))).Load(filepath.Base(path))
		if err := inProject(filepath.Dir(o.file), problems).Err(); err != nil {
			return nil, err
		}
		all = all.Merge(doc)
	}
	pairs, err := splitPairs("-p", o.pairs)
	if err != nil {
		return nil, err
	}
	for _, pair := range pairs {
		if all, err = setParam(all, pair.key, pair.value); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// configuredParams are the params of the configuration: a JSON object in the
// setting digdag.defaultParams, and over it the settings `params.KEY`.
func configuredParams(c config.Config) (*params.Object, error) {
	const key = "digdag.defaultParams"
	defaults, err := params.ParseObject([]byte(c.String(key, "{}")))
	if err != nil {
		return nil, c.Invalid(key, "a JSON object")
	}
	all := params.Empty()
	settings := c.Under("params")
	for _, key := range settings.Keys() {
		value, _ := settings.Lookup(key)
		if all, err = setParam(all, key, value); err != nil {
			return nil, err
		}
	}
	return defaults.Merge(all), nil
}

type pair struct{ key, value string }

// splitPairs reads KEY=VALUE options as Digdag does: each is cut at commas; a
// piece with '=' begins a pair, a piece without belongs to the value before it.
func splitPairs(option string, typed []string) ([]pair, error) {
	var pairs []pair
	for _, text := range typed {
		first := true
		for piece := range strings.SplitSeq(text, ",") {
			key, value, ok := strings.Cut(piece, "=")
			switch {
			case ok:
				pairs = append(pairs, pair{key: key, value: value})
			case first:
				return nil, &heitan.Error{Kind: heitan.Invalid, Msg: fmt.Sprintf("%s expects KEY=VALUE but got %q", option, text)}
			default:
				pairs[len(pairs)-1].value += "," + piece
			}
			first = false
		}
	}
	return pairs, nil
}

// setParam sets a param whose key may be a path: a.b=c is {a: {b: c}}.
func setParam(all *params.Object, key, value string) (*params.Object, error) {
	set, err := all.WithPath(strings.Split(key, "."), value)
	if err != nil {
		return nil, &heitan.Error{Kind: heitan.Invalid, Msg: fmt.Sprintf("param %s=%s", key, value), Err: err}
	}
	return set, nil
}
