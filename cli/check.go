package cli

import (
	"context"
	"encoding/json"
	"os"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/expr"
	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/local"
	"github.com/heitan/heitan/server"
	"github.com/heitan/heitan/workflow"
)

type checkOptions struct {
	common  *commonOptions
	params  paramOptions
	project string
	target  string
	json    bool
}

func newCheck(env Env, common *commonOptions) *cobra.Command {
	o := &checkOptions{common: common}
	cmd := &cobra.Command{
		Use:     "check [WORKFLOW]",
		Aliases: []string{"c"},
		Short:   "Check workflow files and show what is in them",
		Long: `Check workflow files and show what is in them: workflows, params, schedules
with their next session.

All problems of all files are reported: those that keep a workflow from running,
and those that would show only when a task runs.

Exit status: 0 if there are no errors, warnings apart; else 1.`,
		Example: `  heitan check
  heitan check report.dig --json`,
		ValidArgsFunction: completeWorkflow,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(cmd, "check expects one workflow at most")
			}
			o.target = strings.Join(args, "")
			return runCheck(env, o)
		},
	}
	f := cmd.Flags()
	f.Var(once(&o.project), "project", "`folder` of the project (default: the current one)")
	f.StringArrayVarP(&o.params.pairs, "param", "p", nil, "set a param: `KEY=VALUE`")
	f.VarP(once(&o.params.file), "params-file", "P", "read params from this YAML or JSON `file`")
	f.BoolVar(&o.json, "json", false, "print the result as JSON")
	return cmd
}

func runCheck(env Env, o *checkOptions) error {
	settings, err := o.common.config(env)
	if err != nil {
		return err
	}
	all, err := o.params.read(env, settings)
	if err != nil {
		return err
	}
	found, problems, err := check(env, o, settings)
	if err != nil {
		return err
	}
	found.Params = all
	if o.json {
		err = writeJSON(env, found)
	} else {
		env.banner()
		found.print(env)
		err = diag.Write(env.Stderr, problems, env.source, env.diagStyle())
	}
	if err == nil && problems.HasErrors() {
		return silentError{status: 1}
	}
	return err
}

// check loads the project, or one workflow of it, and looks into all of them.
func check(env Env, o *checkOptions, settings config.Config) (*checked, diag.List, error) {
	dir := env.Path(o.project)
	if err := local.CheckFolder(dir); err != nil {
		return nil, nil, err
	}
	files := os.DirFS(dir)
	project, problems := workflow.LoadProject(files)
	names := project.Names() // of all workflows, also if only one is looked into
	if strings.HasSuffix(o.target, ".dig") && path.Dir(o.target) != "." {
		w, more := workflow.LoadWorkflow(files, path.Clean(o.target))
		problems = append(problems, more...)
		if w != nil {
			project.Workflows = append(project.Workflows, w)
		}
	}
	if o.target != "" {
		name := strings.TrimSuffix(path.Clean(o.target), ".dig")
		if w, ok := project.Find(name); ok {
			project.Workflows = []*workflow.Workflow{w}
		} else if !problems.HasErrors() {
			_, _, _, err := local.Load(dir, o.target)
			return nil, nil, err
		}
	}
	registry, err := server.Operators(context.Background(), settings, env.Environ)
	if err != nil {
		return nil, nil, err
	}
	linter := workflow.Linter{
		Files: files, Workflows: names, Operators: registry.Names(),
		IsOperator: func(name string) bool { _, err := registry.Find(dir, name); return err == nil },
		Instead:    registry.Instead,
		Templates:  templateProblems,
		IgnoresRetry: func(name string) bool {
			entry, err := registry.Find(dir, name)
			return err == nil && !entry.SelfRetry && entry.Instead == ""
		},
	}
	found := &checked{Timezone: env.zoneName(), Workflows: []checkedWorkflow{}}
	for _, w := range project.Workflows {
		problems = append(problems, linter.Lint(w)...)
		found.Workflows = append(found.Workflows, describe(w, env.Now()))
	}
	problems = inProject(o.project, problems)
	problems.Sort()
	found.Problems = []checkedProblem{}
	for _, d := range problems {
		found.Problems = append(found.Problems, checkedProblem{
			File: d.Pos.File, Line: d.Pos.Line, Column: d.Pos.Column,
			Severity: d.Severity, Code: d.Code, Message: d.Message, Hint: d.Hint,
		})
	}
	return found, problems, nil
}

// zoneName is the name of the time zone of this machine.
func (e Env) zoneName() string {
	now := e.Now()
	name := now.Location().String()
	if name != "Local" {
		return name
	}
	if target, err := os.Readlink("/etc/localtime"); err == nil {
		if _, zone, ok := strings.Cut(target, "zoneinfo/"); ok {
			return zone
		}
	}
	return now.Format("MST")
}

func templateProblems(text string) []workflow.TemplateProblem {
	var wrong []workflow.TemplateProblem
	for _, p := range expr.Check(text) {
		wrong = append(wrong, workflow.TemplateProblem{Message: p.Message, Hint: p.Hint})
	}
	return wrong
}

func writeJSON(env Env, v any) error {
	encoder := json.NewEncoder(env.Stdout)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
