package docs_test

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/server"
)

const operatorsPage = "reference/operators.md"

// section is a part of the page of operators: its text, and that of the part in
// which it lies, up to the first of its kind.
type section struct{ text, intro string }

// sectionsOf are the parts of a page by their headings of the third level.
func sectionsOf(t *testing.T, name string) map[string]section {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]section)
	for _, part := range strings.Split(string(data), "\n## ")[1:] {
		inner := strings.Split(part, "\n### ")
		for _, text := range inner[1:] {
			heading, body, _ := strings.Cut(text, "\n")
			found[heading] = section{text: body, intro: inner[0]}
		}
		heading, body, _ := strings.Cut(inner[0], "\n")
		found["## "+heading] = section{text: body}
	}
	return found
}

func registry(t *testing.T) *operator.Registry {
	t.Helper()
	all, err := server.Operators(t.Context(), config.FromMap("none", nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEveryOperatorIsDescribed(t *testing.T) {
	t.Parallel()
	all, sections := registry(t), sectionsOf(t, operatorsPage)
	table := sections["## All operators"].text
	missing := sections["## Operators that heitan does not have"].text
	for _, name := range all.Names() {
		if all.Instead(name) != "" {
			if !strings.Contains(missing, "`"+name+">`") {
				t.Errorf("%s: %s> is not among the operators that heitan does not have", operatorsPage, name)
			}
			continue
		}
		if _, ok := sections[name]; !ok {
			t.Errorf("%s: there is no heading ### %s", operatorsPage, name)
		}
		entry, err := all.Find(t.TempDir(), name)
		if err != nil {
			t.Fatal(err)
		}
		repeated := map[bool]string{true: "yes", false: "no"}[entry.SelfRetry]
		row := regexp.MustCompile("\\| \\[`" + name + ">`\\]\\(#" + name + "\\) \\| [^|]+ \\| " + repeated + "\\b")
		if !row.MatchString(table) {
			t.Errorf("%s: the table has no row for %s> that says %q to its own _retry", operatorsPage, name, repeated)
		}
	}
	for heading := range sections {
		if !strings.HasPrefix(heading, "## ") && heading != "Process" && heading != "Docker" && !slices.Contains(all.Names(), heading) {
			t.Errorf("%s: there is no operator %s>", operatorsPage, heading)
		}
	}
}

var linkToSection = regexp.MustCompile(`\]\(#([a-z_]+)\)`)

// TestEveryKeyOfAnOperatorIsDescribed calls each operator and looks for the keys
// that it asked for.
func TestEveryKeyOfAnOperatorIsDescribed(t *testing.T) {
	t.Parallel()
	all, sections := registry(t), sectionsOf(t, operatorsPage)
	for _, name := range all.Names() {
		if all.Instead(name) != "" {
			continue
		}
		described := make(map[string]bool)
		text := describedIn(sections, described, name)
		for _, key := range keysOf(t, all, name) {
			if !strings.Contains(text, "`"+key+"`") {
				t.Errorf("%s: the section %s does not describe the key %s", operatorsPage, name, key)
			}
		}
	}
}

// describedIn is the text of a section, of what stands before it, and of the
// sections to which it refers.
func describedIn(sections map[string]section, seen map[string]bool, name string) string {
	if seen[name] {
		return ""
	}
	seen[name] = true
	s := sections[name]
	text := s.text + s.intro
	for _, link := range linkToSection.FindAllStringSubmatch(s.text, -1) {
		text += describedIn(sections, seen, link[1])
	}
	return text
}

// keysOf are the keys that an operator asks for when it is called in vain.
func keysOf(t *testing.T, all *operator.Registry, name string) []string {
	t.Helper()
	entry, err := all.Find(t.TempDir(), name)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	switch name {
	case "wait", "require", "redshift_load", "redshift_unload": // they get no further than their keys
	default:
		cancel() // so that nothing is called
	}
	keys := make(map[string]bool)
	for _, command := range []params.Value{nil, "true", params.Of("from", int64(0), "to", int64(0), "data", "x")} {
		req, _ := operatortest.Request(t, params.Of("_command", command), operatortest.WithParams(params.Of(
			"host", "h", "user", "u", "database", "d", "table", "t", "from", "s3://b/from", "query", "q", "to", "s3://b/to", "subject", "s")))
		req.Type = name
		func() {
			defer func() { _ = recover() }() // require> and the like have nobody to ask
			_, _ = entry.Operator.Run(ctx, req)
		}()
		for key := range req.Params.Used() {
			keys[key] = true
		}
	}
	var found []string
	for key := range keys {
		if !strings.HasPrefix(key, "_") {
			found = append(found, key)
		}
	}
	slices.Sort(found)
	return found
}
