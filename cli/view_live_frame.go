package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/graph"
)

const (
	maxTaskLines = 10 // how many running tasks are shown at most
	minBar       = 6  // cells of the bar
	maxBar       = 24
	factWidth    = 7 // columns of the time in a task's line
)

// frame is what stays at the bottom of the terminal: lines for the tasks that run,
// longest first, and then for those that wait; and the state of the whole run.
func (v *liveView) frame(now time.Time, width, height int) []string {
	if v.progress.total == 0 {
		return nil
	}
	var running, waiting []*runningTask
	for _, t := range v.progress.longest() {
		if t.waits(now) {
			waiting = append(waiting, t)
		} else {
			running = append(running, t)
		}
	}
	tasks := slices.Concat(running, waiting)
	shown := tasks[:min(len(tasks), taskLines(height))]
	names := 0
	for _, t := range shown {
		names = max(names, columns(v.short(t.fullName)))
	}
	var lines []string
	for _, t := range shown {
		lines = append(lines, v.taskLine(t, now, width, min(names, width/2, max(0, width-5-factWidth))))
	}
	if more := len(tasks) - len(shown); more > 0 && height > 2 {
		l := newLiveLine(v.env, width)
		l.add(gray, fmt.Sprintf("  ... and %d more", more))
		lines = append(lines, l.String())
	}
	return append(lines, v.statusLine(now, width, len(running), len(waiting)))
}

// taskLines is how many lines of tasks a terminal of a height has: a third, and
// never so many that nothing else can be seen.
func taskLines(height int) int { return max(0, min(maxTaskLines, height/3, height-3)) }

func (t *runningTask) waits(now time.Time) bool { return t.waiting.After(now) }

// taskLine shows a running task: its name, for how long it has been running or
// has to wait, and the last line that it printed.
func (v *liveView) taskLine(t *runningTask, now time.Time, width, nameWidth int) string {
	l := newLiveLine(v.env, width)
	fact := ""
	if t.waits(now) {
		l.add(yellow, graph.Glyph(heitan.TaskRetryWaiting)+" ")
		fact = "in " + elapsed(t.waiting.Sub(now))
	} else {
		l.add(cyan, graph.Glyph(heitan.TaskRunning)+" ")
		if !t.since.IsZero() {
			fact = elapsed(max(0, now.Sub(t.since)))
		}
	}
	l.add(plain, padRight(cutLeft(v.short(t.fullName), nameWidth), nameWidth))
	l.add(plain, fmt.Sprintf("  %*s", factWidth, fact))
	if t.lastLine != "" {
		l.add(gray, "  "+visible(t.lastLine))
	}
	return l.String()
}

// statusLine counts the tasks. A narrow terminal gets less of it. It leaves a
// little room behind it, for the ^C that the terminal prints there.
func (v *liveView) statusLine(now time.Time, width, running, waiting int) string {
	p := v.progress
	count := fmt.Sprintf("%d/%d", p.done, p.total)
	facts := []liveFact{
		{red, counted(p.failed, "failed"), 1},
		{gray, counted(p.skipped, "skipped"), 3},
		{gray, counted(running, "running"), 4},
		{gray, counted(waiting, "waiting"), 5},
		{gray, elapsed(max(0, now.Sub(v.began))), 2},
	}
	facts = slices.DeleteFunc(facts, func(f liveFact) bool { return f.text == "" })
	room := width - 3 - columns(count)
	for _, f := range facts {
		room -= f.width()
	}
	for room < 0 && len(facts) > 0 {
		least := slices.MaxFunc(facts, func(a, b liveFact) int { return cmp.Compare(a.rank, b.rank) })
		room += least.width()
		facts = slices.DeleteFunc(facts, func(f liveFact) bool { return f == least })
	}
	l := newLiveLine(v.env, width)
	if cells := min(maxBar, room-1); cells >= minBar {
		l.add(green, bar(p.done, p.total, cells))
		l.add(plain, " ")
	}
	l.add(bold, count)
	for _, f := range facts {
		l.add(plain, "  ")
		l.add(f.color, f.text)
	}
	return l.String()
}

// liveFact is a part of the status line.
type liveFact struct {
	color color
	text  string
	rank  int // those with the highest are left out first
}

func (f liveFact) width() int { return 2 + columns(f.text) }

func counted(n int, what string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d %s", n, what)
}

// bar shows done of total in cells.
func bar(done, total, cells int) string {
	full := done * cells / max(total, 1)
	return strings.Repeat("▰", full) + strings.Repeat("▱", cells-full)
}
