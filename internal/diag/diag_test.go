package diag_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
)

func TestSnippetShowsTheLineBeforeAndACaret(t *testing.T) {
	t.Parallel()
	text := "+load:\n  sh>: load.sh\n  retyr: 3\n"
	list := diag.List{{
		Pos:  params.Pos{File: "wf.dig", Line: 3, Column: 3},
		Code: "unknown-key", Message: "nothing reads 'retyr'", Hint: "did you mean `_retry`?",
	}}
	want := strings.TrimPrefix(`
wf.dig:3:3: unknown-key: nothing reads 'retyr'
  2 |   sh>: load.sh
  3 |   retyr: 3
    |   ^
  hint: did you mean `+"`_retry`?"+`
`, "\n")
	if diff := cmp.Diff(want, shown(list, text)); diff != "" {
		t.Error(diff)
	}
}

func TestCaretStandsUnderWideAndTabbedText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line   string
		column int32
		want   string
	}{
		{"日本: x", 4, "     ^"}, // two wide characters and a colon are five columns
		{"\tx: y", 2, "\t^"},
		{"abc", 1, "^"},
		{"abc", 99, "   ^"},
	} {
		list := diag.List{{Pos: params.Pos{File: "f", Line: 1, Column: c.column}, Code: "c", Message: "m"}}
		lines := strings.Split(strings.TrimSpace(shown(list, c.line)), "\n")
		if got := strings.TrimPrefix(lines[len(lines)-1], "    | "); got != c.want {
			t.Errorf("%q: got %q, want %q", c.line, got, c.want)
		}
	}
}

func TestHostileSourceLinesCannotChangeTheTerminal(t *testing.T) {
	t.Parallel()
	list := diag.List{{Pos: params.Pos{File: "f", Line: 1, Column: 1}, Code: "c", Message: "m"}}
	got := shown(list, "a\x1b[2Jb\x07"+strings.Repeat("x", 10_000))
	if strings.ContainsAny(got, "\x1b\x07") || len(got) > 600 {
		t.Errorf("got %d bytes: %.80q", len(got), got)
	}
}

func TestHostileMessagesCannotChangeTheTerminal(t *testing.T) {
	t.Parallel()
	const hostile = "\x1b]0;title\x07\x1b[2J\u009b2J"
	got := shown(diag.List{{
		Pos: params.Pos{File: hostile, Line: 1, Column: 1}, Code: "c", Message: hostile, Hint: hostile,
	}}, hostile)
	if strings.ContainsAny(got, "\x1b\x07\u009b") || strings.Count(got, "0;title") != 4 {
		t.Errorf("got %q", got)
	}
}

func TestPlacesThatAreGoneAreShownWithoutASnippet(t *testing.T) {
	t.Parallel()
	list := diag.List{{Pos: params.Pos{File: "f", Line: 7, Column: 1}, Code: "c", Message: "m"}}
	if got := shown(list, "one line"); got != "f:7:1: c: m\n" {
		t.Errorf("got %q", got)
	}
}

func TestDidYouMean(t *testing.T) {
	t.Parallel()
	candidates := []string{"_parallel", "_export", "_retry", "_error"}
	for word, want := range map[string]string{
		"parallel": "did you mean `_parallel`?",
		"_exprot":  "did you mean `_export` or `_error`?",
		"_eror":    "did you mean `_error` or `_export`?",
		"zzzzzz":   "",
		"":         "",
	} {
		if got := diag.DidYouMean(word, candidates); got != want {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
}

func TestOnlyErrorsAreErrors(t *testing.T) {
	t.Parallel()
	warning := diag.Diagnostic{Severity: diag.Warning, Code: "c", Message: "m"}
	if err := (diag.List{warning}).Err(); err != nil {
		t.Errorf("got %v", err)
	}
	if err := (diag.List{warning, {Code: "c", Message: "m"}}).Err(); err == nil {
		t.Error("an error is none")
	}
}

func shown(list diag.List, text string) string {
	var b strings.Builder
	_ = diag.Write(&b, list, func(string) (string, bool) { return text, true }, diag.Style{})
	return b.String()
}
