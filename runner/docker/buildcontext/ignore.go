package buildcontext

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// ignore are the patterns of a .dockerignore file. See
// https://docs.docker.com/build/concepts/context/#dockerignore-files
type ignore struct {
	rules  []rule
	except bool // some rule takes paths back in
}

type rule struct {
	pattern *regexp.Regexp
	except  bool // begins with "!"
}

// parseIgnore reads patterns, one a line.
func parseIgnore(text string) (ignore, error) {
	var i ignore
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		n++
		pattern := strings.TrimSpace(line)
		if pattern == "" || line[0] == '#' {
			continue
		}
		pattern, except := strings.CutPrefix(pattern, "!")
		pattern = strings.TrimPrefix(path.Clean(strings.TrimSpace(pattern)), "/")
		if pattern == "." || pattern == "" {
			continue // Docker does not exclude the whole context
		}
		expression, err := expressionOf(pattern)
		if err != nil {
			return ignore{}, fmt.Errorf(".dockerignore:%d: %w", n, err)
		}
		i.rules = append(i.rules, rule{pattern: expression, except: except})
		i.except = i.except || except
	}
	return i, nil
}

// ignored reports whether a path, relative and with slashes, is left out: the last
// rule that matches it or a folder above it decides.
func (i ignore) ignored(name string) bool {
	ignored := false
	for _, r := range i.rules {
		if r.except == ignored && r.pattern.MatchString(name) {
			ignored = !r.except
		}
	}
	return ignored
}

// expressionOf translates a pattern: "*" and "?" stand for characters other than
// "/", "**" for any number of folders, "[...]" for one of a set, and "\" takes a
// character's meaning away. It matches the path and everything below it.
func expressionOf(pattern string) (*regexp.Regexp, error) {
	var b strings.Builder
	b.WriteString("^")
	for n := 0; n < len(pattern); n++ {
		switch c := pattern[n]; c {
		case '*':
			if n+1 == len(pattern) || pattern[n+1] != '*' {
				b.WriteString("[^/]*")
				continue
			}
			n++
			if n+1 < len(pattern) && pattern[n+1] == '/' {
				n++
				b.WriteString("(.*/)?")
			} else {
				b.WriteString(".*")
			}
		case '?':
			b.WriteString("[^/]")
		case '[':
			end := strings.IndexByte(pattern[n:], ']')
			if end < 0 {
				return nil, fmt.Errorf("%q has no \"]\"", pattern)
			}
			b.WriteString(pattern[n : n+end+1])
			n += end
		case '\\':
			if n++; n == len(pattern) {
				return nil, fmt.Errorf("%q ends with \"\\\"", pattern)
			}
			b.WriteString(regexp.QuoteMeta(pattern[n : n+1]))
		default:
			b.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	b.WriteString("(/.*)?$")
	expression, err := regexp.Compile("(?s)" + b.String())
	if err != nil {
		return nil, fmt.Errorf("%q is not a pattern", pattern)
	}
	return expression, nil
}
