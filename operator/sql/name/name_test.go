package name_test

import (
	"testing"

	"github.com/heitan/heitan/operator/sql/name"
)

func TestNamesAreTakenLetterForLetter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"t":             `"t"`,
		"Orders":        `"Orders"`,
		"public.t":      `"public"."t"`,
		"a.b.c":         `"a"."b.c"`, // the first dot separates
		`"a"."b"`:       `"""a"""."""b"""`,
		"t; drop table": `"t; drop table"`,
		"日本.表":          `"日本"."表"`,
		"":              `""`,
		".t":            `"t"`,
		"a\x00b":        `"ab"`, // PostgreSQL has no NUL in names
	} {
		if got := name.Parse(text).SQL(); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}
