package param

import (
	"strings"

	"github.com/heitan/heitan/operator"
)

// path leads to a param through the maps that hold it.
type path []string

func (p path) String() string { return strings.Join(p, ".") }

// parsePath reads a path such as a.b.c. Its parts are letters, digits and '_', as
// in Digdag.
func parsePath(text string) (path, bool) {
	parts := strings.Split(text, ".")
	for _, part := range parts {
		if part == "" || strings.ContainsFunc(part, notInKey) {
			return nil, false
		}
	}
	return parts, true
}

func notInKey(r rune) bool {
	return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
}

// readPaths reads the path, or list of paths, behind the operator. Problems are
// left in p.
func readPaths(p *operator.Params) []path {
	if _, ok := p.Command(); !ok {
		p.CommandText() // reports that it is required
		return nil
	}
	var paths []path
	for _, text := range p.Strings("_command") {
		path, ok := parsePath(text)
		if !ok {
			p.Fail("_command", "Invalid path %.100q: expected letters, digits and '_', with a dot between two keys", text)
		}
		paths = append(paths, path)
	}
	return paths
}
