package workflow

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/heitan/heitan/cron"
	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
)

const fileSuffix = ".dig"

// topLevelKeys may stand at the top of a file beside its tasks.
var topLevelKeys = []string{"timezone", keyExport, "schedule", "sla", keyError, keyCheck, keyRetry, keyParallel}

// Workflow is a compiled workflow file.
type Workflow struct {
	Name string // the file's name without .dig, with its folder if it is in one
	File string // slash-separated path in the project
	// Timezone is the name of the IANA time zone, "UTC" by default, and Zone the same.
	Timezone string
	Zone     *time.Location
	Root     *Node
	Schedule *cron.Schedule // nil if there is none
	SLA      *SLA           // nil if there is none
}

// SLA is what happens when an attempt has not ended in time.
type SLA struct {
	*cron.SLA
	Task *Node // what to run then; an empty group if only notices are wanted
}

// Compile turns a loaded file into a workflow. The problems are those that make
// a push of the file fail. name may contain folders, then tasks work in there.
func Compile(name, file string, doc *params.Object) (*Workflow, diag.List) {
	c := &compiler{}
	w := &Workflow{Name: name, File: file, Timezone: "UTC", Zone: time.UTC}
	top := params.Pos{File: file, Line: 1, Column: 1}
	if wrong := CheckName(path.Base(name)); wrong != "" {
		c.problem(top, "bad-workflow-name", fmt.Sprintf("workflow name %q: %s", path.Base(name), wrong), "rename the file")
	}
	c.timezone(w, doc)
	c.topLevel(w, doc, top)
	if dir := path.Dir(name); dir != "." {
		w.Root.Config = InFolder(w.Root.Config, dir)
	}
	c.schedule(w, doc)
	c.sla(w, doc)
	c.problems.Sort()
	return w, c.problems
}

// topLevel compiles the root task, a group named after the workflow.
func (c *compiler) topLevel(w *Workflow, doc *params.Object, top params.Pos) {
	tasks, config := splitTasks(doc)
	for e := range config.Entries() {
		if !slices.Contains(topLevelKeys, e.Key) {
			c.problem(e.Pos, "unknown-key", fmt.Sprintf("Workflow '%s' includes unknown keys: [%s]", w.Name, e.Key), topLevelHint(e))
		}
	}
	w.Root = &Node{Name: "+" + w.Name, Group: true, Config: config.Without("timezone"), Pos: top}
	for _, t := range tasks {
		if strings.Contains(t.Key, "^") {
			c.problem(t.Pos, "bad-task-name", fmt.Sprintf("Task name '%s' must not contain character '^'", t.Key), "")
		}
		w.Root.Children = append(w.Root.Children, c.task(t))
	}
	c.dependencies(w.Root)
	c.handlers(w.Root)
}

func topLevelHint(e params.Entry) string {
	if hint := meantKey(e, topLevelKeys); hint != "" {
		return hint
	}
	key := e.Key
	if strings.HasSuffix(key, ">") || slices.Contains(groupKeys, key) {
		return "put it into a task: `+task:`"
	}
	return fmt.Sprintf("params stand below _export; the name of a task begins with '+': `+%s:`", strings.TrimLeft(key, "_"))
}

func (c *compiler) timezone(w *Workflow, doc *params.Object) {
	v, _ := doc.Get("timezone")
	if v == nil {
		return
	}
	name, _ := v.(string)
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		c.problem(doc.Pos("timezone"), "unknown-timezone", fmt.Sprintf("unknown time zone %s", params.JSON(v)),
			"use a name of the IANA database such as Asia/Tokyo")
		return
	}
	w.Timezone, w.Zone = name, zone
}

func (c *compiler) schedule(w *Workflow, doc *params.Object) {
	section, ok := c.section(doc, "schedule")
	if !ok {
		return
	}
	var problems diag.List
	w.Schedule, problems = cron.ParseSchedule(section, w.Zone)
	c.problems = append(c.problems, problems...)
}

func (c *compiler) sla(w *Workflow, doc *params.Object) {
	section, ok := c.section(doc, "sla")
	if !ok {
		return
	}
	sla, problems := cron.ParseSLA(section)
	c.problems = append(c.problems, problems...)
	body := section.Without(cron.SLAOptions()...)
	w.SLA = &SLA{SLA: sla, Task: c.task(params.Entry{Key: "^sla", Value: body, Pos: doc.Pos("sla")})}
}

func (c *compiler) section(doc *params.Object, key string) (*params.Object, bool) {
	v, _ := doc.Get(key)
	if v == nil {
		return nil, false
	}
	section, ok := v.(*params.Object)
	if !ok {
		c.problem(doc.Pos(key), "wrong-type", fmt.Sprintf("Expected object type for key '%s' but got a %s", key, params.Kind(v)), "")
	}
	return section, ok
}

// InFolder is the config of a file in a sub-folder: its tasks work in there.
func InFolder(config *params.Object, dir string) *params.Object {
	export, ok := config.Object(keyExport)
	if v, _ := config.Get(keyExport); v != nil && !ok {
		return config // the compiler says what is wrong
	}
	workdir := dir
	if v, ok := export.Get("_workdir"); ok && v != nil {
		workdir = path.Join(dir, textOf(v))
	}
	return config.With(keyExport, export.With("_workdir", workdir))
}

func textOf(v params.Value) string {
	if s, ok := v.(string); ok {
		return s
	}
	return params.JSON(v)
}

func sortedKeys(set map[int]bool) []int { return slices.Sorted(maps.Keys(set)) }
