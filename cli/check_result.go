package cli

import (
	"fmt"
	"time"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// checked is what `heitan check` found.
type checked struct {
	Timezone  string            `json:"system_timezone"`
	Workflows []checkedWorkflow `json:"workflows"`
	Params    *params.Object    `json:"params"`
	Problems  []checkedProblem  `json:"problems"`
}

type checkedWorkflow struct {
	Name     string   `json:"name"`
	File     string   `json:"file"`
	Tasks    int      `json:"tasks"`
	Requires []string `json:"requires,omitempty"`
	Timezone string   `json:"timezone"`

	Schedule     *params.Object `json:"schedule,omitempty"`
	FirstSession string         `json:"first_session_time,omitempty"`
	FirstRun     *time.Time     `json:"first_scheduled_at,omitempty"`
	Ended        bool           `json:"schedule_ended,omitempty"` // then both times are those of Digdag for never
}

type checkedProblem struct {
	File     string        `json:"file"`
	Line     int32         `json:"line,omitempty"`
	Column   int32         `json:"column,omitempty"`
	Severity diag.Severity `json:"severity"`
	Code     string        `json:"code"`
	Message  string        `json:"message"`
	Hint     string        `json:"hint,omitempty"`
}

func describe(w *workflow.Workflow, now time.Time) checkedWorkflow {
	d := checkedWorkflow{Name: w.Name, File: w.File, Timezone: w.Timezone, Tasks: w.Root.Size(), Requires: requires(w)}
	if w.Schedule == nil {
		return d
	}
	d.Schedule, _ = w.Root.Config.Object("schedule")
	slot := w.Schedule.First(now)
	d.FirstSession = slot.Session.In(w.Zone).Format(timeLayout)
	d.FirstRun = &slot.Run
	d.Ended = slot.Finished()
	return d
}

// requires are the workflows that tasks of the file require.
func requires(w *workflow.Workflow) []string {
	var names []string
	w.Root.Walk("", func(_ string, n *workflow.Node) {
		if v, ok := n.Config.Get("require>"); ok {
			if name, ok := v.(string); ok {
				names = append(names, name)
			}
		}
	})
	return names
}

func (c *checked) print(env Env) {
	w := env.Stdout
	fmt.Fprintf(w, "  System default timezone: %s\n\n  Definitions (%d workflows):\n", c.Timezone, len(c.Workflows))
	scheduled := 0
	for _, f := range c.Workflows {
		fmt.Fprintf(w, "    %s (%d tasks)\n", visible(f.Name), f.Tasks)
		for _, r := range f.Requires {
			fmt.Fprintf(w, "      -> %s\n", visible(r))
		}
		if f.Schedule != nil {
			scheduled++
		}
	}
	fmt.Fprintf(w, "\n  Parameters:\n%s\n\n  Schedules (%d entries):\n", indent(orBraces(yamlText(c.Params)), "    "), scheduled)
	for _, f := range c.Workflows {
		if f.Schedule == nil {
			continue
		}
		fmt.Fprintf(w, "    %s:\n%s\n", visible(f.Name), indent(yamlText(f.Schedule), "      "))
		fmt.Fprintf(w, "      first session time: %s\n", f.FirstSession)
		until := "in " + untilText(f.FirstRun.Sub(env.Now()))
		if f.Ended {
			until = "the schedule has ended"
		}
		fmt.Fprintf(w, "      first scheduled to run at: %s (%s)\n", f.FirstRun.Format(timeLayout), until)
	}
	fmt.Fprintln(w)
}

func orBraces(yaml string) string {
	if yaml == "" {
		return "{}"
	}
	return yaml
}

// untilText is a duration as Digdag shows it: 2h 3m 4s.
func untilText(d time.Duration) string {
	seconds := max(0, int64(d.Seconds()))
	text := fmt.Sprintf("%ds", seconds%60)
	if seconds >= 60 {
		text = fmt.Sprintf("%dm ", seconds/60%60) + text
	}
	if seconds >= 3600 {
		text = fmt.Sprintf("%dh ", seconds/3600) + text
	}
	return text
}
