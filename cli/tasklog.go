package cli

import (
	"bytes"
	"log/slog"
	"strings"

	"github.com/heitan/heitan/params"
)

// maxPartialLine is how much of a line without an end is kept until it is shown.
const maxPartialLine = 64 << 10

// taskLog takes what one invocation of an operator writes. Lines of tasks that
// run at the same time are not mixed.
type taskLog struct {
	printer *printer
	task    taskRef
	logger  *slog.Logger
	file    *taskFile // of --task-log, or nil
	partial []byte
}

// Write keeps p in the task's file and shows its complete lines.
func (l *taskLog) Write(p []byte) (int, error) {
	if l.file != nil {
		if _, err := l.file.Write(p); err != nil {
			return 0, err
		}
	}
	end := bytes.LastIndexByte(p, '\n') + 1
	if end == 0 && len(l.partial)+len(p) < maxPartialLine {
		l.partial = append(l.partial, p...)
		return len(p), nil
	}
	if end == 0 {
		end = len(p)
	}
	lines := p[:end]
	if len(l.partial) > 0 {
		lines = append(l.partial, lines...)
	}
	l.printer.output(l.task, lines)
	l.partial = append(l.partial[:0:0], p[end:]...)
	return len(p), nil
}

// Close shows what is left of a line without an end.
func (l *taskLog) Close() error {
	if len(l.partial) > 0 {
		l.printer.output(l.task, append(l.partial, '\n'))
		l.partial = nil
	}
	if l.file != nil {
		return l.file.Close()
	}
	return nil
}

// Logger writes heitan's messages about the task.
func (l *taskLog) Logger() *slog.Logger { return l.logger }

// Evaluated shows the task's params if the user wants them.
func (l *taskLog) Evaluated(all *params.Object) {
	if l.printer.options.showParams {
		l.logger.Warn("params:\n" + indent(yamlText(all), "  ")) //nolint:sloglint // a document of many lines
	}
}

// output shows complete lines and keeps the last ones.
func (p *printer) output(t taskRef, lines []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.view.output(t, lines)
	kept := p.tails[t.fullName]
	if kept == nil {
		kept = &tail{}
		p.tails[t.fullName] = kept
	}
	for line := range strings.Lines(lastLines(lines)) {
		kept.add(strings.TrimRight(line, "\r\n"))
	}
	if r := p.progress.running[t.id]; r != nil && len(kept.lines) > 0 {
		r.lastLine = kept.lines[len(kept.lines)-1]
	}
}

// lastLines is the end of a text that holds the lines worth keeping.
func lastLines(text []byte) string {
	const enough = 8 << 10
	if len(text) > enough {
		text = text[len(text)-enough:]
	}
	return string(text)
}
