package workflow

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
)

// Linter finds what Digdag finds only when a task runs, or never.
type Linter struct {
	// Files are the project's, to see whether called files exist; nil leaves that out.
	Files fs.FS
	// Workflows are the names of the project's workflows.
	Workflows []string
	// Operators are the names of the operators there are, and IsOperator finds those
	// that are not in the list; both nil leaves that out.
	Operators  []string
	IsOperator func(name string) bool
	// Instead is what does the work of an operator of the list that heitan does not
	// have, or ""; nil leaves that out.
	Instead func(name string) string
	// Templates says what is wrong with the templates in a text; nil leaves that out.
	Templates func(text string) []TemplateProblem
	// IgnoresRetry reports whether `_retry` does not repeat an operator; nil leaves
	// that out.
	IgnoresRetry func(name string) bool
}

// TemplateProblem is what is wrong with a template, and what may help, or "".
type TemplateProblem struct{ Message, Hint string }

// Lint returns the problems of a workflow that compiled.
func (l Linter) Lint(w *Workflow) diag.List {
	run := linting{Linter: l, called: make(map[string]bool)}
	run.node(w.Root, "")
	if w.SLA != nil {
		run.node(w.SLA.Task, "")
	}
	run.problems.Sort()
	return run.problems
}

type linting struct {
	Linter
	problems diag.List
	called   map[string]bool // files that were looked into
}

func (l *linting) report(severity diag.Severity, pos params.Pos, code, message, hint string) {
	l.problems = append(l.problems, diag.Diagnostic{Pos: pos, Severity: severity, Code: code, Message: message, Hint: hint})
}

// ReservedKeys are the keys that have a meaning on every operator's task.
func ReservedKeys() []string {
	return []string{
		keyType, keyCommand, keyDo, keyElseDo, keyExport, keyRetry, keyError, keyCheck, keyParallel, keyBackground, keyAfter,
		keyDisable, keySecrets, "_env", "_workdir",
	}
}

// node looks at a node and all below it. dir is the folder its tasks work in; it
// may hold a template.
func (l *linting) node(n *Node, dir string) {
	dir = workdir(n.Export(), dir)
	if n.Group {
		l.group(n)
	} else {
		l.operatorTask(n, workdir(n.Config, dir))
	}
	l.optionsOf(n.Config, keyRetry, retryOptions)
	l.optionsOf(n.Config, keyParallel, parallelOptions)
	l.templates(n.Config)
	for _, key := range []string{keyDo, keyElseDo, keyError, keyCheck} {
		l.generated(n, key, dir)
	}
	for _, c := range n.Children {
		l.node(c, dir)
	}
}

// optionsOf warns about the keys of a setting that is a map which mean nothing.
func (l *linting) optionsOf(config *params.Object, setting string, known []string) {
	options, _ := config.Object(setting)
	for e := range options.Entries() {
		if !slices.Contains(known, e.Key) {
			l.report(diag.Warning, e.Pos, "unknown-key", fmt.Sprintf("%s has no meaning in %s", e.Key, setting), diag.DidYouMean(e.Key, known))
		}
	}
}

// workdir is the `_workdir` among some params, or the inherited one.
func workdir(o *params.Object, inherited string) string {
	v, _ := o.Get("_workdir")
	if text, ok := v.(string); ok {
		return text
	}
	return inherited
}

func (l *linting) group(n *Node) {
	if _, ok := n.Check(); ok {
		l.report(diag.Warning, n.Config.Pos(keyCheck), "ignored-key",
			"_check has an effect on operator tasks only; on a group it is ignored", "put it on the group's last task")
	}
	if v, ok := n.Config.Get(keyRetry); ok {
		if _, err := ParseRetry(v); err != nil {
			hint := ""
			if params.HasTemplate(v) {
				hint = "the _retry of a group is never evaluated"
			}
			l.report(diag.Warning, n.Config.Pos(keyRetry), "ignored-key", "the retry setting is ignored: "+err.Error(), hint)
		}
	}
}

// misspelt is a hint for keys that are missing: those that were probably meant to
// be them.
func misspelt(config *params.Object, missing ...string) string {
	for _, key := range missing {
		if near := diag.Nearest(key, config.Keys()); len(near) > 0 {
			return fmt.Sprintf("`%s` is written `%s`", near[0], key)
		}
	}
	return ""
}

func (l *linting) operatorTask(n *Node, dir string) {
	name, command, _ := OperatorOf(n.Config)
	pos := command.Pos
	l.knownOperator(name, pos)
	for e := range n.Config.Entries() {
		if strings.HasPrefix(e.Key, "_") && !slices.Contains(ReservedKeys(), e.Key) {
			if near := diag.DidYouMean(e.Key, ReservedKeys()); near != "" {
				l.report(diag.Warning, e.Pos, "unknown-key", fmt.Sprintf("%s has no meaning for heitan", e.Key), near)
			}
		}
	}
	if v, ok := n.Config.Get(keyRetry); ok {
		if _, err := ParseRetry(v); err != nil && !params.HasTemplate(v) {
			l.report(diag.Error, n.Config.Pos(keyRetry), "wrong-type", err.Error(), "")
		} else if l.IgnoresRetry != nil && l.IgnoresRetry(name) && !hasChildren(n) {
			l.report(diag.Warning, n.Config.Pos(keyRetry), "ignored-key",
				fmt.Sprintf("_retry has no effect on %s>", name), "put the task into a group that has the _retry")
		}
	}
	text, _ := command.Value.(string)
	static := text != "" && !strings.Contains(text, "$")
	switch {
	case name == "call" && static && !strings.Contains(dir, "$"):
		l.call(text, dir, pos)
	case name == "require" && static && l.Workflows != nil && !n.Config.Has("project_name") && !n.Config.Has("project_id"):
		if !slices.Contains(l.Workflows, text) {
			l.report(diag.Warning, pos, "unknown-workflow", "there is no workflow "+text, diag.DidYouMean(text, l.Workflows))
		}
	case (name == "loop" || name == "for_each" || name == "for_range") && !n.Config.Has(keyDo):
		l.report(diag.Error, pos, "missing-key", fmt.Sprintf("Parameter '_do' is required but not set at %s>", name), misspelt(n.Config, keyDo))
	case name == "if" && !n.Config.Has(keyDo) && !n.Config.Has(keyElseDo):
		l.report(diag.Error, pos, "missing-key", "Both _do and _else_do are not specified.", misspelt(n.Config, keyDo, keyElseDo))
	}
}

// hasChildren reports whether an operator's task gets children, whose failure lets
// its `_retry` repeat it whatever the operator is.
func hasChildren(n *Node) bool {
	_, checked := n.Check()
	return checked || n.Config.Has(keyDo) || n.Config.Has(keyElseDo)
}

func (l *linting) knownOperator(name string, pos params.Pos) {
	if l.Instead != nil {
		if instead := l.Instead(name); instead != "" {
			l.report(diag.Error, pos, "unknown-operator", fmt.Sprintf("The operator %s> is not available in heitan", name), instead)
			return
		}
	}
	if l.Operators == nil || slices.Contains(l.Operators, name) || strings.Contains(name, "$") {
		return
	}
	if l.IsOperator != nil && l.IsOperator(name) {
		return
	}
	l.report(diag.Error, pos, "unknown-operator", "Unknown task type: "+name, diag.DidYouMean(name, l.Operators))
}

// generated compiles a body from which tasks are made at run time, and looks into it.
func (l *linting) generated(n *Node, key, dir string) {
	v, ok := n.Config.Get(key)
	if !ok || v == nil {
		return
	}
	c := &compiler{}
	body := c.task(params.Entry{Key: "^sub", Value: v, Pos: n.Config.Pos(key)})
	if key != keyError { // those were compiled with the workflow
		l.problems = append(l.problems, c.problems...)
	}
	l.node(body, dir)
}

// call looks into a called file, once for each.
func (l *linting) call(name, dir string, pos params.Pos) {
	if l.Files == nil {
		return
	}
	doc, err := LoadCalled(l.Files, dir, name)
	if list, ok := err.(diag.List); ok { //nolint:errorlint // LoadCalled returns a List, never a wrapped one
		for i := range list {
			if list[i].Code == "file-not-found" && list[i].Pos.IsZero() {
				list[i].Pos = pos
			}
		}
		l.problems = append(l.problems, list...)
		return
	}
	file := path.Join(dir, name)
	if l.called[file] {
		return
	}
	l.called[file] = true
	c := &compiler{}
	body := c.task(params.Entry{Key: "^sub", Value: doc, Pos: pos})
	l.problems = append(l.problems, c.problems...)
	l.node(body, dir)
}

// templates checks every text of a node's keys, but not what is evaluated later
// as part of other tasks.
func (l *linting) templates(config *params.Object) {
	if l.Templates == nil || !config.HasTemplate() {
		return
	}
	for e := range config.Entries() {
		switch e.Key {
		case keyDo, keyElseDo, keyError, keyCheck:
		default:
			l.templatesIn(e.Value, e.Pos)
		}
	}
}

func (l *linting) templatesIn(v params.Value, pos params.Pos) {
	switch v := v.(type) {
	case string:
		for _, wrong := range l.Templates(v) {
			l.report(diag.Error, pos, "bad-template", wrong.Message, wrong.Hint)
		}
	case params.List:
		for _, e := range v {
			l.templatesIn(e, pos)
		}
	case *params.Object:
		for e := range v.Entries() {
			if e.Key == keyDo || e.Key == keyElseDo {
				continue
			}
			at := e.Pos
			if at.IsZero() {
				at = pos
			}
			l.templatesIn(e.Value, at)
		}
	}
}
