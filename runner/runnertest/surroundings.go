package runnertest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func (h Harness) testSurroundings(t *testing.T) {
	h.inShell(t, true, "environment values pass unchanged and later ones win", func(t *testing.T) {
		t.Parallel()
		k := h.shell(t, `printf '[%s]' "$TWICE" "$SPACES" "$LINES_" "$EQUALS" "$UNICODE" "$QUOTES" "${EMPTY-unset}"`)
		k.spec.Env = append(k.spec.Env,
			"TWICE=first", "SPACES= a  b ", "LINES_=one\ntwo\n\n", "EQUALS=a=b==c", "UNICODE=兵站 ☃ \U0001f680",
			`QUOTES="'$HOME'\n`, "EMPTY=", "TWICE=second")
		_, output := k.ran()
		want := "[second][ a  b ][one\ntwo\n\n][a=b==c][兵站 ☃ \U0001f680][\"'$HOME'\\n][]"
		if diff := cmp.Diff(want, output); diff != "" {
			t.Errorf("output (-want +got):\n%s", diff)
		}
	})
	h.inShell(t, true, "arguments pass unchanged", func(t *testing.T) {
		t.Parallel()
		k := h.shell(t, `printf '[%s]' "$@"`)
		k.spec.Command = append(k.spec.Command, "sh", "a b", "", "*", "$HOME", "--", "-e", "☃\n", `'"\`)
		if _, output := k.ran(); output != "[a b][][*][$HOME][--][-e][☃\n]['\"\\]" {
			t.Errorf("got %q", output)
		}
	})
	h.inShell(t, true, "the command runs in its folder and sees the workspace", func(t *testing.T) {
		t.Parallel()
		k := h.shell(t, `pwd; cat ../given; echo made >made; mkdir deep; echo more >deep/more`)
		k.file("given", "given\n", 0o644)
		k.spec.Dir = filepath.Join(k.spec.Workspace, "a b", "c")
		if err := os.MkdirAll(k.spec.Dir, 0o777); err != nil {
			t.Fatal(err)
		}
		k.file("a b/given", "nearer\n", 0o644)
		if _, output := k.ran(); output != k.spec.Dir+"\nnearer\n" {
			t.Errorf("got %q", output)
		}
		for name, want := range map[string]string{"made": "made\n", "deep/more": "more\n"} {
			if got, err := os.ReadFile(filepath.Join(k.spec.Dir, name)); err != nil || string(got) != want {
				t.Errorf("%s: got %q, %v", name, got, err)
			}
		}
	})
	h.inShell(t, true, "standard input is empty", func(t *testing.T) {
		t.Parallel()
		if _, output := h.shell(t, `cat; echo end`).ran(); output != "end\n" {
			t.Errorf("got %q", output)
		}
	})
}
