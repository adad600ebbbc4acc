package examples_test

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/heitan/heitan/internal/testenv"
)

// TestEveryExampleIsRunAndTellsHow looks for the test of each folder, and for what
// the example's first lines must say.
func TestEveryExampleIsRunAndTellsHow(t *testing.T) {
	t.Parallel()
	var tests strings.Builder
	sources, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		tests.Write(text)
	}
	index, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	workflows, err := filepath.Glob("*/*.dig")
	if err != nil || len(workflows) == 0 {
		t.Fatalf("workflows %v, %v", workflows, err)
	}
	for _, workflow := range workflows {
		folder := filepath.Dir(workflow)
		if !strings.Contains(tests.String(), `open(t, "`+folder+`")`) {
			t.Errorf("no test runs %s", workflow)
		}
		if !strings.Contains(string(index), "| ["+folder+"]("+folder+") |") {
			t.Errorf("README.md does not list %s", folder)
		}
		text, err := os.ReadFile(workflow)
		if err != nil {
			t.Fatal(err)
		}
		comment, _, _ := strings.Cut(string(text), "\n\n")
		if strings.HasPrefix(comment, "# Required by ") {
			continue
		}
		if !strings.HasPrefix(comment, "# ") || !strings.Contains(comment, "heitan run examples/"+filepath.ToSlash(workflow)) {
			t.Errorf("%s does not begin with what it shows and how to run it", workflow)
		}
	}
}

func TestControlFlow(t *testing.T) {
	e := open(t, "control-flow")
	out := e.run("orders.dig")
	wantLines(t, out, "tokyo has few orders", "osaka has many orders", "1. tokyo", "2. osaka", "3. nagoya")
	if got := e.file("counts/osaka.txt"); got != "hours 0 to 12: 48\nhours 12 to 24: 48\n" {
		t.Errorf("osaka.txt is %q", got)
	}
	wantLines(t, e.run("orders.dig", "--rerun", "-p", "many_arg=20"), "tokyo has many orders")
}

func TestShell(t *testing.T) {
	e := open(t, "shell")
	out := e.run("backup.dig", "--session", "2026-03-01")
	wantLines(t, out, "out/backup-20260301.tar.gz holds data/customers.csv")
	for _, day := range []string{"2026-03-02", "2026-03-03", "2026-03-04"} {
		e.run("backup.dig", "--session", day)
	}
	kept, err := filepath.Glob(filepath.Join(e.dir, "out/*.tar.gz"))
	if err != nil || len(kept) != 3 {
		t.Errorf("kept %v, %v", kept, err)
	}
}

func TestPython(t *testing.T) {
	testenv.Need(t, testenv.Python)
	out := open(t, "python").run("sales.dig")
	wantLines(t, out, "tokyo sold most, 180", "osaka      120", "tokyo      180")
	if strings.Contains(out, "nagoya") {
		t.Errorf("nagoya is below the minimum:\n%s", out)
	}
}

func TestRuby(t *testing.T) {
	testenv.Need(t, testenv.Ruby)
	out := open(t, "ruby").run("sales.dig")
	wantLines(t, out, "tokyo sold most, 180", "osaka      120", "tokyo      180")
}

// TestEmbulk has a stand-in for Embulk: what heitan does is to make the
// configuration and to run the program.
func TestEmbulk(t *testing.T) {
	e := open(t, "embulk")
	e.path = t.TempDir()
	standIn := "#!/bin/sh\ntest \"$1\" = run && grep -o 'customers[.a-z]*\\|\"skip_header_lines\":1' \"$2\"\n"
	if err := os.WriteFile(filepath.Join(e.path, "embulk"), []byte(standIn), 0o755); err != nil {
		t.Fatal(err)
	}
	wantLines(t, e.run("load.dig"), "customers.csv", `"skip_header_lines":1`)
}

func TestHTTP(t *testing.T) {
	python := testenv.Need(t, testenv.Python)
	e := open(t, "http")
	server := e.command(python, "server.py", "0")
	printed, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	lines := bufio.NewScanner(printed)
	if !lines.Scan() {
		t.Fatalf("the server printed nothing: %v", lines.Err())
	}
	address, _ := strings.CutPrefix(lines.Text(), "listening on ")
	out := e.run("rates.dig", "-p", "api="+address)
	wantLines(t, out, "1 EUR is 163.2 JPY", "1 EUR is 1.09 USD", "the server answered 201")
	if !strings.Contains(out, "HTTP request failed, retrying") {
		t.Errorf("no retry is told in\n%s", out)
	}
	if !lines.Scan() || !regexp.MustCompile(`^got \{"session": "[0-9a-f-]{36}", "status": "done"\}$`).MatchString(lines.Text()) {
		t.Errorf("the server printed %q", lines.Text())
	}
}

func TestParams(t *testing.T) {
	e := open(t, "params")
	wantLines(t, e.run("counter.dig"), "import the rows 1 to 100")
	wantLines(t, e.run("counter.dig", "--rerun"), "import the rows 101 to 200")
	host, port, _ := strings.Cut(testenv.Need(t, testenv.Redis), ":")
	redis := []string{"counter.dig", "--rerun", "-X", "param_server.type=redis", "-X", "param_server.host=" + host, "-X", "param_server.port=" + port}
	first := e.run(redis...)
	second := e.run(redis...)
	from := regexp.MustCompile(`(?m)^import the rows (\d+) to \d+$`)
	a, b := from.FindStringSubmatch(first), from.FindStringSubmatch(second)
	if a == nil || b == nil || a[1] == b[1] {
		t.Errorf("the runs print %v and %v", a, b)
	}
}

func TestNotify(t *testing.T) {
	e := open(t, "notify")
	if out := e.run("import.dig"); !strings.Contains(out, `notification message="imported 1200 rows of`) {
		t.Errorf("the log is\n%s", out)
	}
	e.run("import.dig", "--rerun", "-X", "notification.type=shell", "-X", "notification.shell.command=cat >> inbox.json")
	if got := e.file("inbox.json"); !strings.Contains(got, `"message":"imported 1200 rows of`) {
		t.Errorf("the notification is %s", got)
	}
}

func TestRequire(t *testing.T) {
	e := open(t, "require")
	out := e.run("report.dig", "--session", "2026-03-01")
	wantLines(t, out, "imported 2026-03-01", "the report of 2026-03-01 has 3 lines")
	out = e.run("report.dig", "--session", "2026-03-01", "--rerun")
	wantLines(t, out, "the report of 2026-03-01 has 3 lines")
	if strings.Contains(out, "\nimported") {
		t.Errorf("the import ran again:\n%s", out)
	}
}

func TestRetry(t *testing.T) {
	e := open(t, "retry")
	out := e.run("import.dig")
	wantLines(t, out, "the server is busy", "the database went away", "100", "the import is done")
	if got := strings.Count(e.file("work/fetches"), "try"); got != 3 {
		t.Errorf("fetched %d times", got)
	}
	if got := strings.Count(e.file("work/loads"), "begin"); got != 2 {
		t.Errorf("loaded %d times", got)
	}
	out = e.fail("import.dig", "--rerun", "-p", "broken=true")
	wantLines(t, out, "the import failed: Command failed with code 1 (runtime)")
}

func TestCustomOperator(t *testing.T) {
	testenv.Need(t, testenv.Python)
	out := open(t, "custom-operator").run("report.dig")
	if !regexp.MustCompile(`(?m)^rows.csv has 3 rows; it was looked at \d+ times$`).MatchString(out) {
		t.Errorf("the output is\n%s", out)
	}
}
