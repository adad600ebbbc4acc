package examples_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAccessLog(t *testing.T) {
	e := open(t, "access-log")
	out := e.run("report.dig", "--session", "2026-03-01")
	wantLines(t, out, "made 60000 requests", "open examples/access-log/work/20260301/report.html in a browser")
	if got := strings.Count(out, "\nthe name service is busy\n"); got != 2 {
		t.Errorf("the name service was busy %d times, want 2", got)
	}
	if got := strings.Count(e.file("work/20260301/access.log"), "\n"); got != 60000 {
		t.Errorf("the log has %d lines", got)
	}
	report := e.file("work/20260301/report.html")
	for _, want := range []string{"<h1>Requests of 2026-03-01</h1>", "<p>60000 requests", "<td>Home</td>", "23:00 "} {
		if !strings.Contains(report, want) {
			t.Errorf("there is no %q in the report", want)
		}
	}

	// A second run skips what is done; one with --rerun makes the same report.
	if again := e.run("report.dig", "--session", "2026-03-01"); strings.Contains(again, "made 60000 requests") {
		t.Errorf("the log was made again:\n%s", again)
	}
	e.run("report.dig", "--session", "2026-03-01", "--rerun")
	if e.file("work/20260301/report.html") != report {
		t.Error("the report is another one")
	}
}

func TestAccessLogWhoseStepReallyFails(t *testing.T) {
	e := open(t, "access-log")
	names := filepath.Join(e.dir, "pages.tsv")
	if err := os.Rename(names, names+".away"); err != nil {
		t.Fatal(err)
	}
	out := e.fail("report.dig", "--session", "2026-03-01", "-p", "lines_arg=50000")
	wantLines(t, out, "the report for 2026-03-01 failed: Command failed with code 1 (runtime)")

	// When its cause is gone, the run goes on where it failed.
	if err := os.Rename(names+".away", names); err != nil {
		t.Fatal(err)
	}
	out = e.run("report.dig", "--session", "2026-03-01", "-p", "lines_arg=50000")
	if strings.Contains(out, "made 50000 requests") {
		t.Errorf("the log was made again:\n%s", out)
	}
	if report := e.file("work/20260301/report.html"); !strings.Contains(report, "<p>50000 requests") {
		t.Error("the report is not complete")
	}
}
