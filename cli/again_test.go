package cli

import (
	"os/exec"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heitan/heitan/local"
	"github.com/heitan/heitan/workflow"
)

// What a shell makes of a quoted word is the word.
func TestAShellTakesQuotedWordsAsTheyAre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOf(rapid.RuneFrom([]rune(`ab 日 '"\$*?~!#&|;<>(){}[]^=:,./-+%@`+"`\n\t"))).Draw(t, "word")
		out, err := exec.Command("sh", "-c", "printf %s "+shellWord(word)).Output()
		if err != nil || string(out) != word {
			t.Fatalf("%q was quoted as %s and is %q, %v", word, shellWord(word), out, err)
		}
	})
}

func TestOrdinaryWordsAreNotQuoted(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"report.dig": "report.dig", "+load+a": "+load+a", "a=b,c": "a=b,c", "../x_1@2%": "../x_1@2%",
		"": "''", "a b": "'a b'", "it's": `'it'\''s'`, "~": "'~'", "+a^sub": "'+a^sub'",
	} {
		if got := shellWord(word); got != want {
			t.Errorf("%q: got %s, want %s", word, got, want)
		}
	}
}

func TestTheSessionOfTheCommandIsThatOfTheRun(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("there", 9*3600)
	s := &local.Started{Workflow: &workflow.Workflow{Zone: zone}}
	for _, c := range []struct {
		typed string
		at    time.Time
		want  string
	}{
		{"", time.Date(2026, 3, 1, 0, 0, 0, 0, zone), "heitan run wf.dig"},
		{"last", time.Date(2026, 3, 1, 0, 0, 0, 0, zone), "heitan run wf.dig"},
		{"daily", time.Date(2026, 2, 28, 15, 0, 0, 0, time.UTC), "heitan run wf.dig --session 2026-03-01"},
		{"hourly", time.Date(2026, 3, 1, 1, 0, 0, 0, zone), "heitan run wf.dig --session '2026-03-01 01:00:00'"},
	} {
		s.Session.Time = c.at
		o := &runOptions{common: &commonOptions{}, target: "wf.dig", session: c.typed}
		if got := o.goOn(s); got != c.want {
			t.Errorf("--session %s at %s: got %s, want %s", c.typed, c.at, got, c.want)
		}
	}
}

func TestSecretsAreLeftOutOfTheCommand(t *testing.T) {
	t.Parallel()
	o := &runOptions{common: &commonOptions{properties: []string{"secrets.a=1", "notification.mail.password=2", "params.x=3"}}, target: "wf"}
	if got, want := o.command(nil), "heitan run wf -X 'secrets.a=***' -X 'notification.mail.password=***' -X params.x=3"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
