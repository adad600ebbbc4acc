package cli

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/coordinator"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/local"
	"github.com/heitan/heitan/store"
)

// view is one way of showing a run. Its methods may be called from several
// goroutines, but are called with the printer's lock held.
type view interface {
	// log shows one of heitan's own messages.
	log(line string)
	// output shows complete lines that a task printed.
	output(t taskRef, lines []byte)
	// changed is told of tasks whose state changed.
	changed(p *progress, tasks []engine.Task)
	// close ends the view, before the verdict is shown.
	close()
}

// taskRef names a task in what is shown.
type taskRef struct {
	id       heitan.TaskID
	fullName string
}

// printer shows a run: it follows the tasks' states, keeps the last lines that
// each printed, and tells a view. It is the coordinator's observer.
type printer struct {
	env     Env
	options *runOptions
	level   slog.Level
	logFile *os.File // of -L, or nil

	mu       sync.Mutex
	view     view
	started  *local.Started // once the session is chosen
	progress *progress
	tails    map[string]*tail // last lines of tasks, by full name
}

func newPrinter(env Env, o *runOptions, level slog.Level) (*printer, error) {
	logFile, err := o.common.openLog(env)
	if err != nil {
		return nil, err
	}
	p := &printer{env: env, options: o, level: level, logFile: logFile, progress: newProgress(), tails: make(map[string]*tail)}
	switch {
	case o.json:
		p.view = newJSONView(env)
	case env.Terminal:
		p.view = newLiveView(env, &p.mu, p.progress)
	default:
		p.view = plainView{to: env.Stdout}
	}
	if !o.json {
		env.banner()
	}
	return p, nil
}

// close ends the view, if it has not been ended.
func (p *printer) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.view.close()
	if p.logFile != nil {
		p.logFile.Close()
		p.logFile = nil
	}
}

// logger writes messages about heitan itself.
func (p *printer) logger() *slog.Logger {
	return slog.New(&lineHandler{
		write: p.writeLog, level: p.level,
		component: !p.env.Terminal, millis: p.logFile != nil, colored: p.env.colors() && p.logFile == nil,
	})
}

func (p *printer) writeLog(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.logFile != nil {
		fmt.Fprintln(p.logFile, line)
		return
	}
	p.view.log(line)
}

// openTaskLog opens what one invocation of an operator writes to.
func (p *printer) openTaskLog(a store.Attempt, t engine.Task) (coordinator.TaskLog, error) {
	thread := fmt.Sprintf("%04d@[0:%s:%d:%d]%s", t.ID, a.Project.Name, a.Session.ID, a.ID, t.FullName)
	l := &taskLog{printer: p, task: taskRef{id: t.ID, fullName: t.FullName}}
	handler := p.logger().Handler()
	if p.options.taskLog != "" {
		file, err := createTaskFile(p.env.Path(p.options.taskLog), a, t, p.env.Now())
		if err != nil {
			return nil, err
		}
		l.file = file
		handler = slog.NewMultiHandler(handler, &lineHandler{
			write: func(line string) { _, _ = file.Write([]byte(line + "\n")) }, level: p.level, component: true, millis: true,
		})
	}
	l.logger = slog.New(handler).With(threadKey, thread)
	return l, nil
}

// TasksChanged follows the states of tasks.
func (p *printer) TasksChanged(a store.Attempt, tasks []engine.Task) {
	p.mu.Lock()
	if v, ok := p.view.(*jsonView); ok {
		v.began(p.started, a)
	}
	var skipped []string
	for _, t := range tasks {
		if p.progress.change(t) {
			skipped = append(skipped, t.FullName)
		}
		if t.State == heitan.TaskSuccess || t.State == heitan.TaskCanceled {
			delete(p.tails, t.FullName)
		}
	}
	p.view.changed(p.progress, tasks)
	p.mu.Unlock()
	for _, name := range skipped {
		p.logger().Warn("Skipped", threadKey, name)
	}
}

// AttemptEnded is not needed: the command waits for the end itself.
func (p *printer) AttemptEnded(store.Attempt, heitan.AttemptFlags) {}

// problems shows warnings about the workflow files.
func (p *printer) problems(list diag.List) {
	if len(list) > 0 {
		_ = diag.Write(p.env.Stderr, list, p.env.source, p.env.diagStyle())
	}
}

// began says which session is about to run.
func (p *printer) began(s *local.Started) {
	p.mu.Lock()
	p.started = s
	p.mu.Unlock()
	log := p.logger()
	if s.Session.Notice != "" {
		log.Warn(s.Session.Notice) //nolint:sloglint // Digdag's words, with the time in them
	}
	log.Info("Using session " + sessionISO(s) + ".") //nolint:sloglint // Digdag's words
	if s.Continued {
		log.Warn("An earlier run of this session has not finished; what it finished is not run again")
	}
}

func sessionISO(s *local.Started) string {
	return s.Session.Time.In(s.Workflow.Zone).Format("2006-01-02T15:04:05-07:00")
}

// tailLines is how many of a task's last lines are kept for a failure's report.
const tailLines = 10

// tail keeps the last lines of a task's output.
type tail struct{ lines []string }

func (t *tail) add(line string) {
	if len(t.lines) == tailLines {
		copy(t.lines, t.lines[1:])
		t.lines = t.lines[:tailLines-1]
	}
	t.lines = append(t.lines, line)
}

// plainView writes everything to one writer, as Digdag does.
type plainView struct{ to io.Writer }

func (v plainView) log(line string)                  { fmt.Fprintln(v.to, line) }
func (v plainView) output(_ taskRef, lines []byte)   { _, _ = v.to.Write(lines) }
func (v plainView) changed(*progress, []engine.Task) {}
func (v plainView) close()                           {}
