package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/local"
	"github.com/heitan/heitan/params"
)

// maxFailures is how many failed tasks are described; the others are counted.
const maxFailures = 20

// ended shows how a run ended, and what to type next.
func (p *printer) ended(s *local.Started, r local.Report) {
	p.close()
	if p.options.json {
		p.endEvent(r)
		return
	}
	w := p.env.Stderr
	if r.Success() {
		fmt.Fprintln(w, p.env.color(green).paint("Success.")+p.saved(s))
		p.nextAfterSuccess(s)
		return
	}
	fmt.Fprintf(w, "%s\n", p.env.color(red).paint(fmt.Sprintf("error: %s of %d failed", plural(len(r.Failures), "task"), r.Tasks)))
	for i, f := range r.Failures {
		if i == maxFailures {
			fmt.Fprintf(w, "  ... and %d more\n", len(r.Failures)-i)
			break
		}
		p.failure(f)
	}
	if saved := p.saved(s); saved != "" {
		fmt.Fprintln(w, strings.TrimSpace(saved))
	}
	p.nextAfterFailure(s, r)
}

// failure shows a failed task: its message, the place in the file, the last lines
// that it printed, and what may help.
func (p *printer) failure(f local.FailedTask) {
	w := p.env.Stderr
	fmt.Fprintf(w, "  * %s:\n%s\n", p.env.color(bold).paint(visible(f.FullName)), indent(cleanText(f.Message), "    "))
	if pos, ok := parsePos(f.At); ok {
		pos.File = filepath.Join(p.options.project, pos.File)
		snippet := diag.Snippet(pos, p.env.source, p.env.diagStyle())
		fmt.Fprintf(w, "    at %s\n%s", visible(pos.String()), indentLines(snippet, "    "))
	}
	if t := p.tails[f.FullName]; t != nil && len(t.lines) > 0 {
		fmt.Fprintln(w, "    last output:")
		for _, line := range t.lines {
			fmt.Fprintf(w, "      %s %s\n", p.env.color(gray).paint("|"), visible(line))
		}
	}
	if f.Hint != "" {
		fmt.Fprintf(w, "    hint: %s\n", strings.TrimLeft(indent(cleanText(f.Hint), "    "), " "))
	}
}

// saved says where the state of the run is kept.
func (p *printer) saved(s *local.Started) string {
	if p.options.noSave || p.options.dryRun {
		return ""
	}
	dir := p.options.saveDir
	if dir == "" {
		dir = filepath.Join(p.options.project, defaultSaveDir)
	}
	return fmt.Sprintf(" Task state is saved in %s for session %q.", dir, s.Session.Time.In(s.Workflow.Zone).Format(time.DateTime))
}

func (p *printer) nextAfterSuccess(s *local.Started) {
	if p.options.noSave || p.options.dryRun {
		return
	}
	fmt.Fprintf(p.env.Stderr, "  * Run it again from the start:      %s\n", p.options.command(p.options.sessionWords(s), "--rerun"))
	fmt.Fprintf(p.env.Stderr, "  * Run it for another session time:  %s\n", p.options.command(nil)+` --session <daily | hourly | "yyyy-MM-dd[ HH:mm:ss]">`)
}

func (p *printer) nextAfterFailure(s *local.Started, r local.Report) {
	if p.options.noSave || p.options.dryRun {
		return
	}
	fmt.Fprintf(p.env.Stderr, "  * Go on where it failed:      %s\n", p.options.goOn(s))
	if len(r.Failures) > 0 {
		task := r.Failures[0].FullName
		if i := strings.IndexByte(task, '^'); i > 0 {
			task = task[:i]
		}
		if strings.LastIndexByte(task, '+') > 0 {
			fmt.Fprintf(p.env.Stderr, "  * From a task on:             %s\n", p.options.command(p.options.sessionWords(s), "--start", task))
		}
	}
}

func (p *printer) endEvent(r local.Report) {
	if v, ok := p.view.(*jsonView); ok {
		success := r.Success()
		v.write(runEvent{Event: "end", State: r.Flags.String(), Success: &success, Total: r.Tasks, Failed: len(r.Failures)})
	}
}

// stopping says that a signal was seen.
func (p *printer) stopping(s os.Signal) {
	p.logger().Warn("Stopping the running tasks; once more to end at once", "signal", s.String())
}

// interrupted says how to go on after a signal.
func (p *printer) interrupted(s *local.Started) {
	p.close()
	if v, ok := p.view.(*jsonView); ok {
		v.write(runEvent{Event: "end", State: "interrupted", Success: new(false)})
		return
	}
	if p.options.noSave || p.options.dryRun {
		return
	}
	fmt.Fprintf(p.env.Stderr, "The run is not finished. Go on with:  %s\n", p.options.goOn(s))
}

// parsePos reads file:line:column.
func parsePos(text string) (params.Pos, bool) {
	rest, column, ok1 := cutLast(text)
	file, line, ok2 := cutLast(rest)
	return params.Pos{File: file, Line: line, Column: column}, ok1 && ok2
}

func cutLast(text string) (before string, number int32, ok bool) {
	i := strings.LastIndexByte(text, ':')
	if i < 0 {
		return "", 0, false
	}
	n, err := strconv.ParseInt(text[i+1:], 10, 32)
	return text[:i], int32(n), err == nil
}

// cleanText is a text of several lines that cannot change the terminal.
func cleanText(text string) string {
	var clean []byte
	for line := range strings.Lines(text) {
		clean, _ = appendClean(clean, strings.TrimRight(line, "\r\n"), "", false)
		clean = append(clean, '\n')
	}
	return string(clean)
}

// indentLines puts prefix before every line of a text that ends with a newline.
func indentLines(text, prefix string) string {
	if text == "" {
		return ""
	}
	return indent(text, prefix) + "\n"
}
