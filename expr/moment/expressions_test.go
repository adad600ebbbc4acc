package moment

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// expressions reads the expressions of a folder of testdata, one in each line.
func expressions(t testing.TB, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*.js"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no expressions in %s: %v", folder, err)
	}
	var all []string
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			line := strings.TrimSpace(lines.Text())
			if line != "" && !strings.HasPrefix(line, "//") {
				all = append(all, line)
			}
		}
	}
	return all
}

func TestResultsAreThoseOfTheOriginal(t *testing.T) {
	t.Parallel()
	compare(t, false, expressions(t, "expressions"))
}

func TestChangesOfMomentWorkAsInTheOriginal(t *testing.T) {
	t.Parallel()
	compare(t, true, expressions(t, "stateful"))
}
