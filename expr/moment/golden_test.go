package moment

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "ask the original in node and write testdata/answers")

// recordedZones are the zones whose answers are recorded, for machines without
// node and without a registry.
func recordedZones() []string { return []string{"UTC", "America/Los_Angeles"} }

func answersFile(zone, folder string) string {
	return filepath.Join("testdata", "answers", strings.ReplaceAll(zone, "/", "-")+"-"+folder+".txt")
}

func TestResultsAreThoseRecordedFromTheOriginal(t *testing.T) {
	t.Parallel()
	for _, zone := range recordedZones() {
		for _, folder := range []string{"expressions", "stateful"} {
			t.Run(zone+" "+folder, func(t *testing.T) {
				t.Parallel()
				questions, fresh := expressions(t, folder), folder == "stateful"
				if *update {
					answers := askOriginal(t, needNode(t), needOriginal(t), zone, fresh, questions)
					record(t, answersFile(zone, folder), interview(questions, answers))
				}
				recorded, err := os.ReadFile(answersFile(zone, folder))
				if err != nil {
					t.Fatal(err)
				}
				ours := interview(questions, answersOfOurs(t, zone, fresh, questions))
				if diff := cmp.Diff(strings.Split(string(recorded), "\n"), strings.Split(ours, "\n")); diff != "" {
					t.Errorf("answers (-original +ours):\n%s", diff)
				}
			})
		}
	}
}

func answersOfOurs(t testing.TB, zone string, fresh bool, questions []string) []string {
	t.Helper()
	o := newOurs(t, zone)
	answers := make([]string, len(questions))
	for i, q := range questions {
		if fresh {
			o.renew(t)
		}
		answers[i] = o.ask(t, q)
	}
	return answers
}

// interview writes each question with the answer below it.
func interview(questions, answers []string) string {
	var b strings.Builder
	for i, q := range questions {
		b.WriteString(q + "\n\t" + answers[i] + "\n")
	}
	return b.String()
}

func record(t testing.TB, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
