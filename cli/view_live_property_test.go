package cli

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
)

// Whatever tasks print, and however large the terminal is, the view writes only what
// the model of a terminal knows, never moves above the screen, keeps its frame to
// the lines it has, and leaves nothing of it behind.
func TestTheViewFitsAnyTerminal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		term := newTerminal(t, rapid.IntRange(2, 120).Draw(rt, "width"), rapid.IntRange(1, 40).Draw(rt, "height"))
		now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		v := &liveView{
			env:      Env{Terminal: true, Stdout: term, Size: term.size, Now: func() time.Time { return now }},
			progress: newProgress(), began: now, screen: &liveScreen{to: term, size: term.size},
			stop: make(chan struct{}), known: make(map[taskRef]liveTask), styles: make(map[taskRef]string),
		}
		names := []string{"", "+a", "+集計", "+a-very-long-name-of-a-task^sub+loop-12", "+b"}
		states := []heitan.TaskState{heitan.TaskReady, heitan.TaskRunning, heitan.TaskRetryWaiting, heitan.TaskSuccess, heitan.TaskError, heitan.TaskCanceled}
		text := rapid.StringOf(rapid.RuneFrom([]rune("ab 語é\t\r\x07\x1b[]m;31HJK?\u009b\u0301👍")))
		for range rapid.IntRange(1, 30).Draw(rt, "events") {
			i := rapid.IntRange(0, len(names)-1).Draw(rt, "task")
			ref := taskRef{id: heitan.TaskID(i + 1), fullName: "+wf" + names[i]}
			switch rapid.IntRange(0, 2).Draw(rt, "event") {
			case 0:
				task := engine.Task{ID: ref.id, FullName: ref.fullName, Group: i == 0, Started: now, Updated: now}
				if i > 0 {
					task.Parent = 1
				}
				task.State = rapid.SampledFrom(states).Draw(rt, "state")
				v.progress.change(task)
				v.changed(v.progress, []engine.Task{task})
			case 1:
				v.output(ref, []byte(text.Draw(rt, "line")+"\n"))
			case 2:
				v.log("a message")
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 5000).Draw(rt, "ms")) * time.Millisecond)
			if v.due(now) {
				v.draw(now)
			}
			if lines := len(v.screen.lines); lines > term.height {
				rt.Fatalf("the frame has %d lines on %d rows", lines, term.height)
			}
		}
		v.close()
		v.log("the end")
		if last := term.rows[max(0, term.row-1)]; term.width > 8 && term.height > 1 && strings.Join(last, "") != "the end" {
			rt.Fatalf("the last line is %q", last)
		}
		if term.column != 0 {
			rt.Fatalf("the cursor is left in column %d", term.column)
		}
		if t.Failed() {
			rt.Fatal(fmt.Sprintf("%d x %d", term.width, term.height))
		}
	})
}
