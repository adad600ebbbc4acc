package workflow_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/heitan/heitan/workflow"
)

func TestAliasesOfLongTextsAreRefused(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20)
	for name, text := range map[string]string{
		"a text":      "a: &a " + long + "\nb: [" + strings.Repeat("*a, ", 100) + "]\n",
		"a list":      "a: &a [" + long + "]\nb: [" + strings.Repeat("*a, ", 100) + "]\n",
		"a key":       "a: &a\n  '" + long[:1000] + "': 1\nb: [" + strings.Repeat("*a, ", 100_000) + "]\n",
		"a merge key": "a: &a {k: " + long + "}\n" + repeated(100, "b%d: {<<: *a}\n"),
	} {
		_, problems := workflow.ParseYAML("x.dig", []byte(text))
		if len(problems) != 1 || !strings.Contains(problems.Error(), "file-too-large: the file has more than 64 MiB of text") {
			t.Errorf("%s: got %.200v", name, problems)
		}
	}
}

func TestIncludedFilesCountAsOftenAsTheyAreUsed(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"values.dig": {Data: []byte(repeated(50, "k%d: {!include : list.yml}\n"))},
		"list.yml":   {Data: []byte("a: &a [" + strings.Repeat("x, ", 1000) + "]\nb: [" + strings.Repeat("*a, ", 50) + "]\n")},
		"texts.dig":  {Data: []byte(repeated(100, "k%d: {!include : text.yml}\n"))},
		"text.yml":   {Data: []byte("a: " + strings.Repeat("x", 1<<20) + "\n")},
		"small.dig":  {Data: []byte(repeated(10, "k%d: {!include : list.yml}\n"))},
	}
	for file, want := range map[string]string{
		"values.dig": "list.yml:2:33: file-too-large: the file has more than 2000000 values",
		"texts.dig":  "text.yml:1:4: file-too-large: the file has more than 64 MiB of text",
		"small.dig":  "",
	} {
		_, problems := workflow.NewLoader(files).Load(file)
		if want == "" && len(problems) == 0 {
			continue
		}
		if len(problems) != 1 || want == "" || !strings.HasPrefix(problems.Error(), want) {
			t.Errorf("%s: got %.200v", file, problems)
		}
	}
}

// repeated is a line for each number below n.
func repeated(n int, line string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, line, i)
	}
	return b.String()
}

func TestIgnoreFileThatIsAPipeIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, ".digdagignore"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, problems := workflow.LoadProject(os.DirFS(dir))
	if len(problems) != 1 || problems.Error() != ".digdagignore: unreadable-file: read .digdagignore: it is not a regular file" {
		t.Errorf("got %v", problems)
	}
}
