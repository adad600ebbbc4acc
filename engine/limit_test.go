package engine_test

import (
	"strings"
	"testing"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
)

// limited are scenes under limits of their own.
func limited(t *testing.T, tasks, depth int, scenes []scene) {
	t.Helper()
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.play(run(t, s.file, atMost(tasks, depth)))
		})
	}
}

func TestSubmissionOverTheTaskLimitIsRefused(t *testing.T) {
	t.Parallel()
	root := compile(t, "+a: {echo>: a}\n+g: {+b: {echo>: b}}")
	for limit, want := range map[int]string{
		3: "Too many tasks. Limit: 3, Current: 0, Adding: 4",
		4: "",
	} {
		_, _, err := engine.New(root, engine.Definition{Limits: engine.Limits{Tasks: limit, Depth: 10}}, curtain)
		if message(err) != want {
			t.Errorf("limit %d gives %q, want %q", limit, message(err), want)
		}
	}
}

func TestSubmissionOverTheDepthLimitIsRefused(t *testing.T) {
	t.Parallel()
	root := compile(t, "+g: {+h: {+b: {echo>: b}}}")
	for limit, want := range map[int]string{
		2: "Tasks are nested too deeply. Limit: 2",
		3: "",
	} {
		_, _, err := engine.New(root, engine.Definition{Limits: engine.Limits{Tasks: 10, Depth: limit}}, curtain)
		if message(err) != want {
			t.Errorf("limit %d gives %q, want %q", limit, message(err), want)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestTaskLimit(t *testing.T) {
	t.Parallel()
	limited(t, 4, 10, []scene{
		{"subtasks that fill the limit are added", `+a: {call>: x}`, func(p *play) {
			p.generates("+wf+a", `{+x: {echo>: x}}`).count("+wf+a^sub+x", 1)
		}},
		{"subtasks over the limit fail their task", `+a: {call>: x}`, func(p *play) {
			p.generates("+wf+a", `{+x: {echo>: x}, +y: {echo>: y}}`).is(heitan.TaskError, "+wf+a").count("+wf+a^sub", 0)
			diff(p.t, "error", "Too many tasks. Limit: 4, Current: 2, Adding: 3 (task limit exceeded)", p.errorOf("+wf+a"))
		}},
		{"subtasks and check are added together or not at all", `+a: {call>: x, _check: {echo>: c}}`, func(p *play) {
			p.generates("+wf+a", `{+x: {echo>: x}}`).is(heitan.TaskError, "+wf+a").count("+wf+a^sub", 0)
			diff(p.t, "error", "Too many tasks. Limit: 4, Current: 2, Adding: 3 (task limit exceeded)", p.errorOf("+wf+a"))
		}},
		{"an _error task over the limit is left out with a warning", `
+a: {echo>: a}
+b: {fail>: b, _error: {+x: {echo>: x}}}`, func(p *play) {
			p.succeed("+wf+a").fail("+wf+b", "b").is(heitan.TaskError, "+wf+b")
			p.warns("+wf+b: the ^error task is left out: Too many tasks. Limit: 4, Current: 3, Adding: 2")
		}},
		{"the alert is sent in spite of the limit", `
+a: {echo>: a}
+b: {echo>: b}
+c: {fail>: c}`, func(p *play) {
			p.succeed("+wf+a", "+wf+b").fail("+wf+c", "c").does("dispatch +wf^failure-alert")
			p.succeed("+wf^failure-alert").is(heitan.TaskSuccess, "+wf^failure-alert").ends("error")
		}},
		{"copies of a retried group count", `+g: {_retry: 2, +a: {fail>: a}}`, func(p *play) {
			p.fail("+wf+g+a", "a").elapse(0).fail("+wf+g+a", "a").elapse(0)
			p.warns("+wf+g: it is not run again: Too many tasks. Limit: 4, Current: 4, Adding: 1")
			p.is(heitan.TaskGroupError, "+wf+g").is(heitan.TaskReady, "+wf^failure-alert")
		}},
		{"a group that cannot be retried runs its handler if that fits", `+g: {_retry: 1, _error: {echo>: e}, +a: {fail>: a, _error: {echo>: e}}}`, func(p *play) {
			p.fail("+wf+g+a", "a").succeed("+wf+g+a^error").elapse(0)
			p.warns("+wf+g: it is not run again: Too many tasks. Limit: 4, Current: 4, Adding: 1",
				"+wf+g: the ^error task is left out: Too many tasks. Limit: 4, Current: 4, Adding: 1")
			p.is(heitan.TaskGroupError, "+wf+g")
		}},
		{"an operator that is run again and exceeds the limit fails", `+a: {call>: x, _retry: 1}`, func(p *play) {
			p.generates("+wf+a", `{+x: {fail>: x}}`).fail("+wf+a^sub+x", "x").elapse(0)
			p.generates("+wf+a", `{+x: {echo>: x}}`).is(heitan.TaskError, "+wf+a")
		}},
	})
}

func TestDepthLimit(t *testing.T) {
	t.Parallel()
	limited(t, 1000, 3, []scene{
		{"subtasks that reach the limit are added", `+a: {call>: x}`, func(p *play) {
			p.generates("+wf+a", `{+x: {echo>: x}}`).is(heitan.TaskReady, "+wf+a^sub+x")
		}},
		{"subtasks beyond the limit fail their task, however deep in the body they are", `+a: {call>: x}`, func(p *play) {
			p.generates("+wf+a", `{+x: {echo>: x}, +y: {+z: {echo>: z}}}`).is(heitan.TaskError, "+wf+a")
			diff(p.t, "error", "Tasks are nested too deeply. Limit: 3 (task limit exceeded)", p.errorOf("+wf+a"))
		}},
		{"a file that calls itself ends", `+a: {call>: wf}`, func(p *play) {
			name := "+wf+a"
			for p.task(name).State == heitan.TaskReady {
				p.generates(name, `{call>: wf}`)
				if p.task(name).State == heitan.TaskPlanned {
					name += "^sub"
				}
			}
			if depth := strings.Count(name, "^sub"); depth != 2 {
				p.t.Errorf("it called itself %d times", depth)
			}
			p.is(heitan.TaskError, name)
		}},
	})
}
