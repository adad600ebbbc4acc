// Command testreport reads the output of `go test -json` and shows what people
// want to know of it: failures with their output, one line for each skipped test,
// and the count of tests.
//
// With -forbid-skips, a skipped test is a failure.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

func main() {
	forbidSkips := flag.Bool("forbid-skips", false, "fail if a test was skipped")
	flag.Parse()
	r, err := read(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(2)
	}
	r.write(os.Stdout)
	if len(r.failed) > 0 || r.passed == 0 || *forbidSkips && len(r.skipped) > 0 {
		os.Exit(1)
	}
}

// event is one line of `go test -json`.
type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Output     string
}

// report is what the tests did.
type report struct {
	passed  int
	failed  []string
	skipped []string // with the reason
	output  map[string][]string
}

// read gathers events. Lines that are none, such as those of the compiler, are
// passed on.
func read(from io.Reader, to io.Writer) (*report, error) {
	r := &report{output: make(map[string][]string)}
	lines := bufio.NewReaderSize(from, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				fmt.Fprint(to, string(line))
			} else {
				r.add(e, to)
			}
		}
		if err == io.EOF {
			return r, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (r *report) add(e event, to io.Writer) {
	name := e.Package + " " + e.Test
	switch e.Action {
	case "output":
		r.output[name] = append(r.output[name], e.Output)
	case "build-output":
		fmt.Fprint(to, e.Output)
	case "build-fail":
		r.failed = append(r.failed, e.ImportPath+" (build)")
	case "pass":
		if e.Test != "" {
			r.passed++
		}
		delete(r.output, name)
	case "skip":
		if e.Test != "" {
			r.skipped = append(r.skipped, name+": "+reason(r.output[name]))
		}
		delete(r.output, name)
	case "fail":
		r.failed = append(r.failed, strings.TrimSpace(name))
		for _, line := range r.output[name] {
			fmt.Fprint(to, line)
		}
	}
}

// reason is why a test was skipped: the last line it wrote itself.
func reason(output []string) string {
	for _, line := range slices.Backward(output) {
		text := strings.TrimSpace(line)
		if text == "" || strings.HasPrefix(text, "---") || strings.HasPrefix(text, "===") {
			continue
		}
		if _, after, ok := strings.Cut(text, ".go:"); ok {
			_, text, _ = strings.Cut(after, ": ")
		}
		return text
	}
	return "no reason given"
}

func (r *report) write(to io.Writer) {
	slices.Sort(r.skipped)
	for _, s := range r.skipped {
		fmt.Fprintln(to, "skipped:", s)
	}
	for _, f := range r.failed {
		fmt.Fprintln(to, "failed:", f)
	}
	fmt.Fprintf(to, "tests: %d passed, %d failed, %d skipped\n", r.passed, len(r.failed), len(r.skipped))
}
