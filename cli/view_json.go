package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/local"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

// jsonView writes events as JSON, one on a line.
type jsonView struct {
	to    io.Writer
	now   func() time.Time
	begun bool // the session event is written
}

// runEvent is one line of `heitan run --json`. Fields that do not apply are left out.
type runEvent struct {
	Time  time.Time `json:"time"`
	Event string    `json:"event"` // session, task, output, log, end

	Task  string `json:"task,omitempty"` // full name
	State string `json:"state,omitempty"`
	Line  string `json:"line,omitempty"` // of output and log

	Skipped    bool           `json:"skipped,omitempty"`
	Retries    int            `json:"retries,omitempty"`
	RetryAt    *time.Time     `json:"retry_at,omitempty"`
	Error      *params.Object `json:"error,omitempty"`
	At         string         `json:"at,omitempty"` // file:line:column
	CPUSeconds float64        `json:"cpu_seconds,omitempty"`
	PeakMemory int64          `json:"peak_memory_bytes,omitempty"`

	Workflow    string `json:"workflow,omitempty"`
	SessionTime string `json:"session_time,omitempty"`
	SessionID   int64  `json:"session_id,omitempty"`
	AttemptID   int64  `json:"attempt_id,omitempty"`
	Continued   bool   `json:"continued,omitempty"`
	Finished    int    `json:"finished,omitempty"` // tasks that earlier runs have finished

	Success *bool `json:"success,omitempty"`
	Total   int   `json:"tasks,omitempty"`
	Failed  int   `json:"failed,omitempty"`
}

func newJSONView(env Env) *jsonView { return &jsonView{to: env.Stdout, now: env.Now} }

func (v *jsonView) write(e runEvent) {
	e.Time = v.now()
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err == nil {
		_, _ = v.to.Write(line.Bytes())
	}
}

// began writes which attempt of which session runs, before all else about it.
func (v *jsonView) began(s *local.Started, a store.Attempt) {
	if s == nil || v.begun {
		return
	}
	v.begun = true
	v.write(runEvent{
		Event: "session", Workflow: s.Workflow.Name, SessionTime: sessionISO(s),
		SessionID: int64(a.Session.ID), AttemptID: int64(a.ID), Continued: s.Continued, Finished: s.Finished,
	})
}

func (v *jsonView) log(line string) { v.write(runEvent{Event: "log", Line: line}) }

func (v *jsonView) output(t taskRef, lines []byte) {
	for line := range strings.Lines(string(lines)) {
		v.write(runEvent{Event: "output", Task: t.fullName, Line: strings.TrimRight(line, "\r\n")})
	}
}

func (v *jsonView) changed(_ *progress, tasks []engine.Task) {
	for _, t := range tasks {
		if t.State == heitan.TaskBlocked || t.Flags.Has(heitan.Superseded) { // nothing new of a task that a retry replaces
			continue
		}
		e := runEvent{
			Event: "task", Task: t.FullName, State: t.State.String(), Skipped: t.Flags.Has(heitan.Skipped), Retries: t.Retries,
			Error: t.Error, At: t.Pos.String(), CPUSeconds: t.Usage.CPUTime.Seconds(), PeakMemory: t.Usage.PeakMemory,
		}
		if !t.RetryAt.IsZero() {
			e.RetryAt = &t.RetryAt
		}
		v.write(e)
	}
}

func (v *jsonView) close() {}
