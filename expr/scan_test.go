package expr

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSegments(t *testing.T) {
	t.Parallel()
	for template, want := range map[string][]string{
		"":                       nil,
		"text":                   {"text"},
		"${a}":                   {"=a"},
		"x${a}y${b}z":            {"x", "=a", "y", "=b", "z"},
		"${{a:{}}}":              {"={a:{}}"},
		`${"}"}`:                 {`="`, `"}`},
		`${"{"} ${b}`:            {`${"{"} ${b}`},
		"${a} ${b":               {"=a", " ${b"},
		"${secret:a}":            {"${secret:a}"},
		"${a}${secret:${b}}${c}": {"=a", "${secret:", "=b", "}", "=c"},
		"${Secret:a}${a1:b}":     {"=Secret:a", "=a1:b"},
		"${:a}":                  {"=:a"},
		"$${a}$$":                {"$", "=a", "$$"},
		"${}":                    {"="},
		"$":                      {"$"},
		"}{${a}":                 {"}{", "=a"},
	} {
		var got []string
		for s := range segments(template) {
			if s.expression {
				s.text = "=" + s.text
			}
			got = append(got, s.text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("segments of %q (-want +got):\n%s", template, diff)
		}
	}
}

func TestPropertySegmentsAreTheWholeTemplate(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{"$", "{", "}", "${", "a", "B1", ":", "secret:", "é", `"`, "\n"})
	rapid.Check(t, func(t *rapid.T) {
		template := strings.Join(rapid.SliceOf(piece).Draw(t, "pieces"), "")
		var whole strings.Builder
		before := segment{expression: true}
		for s := range segments(template) {
			text := s.text
			if s.expression {
				text = "${" + text + "}"
			}
			whole.WriteString(text)
			if template[s.offset:s.offset+len(s.text)] != s.text {
				t.Fatalf("%q is not at %d of %q", s.text, s.offset, template)
			}
			if strings.Count(s.text, "{") != strings.Count(s.text, "}") && s.expression {
				t.Fatalf("the braces of %q are not balanced", s.text)
			}
			if !s.expression && (!before.expression || s.text == "") {
				t.Fatalf("%q follows %q in %q", s.text, before.text, template)
			}
			before = s
		}
		if whole.String() != template {
			t.Fatalf("the segments of %q make %q", template, whole.String())
		}
	})
}
