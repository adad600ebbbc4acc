package expr_test

import (
	"errors"
	"testing"

	"github.com/heitan/heitan/expr"
	"github.com/heitan/heitan/params"
)

func TestHintsSayWhatMayHaveBeenMeant(t *testing.T) {
	t.Parallel()
	e := expr.New(expr.Options{})
	scope := params.Of("session_date", "2026-03-01", "table", "t")
	for template, want := range map[string]string{
		"${session_dat}":  "did you mean `session_date`?",
		"${tabel.length}": "did you mean `table`?",
		"${HOME}":         "a variable of the shell is written $HOME",
		"${HOME + 1}":     "",
		"${unheard_of}":   "",
		"${table.x.y}":    "",
		"${#HOME}":        "if this is for a shell, write ${'$'}{#HOME}",
		"${FOO:-bar}":     "if this is for a shell, write ${'$'}{FOO:-bar}",
		"${FOO##*/}":      "if this is for a shell, write ${'$'}{FOO##*/}",
		"${1 +}":          "",
		"${table table}":  "",
		"${late}":         "`late` is a key of the task itself; below _export the whole task sees it",
	} {
		_, err := e.Text(t.Context(), template, scope)
		var failure *expr.Error
		if !errors.As(err, &failure) {
			t.Fatalf("%s: %v", template, err)
		}
		if got := failure.Hint(append(scope.Keys(), "late")); got != want {
			t.Errorf("%s (%s): the hint is %q, want %q", template, failure.Message, got, want)
		}
	}
}
