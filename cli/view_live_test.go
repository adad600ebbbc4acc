package cli

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

// liveRun drives the printer of a run on a model of a terminal, in a bubble where
// time is the test's own.
type liveRun struct {
	*testing.T
	terminal *terminal
	printer  *printer
	tasks    map[string]engine.Task
}

// watch runs a test of the live view.
func watch(t *testing.T, width, height int, environ []string, test func(r *liveRun)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		term := newTerminal(t, width, height)
		p, err := newPrinter(Env{
			Environ: environ, Stdout: term, Stderr: term, Terminal: true, Size: term.size,
			Now: func() time.Time { return time.Now().UTC() },
		}, &runOptions{common: &commonOptions{}}, slog.LevelWarn)
		if err != nil {
			t.Fatal(err)
		}
		defer p.close()
		p.mu.Lock()
		*term = *newTerminal(t, width, height) // without the banner
		p.mu.Unlock()
		test(&liveRun{T: t, terminal: term, printer: p, tasks: make(map[string]engine.Task)})
	})
}

// change tells the printer of one more state of a task below +wf.
func (r *liveRun) change(name string, state heitan.TaskState, edits ...func(*engine.Task)) {
	fullName := "+wf" + name
	t, known := r.tasks[fullName]
	if !known {
		t = engine.Task{ID: heitan.TaskID(len(r.tasks) + 1), FullName: fullName, Group: name == ""}
		if name != "" {
			t.Parent = 1
		}
	}
	now := time.Now()
	if state == heitan.TaskRunning && t.Started.IsZero() {
		t.Started = now
	}
	t.State, t.Updated = state, now
	for _, edit := range edits {
		edit(&t)
	}
	r.tasks[fullName] = t
	r.printer.TasksChanged(store.Attempt{}, []engine.Task{t})
}

// begin makes the workflow and its tasks known, as a submission does.
func (r *liveRun) begin(names ...string) {
	r.change("", heitan.TaskPlanned)
	for _, name := range names {
		r.change(name, heitan.TaskBlocked)
	}
}

func (r *liveRun) run(name string) {
	r.change(name, heitan.TaskReady)
	r.change(name, heitan.TaskRunning)
}

// print lets a task print.
func (r *liveRun) print(name, text string) {
	log, err := r.printer.openTaskLog(store.Attempt{}, r.tasks["+wf"+name])
	if err != nil {
		r.Fatal(err)
	}
	if _, err := log.Write([]byte(text)); err != nil {
		r.Fatal(err)
	}
	if err := log.Close(); err != nil {
		r.Fatal(err)
	}
}

// after lets time pass, and what is due be drawn.
func (r *liveRun) after(d time.Duration) {
	func() { // what the test has read was read before the next frame
		r.printer.mu.Lock()
		defer r.printer.mu.Unlock()
	}()
	time.Sleep(d)
	synctest.Wait()
}

// sees compares what is on the screen.
func (r *liveRun) sees(want string) {
	r.Helper()
	if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), r.terminal.screen()); diff != "" {
		r.Errorf("the screen differs (-want +got):\n%s", diff)
	}
}

func failedWith(message string) func(*engine.Task) {
	return func(t *engine.Task) { t.Error = params.Of("message", message) }
}

func TestARunningTaskHasALineWithItsTimeAndItsLastOutput(t *testing.T) {
	t.Parallel()
	watch(t, 60, 12, nil, func(r *liveRun) {
		r.begin("+load", "+show")
		r.run("+load")
		r.print("+load", "10 rows\n20 rows\n")
		r.after(2500 * time.Millisecond)
		r.sees(`
10 rows
20 rows
▸ +load     2.5s  20 rows
▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱ 0/2  1 running  2.5s`)
		r.change("+load", heitan.TaskSuccess)
		r.run("+show")
		r.after(time.Second)
		r.sees(`
10 rows
20 rows
✓ +load  2.5s
▸ +show     1.0s
▰▰▰▰▰▰▰▰▰▰▰▰▱▱▱▱▱▱▱▱▱▱▱▱ 1/2  1 running  3.5s`)
	})
}

func TestWhatTasksPrintAtTheSameTimeIsToldApart(t *testing.T) {
	t.Parallel()
	watch(t, 60, 12, nil, func(r *liveRun) {
		r.begin("+a", "+long")
		r.run("+a")
		r.run("+long")
		r.print("+a", "one\n")
		r.print("+long", "two\n")
		r.after(time.Second)
		r.sees(`
+a    | one
+long | two
▸ +a        1.0s  one
▸ +long     1.0s  two
▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱ 0/2  2 running  1.0s`)
	})
}

func TestFailuresAndRetriesAreShownAsTheyHappen(t *testing.T) {
	t.Parallel()
	watch(t, 60, 12, nil, func(r *liveRun) {
		r.begin("+load")
		r.run("+load")
		r.after(time.Second)
		r.change("+load", heitan.TaskRetryWaiting, func(t *engine.Task) { t.Retries, t.RetryAt = 1, time.Now().Add(5*time.Second) })
		r.after(time.Second)
		r.sees(`
↻ +load  retry 1 in 5.0s
↻ +load  in 4.0s
▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱ 0/1  1 waiting  2.0s`)
		r.run("+load")
		r.after(time.Second)
		r.change("+load", heitan.TaskError, failedWith("Command failed with code 7\nand more"))
		r.after(time.Second)
		r.sees(`
↻ +load  retry 1 in 5.0s
✗ +load  3.0s  Command failed with code 7
▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰ 1/1  1 failed  4.0s`)
	})
}

func TestATaskThatGeneratedOthersEndsAfterThem(t *testing.T) {
	t.Parallel()
	watch(t, 60, 12, nil, func(r *liveRun) {
		r.begin("+each", "+each^sub+one")
		r.run("+each")
		r.change("+each", heitan.TaskPlanned)
		r.run("+each^sub+one")
		r.after(time.Second)
		each, one := r.tasks["+wf+each"], r.tasks["+wf+each^sub+one"]
		each.State, one.State, one.Parent = heitan.TaskSuccess, heitan.TaskSuccess, each.ID
		r.printer.TasksChanged(store.Attempt{}, []engine.Task{each, one})
		r.after(time.Second)
		r.sees(`
✓ +each^sub+one  0.0s
✓ +each  0.0s
▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰ 2/2  2.0s`)
	})
}

func TestAGroupIsTriedAgainAfterItsTaskHasFailed(t *testing.T) {
	t.Parallel()
	watch(t, 60, 12, nil, func(r *liveRun) {
		r.begin()
		r.change("+names", heitan.TaskPlanned, func(t *engine.Task) { t.Group = true })
		r.run("+names+fetch")
		names, fetch := r.tasks["+wf+names"], r.tasks["+wf+names+fetch"]
		names.Retries, names.State = 1, heitan.TaskGroupRetryWaiting
		names.RetryAt = names.Updated.Add(5 * time.Second)
		fetch.State, fetch.Error, fetch.Parent = heitan.TaskError, params.Of("message", "no"), names.ID
		r.printer.TasksChanged(store.Attempt{}, []engine.Task{names, fetch})
		r.after(time.Second)
		r.sees(`
✗ +names+fetch  0.0s  no
↻ +names  retry 1 in 5.0s
↻ +names  in 4.0s
▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰ 1/1  1 failed  1 waiting  1.0s`)
		r.change("+names", heitan.TaskPlanned)
		r.after(time.Second)
		r.sees(`
✗ +names+fetch  0.0s  no
↻ +names  retry 1 in 5.0s
▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰ 1/1  1 failed  2.0s`)
	})
}

func TestNothingOfTheFrameIsLeftAtTheEnd(t *testing.T) {
	t.Parallel()
	watch(t, 40, 12, nil, func(r *liveRun) {
		r.begin("+load")
		r.run("+load")
		r.print("+load", "done\nhalf a line")
		r.after(time.Second)
		r.printer.close()
		r.printer.logger().Warn("later")
		r.sees(`
done
half a line
` + "2000-01-01 00:00:01 +0000 [WARN] (main):\n later")
		if r.terminal.column != 0 {
			r.Errorf("the cursor is left in column %d", r.terminal.column)
		}
	})
}

func TestANarrowTerminalGetsLess(t *testing.T) {
	t.Parallel()
	watch(t, 20, 12, nil, func(r *liveRun) {
		r.begin("+load-everything", "+show")
		r.run("+load-everything")
		r.print("+load-everything", "reading\n")
		r.after(1500 * time.Millisecond)
		r.sees(`
reading
▸ ...thing     1.5s
▱▱▱▱▱▱▱ 0/2  1.5s`)
	})
}

func TestLinesAreCutAtTheColumnsThatWideCharactersTake(t *testing.T) {
	t.Parallel()
	watch(t, 30, 12, nil, func(r *liveRun) {
		r.begin("+集計")
		r.run("+集計")
		r.print("+集計", "売上の集計をしています。お待ちください\n")
		r.after(time.Second)
		r.sees(`
売上の集計をしています。お待ち
ください
▸ +集計     1.0s  売上の集...
▱▱▱▱▱▱ 0/1  1 running  1.0s`)
	})
}

func TestTasksCannotMoveTheCursorOrRingTheBell(t *testing.T) {
	t.Parallel()
	watch(t, 60, 12, nil, func(r *liveRun) {
		r.begin("+a")
		r.run("+a")
		r.print("+a", "\x1b[2J\x1b[Hclear\n\x07\x08bell\n\x1b]0;title\x07title\n10%\r20%\r30%\n\x1b[31mred\x1b[0m\n\xffbad\nend\x1b[")
		r.after(time.Second)
		r.sees(`
clear
bell
title
30%
red
` + "\uFFFDbad" + `
end
▸ +a     1.0s  end
▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱ 0/1  1 running  1.0s`)
		if !strings.Contains(r.terminal.raw.String(), "\x1b[31mred\x1b[0m") {
			r.Error("the task's colours are lost")
		}
	})
}

func TestAColourThatATaskLeavesOnGoesOnInItsNextLineOnly(t *testing.T) {
	t.Parallel()
	watch(t, 60, 12, nil, func(r *liveRun) {
		r.begin("+a", "+b")
		r.run("+a")
		r.run("+b")
		r.print("+a", "\x1b[31mone\n")
		r.print("+b", "two\n")
		r.print("+a", "three\x1b[m four\n")
		r.after(time.Second)
		raw := r.terminal.raw.String()
		for _, want := range []string{"\x1b[31mone\x1b[0m\n", " two\n", "\x1b[31mthree\x1b[m four\x1b[0m\n"} {
			if !strings.Contains(raw, want) {
				r.Errorf("%q is not in %q", want, raw)
			}
		}
	})
}

func TestNO_COLORMeansNoColours(t *testing.T) {
	t.Parallel()
	watch(t, 60, 12, []string{"NO_COLOR=1"}, func(r *liveRun) {
		r.begin("+a")
		r.run("+a")
		r.print("+a", "\x1b[31mred\x1b[0m\n")
		r.after(time.Second)
		r.change("+a", heitan.TaskError, failedWith("no"))
		r.printer.close()
		for _, sequence := range strings.Split(r.terminal.raw.String(), "\x1b[")[1:] {
			if end := strings.IndexFunc(sequence, func(c rune) bool { return c >= '@' }); sequence[end] == 'm' {
				r.Errorf("a colour was written: %q", sequence[:end+1])
			}
		}
	})
}

func TestAThousandTasksLeaveRoomForTheirOutput(t *testing.T) {
	t.Parallel()
	watch(t, 80, 24, nil, func(r *liveRun) {
		names := make([]string, 1000)
		for i := range names {
			names[i] = fmt.Sprintf("+t%03d", i)
		}
		r.begin(names...)
		for _, name := range names {
			r.run(name)
		}
		r.print("+t500", "hello\n")
		r.after(2 * time.Second)
		r.sees(`
+t500 | hello
▸ +t000     2.0s
▸ +t001     2.0s
▸ +t002     2.0s
▸ +t003     2.0s
▸ +t004     2.0s
▸ +t005     2.0s
▸ +t006     2.0s
▸ +t007     2.0s
  ... and 992 more
▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱ 0/1000  1000 running  2.0s`)
	})
}

func TestAFlatTerminalShowsTheCountOnly(t *testing.T) {
	t.Parallel()
	for height := 1; height <= 3; height++ {
		watch(t, 60, height, nil, func(r *liveRun) {
			r.begin("+a", "+b")
			r.run("+a")
			r.run("+b")
			r.print("+a", "hello\n")
			r.after(time.Second)
			last := r.terminal.screen()
			last = last[strings.LastIndexByte(last, '\n')+1:]
			if want := "▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱ 0/2  2 running  1.0s"; last != want {
				r.Errorf("height %d: got %q", height, last)
			}
		})
	}
}

func TestTheFrameSurvivesAResize(t *testing.T) {
	t.Parallel()
	watch(t, 60, 12, nil, func(r *liveRun) {
		r.begin("+a", "+b")
		r.run("+a")
		r.run("+b")
		r.print("+a", "a long line of output is here to be cut\n")
		r.after(time.Second)
		for _, width := range []int{25, 50, 21, 60} {
			r.printer.mu.Lock()
			r.terminal.resize(width, 12)
			r.printer.mu.Unlock()
			r.after(time.Second)
			screen := r.terminal.screen()
			if strings.Count(screen, "▸") != 2 || strings.Count(screen, "0/2") != 1 || strings.Count(screen, "... and") != 0 {
				r.Errorf("%d columns:\n%s", width, screen)
			}
		}
		if seen := strings.Join(r.terminal.scrolled, "") + r.terminal.screen(); !strings.Contains(strings.ReplaceAll(seen, "\n", ""), "+a | a long line of output") {
			r.Errorf("output was lost:\n%s", seen)
		}
	})
}

func TestNoLineOfOutputIsLost(t *testing.T) {
	t.Parallel()
	watch(t, 30, 6, nil, func(r *liveRun) {
		r.begin("+a", "+b")
		r.run("+a")
		r.run("+b")
		var want []string
		for i := range 5000 {
			r.print([]string{"+a", "+b"}[i%2], fmt.Sprintf("line %d\n", i))
			want = append(want, fmt.Sprintf("%s | line %d", []string{"+a", "+b"}[i%2], i))
			if i%700 == 0 {
				r.after(50 * time.Millisecond)
			}
		}
		r.after(time.Second)
		r.printer.close()
		var got []string
		for _, line := range append(r.terminal.scrolled, strings.Split(r.terminal.screen(), "\n")...) {
			if strings.Contains(line, " | line") {
				got = append(got, strings.TrimRight(line, " "))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			r.Errorf("lines differ:\n%.2000s", diff)
		}
		if r.terminal.writes > 100 {
			r.Errorf("5000 lines took %d writes", r.terminal.writes)
		}
	})
}

// A frame that is cleared before it is drawn again flickers: each comes in one
// write, and one that has not changed is not drawn at all.
func TestFramesDoNotFlicker(t *testing.T) {
	t.Parallel()
	watch(t, 60, 12, nil, func(r *liveRun) {
		r.begin("+a", "+b")
		r.run("+a")
		r.run("+b")
		r.after(20 * time.Second) // from here on seconds are shown
		before, already := r.terminal.writes, r.terminal.raw.Len()
		r.after(10 * time.Second)
		if writes := r.terminal.writes - before; writes > 11 {
			r.Errorf("10 seconds in which 10 frames differ took %d writes", writes)
		}
		if raw := r.terminal.raw.String()[already:]; strings.Contains(raw, "\x1b[J") {
			r.Errorf("the frame was cleared: %q", raw)
		}
	})
}

func TestWhatEarlierRunsHaveDoneIsCountedAsSkipped(t *testing.T) {
	t.Parallel()
	watch(t, 70, 12, nil, func(r *liveRun) {
		r.begin("+a", "+b", "+c")
		r.change("+a", heitan.TaskSuccess, func(t *engine.Task) { t.Flags |= heitan.Skipped })
		r.run("+b")
		r.after(time.Second)
		r.sees(`
2000-01-01 00:00:00 +0000 [WARN] (+wf+a): Skipped
▸ +b     1.0s
▰▰▰▰▰▰▰▰▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱ 1/3  1 skipped  1 running  1.0s`)
	})
}
