package cli

import (
	"errors"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/graph"
	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/local"
	"github.com/heitan/heitan/workflow"
)

type graphOptions struct {
	project string
	target  string
	format  string
	output  string
}

func newGraph(env Env, _ *commonOptions) *cobra.Command {
	o := &graphOptions{}
	cmd := &cobra.Command{
		Use:   "graph WORKFLOW",
		Short: "Show the tasks of a workflow and what waits for what",
		Long: `Show the tasks of a workflow and what waits for what, as a tree of text or as
a picture.

WORKFLOW is a .dig file or the name of one in the project's folder. Tasks that
are generated while the workflow runs are shown as the operator that will make
them, such as loop>.`,
		Example: `  heitan graph report.dig
  heitan graph report.dig --output report.svg`,
		ValidArgsFunction: completeWorkflow,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(cmd, "graph expects a workflow")
			}
			o.target = args[0]
			return runGraph(env, o)
		},
	}
	f := cmd.Flags()
	f.Var(once(&o.project), "project", "`folder` of the project (default: the current one)")
	f.Var(once(&o.format), "format", "`format` of the output: text or svg (default text, or svg for an output named so)")
	f.VarP(once(&o.output), "output", "o", "write to this `file` instead of standard output")
	return cmd
}

func runGraph(env Env, o *graphOptions) error {
	draw, err := o.drawing(env)
	if err != nil {
		return err
	}
	_, w, problems, err := local.Load(env.Path(o.project), o.target)
	if err != nil {
		if list, ok := errors.AsType[diag.List](err); ok {
			return inProject(o.project, list)
		}
		return err
	}
	if len(problems) > 0 {
		_ = diag.Write(env.Stderr, inProject(o.project, problems), env.source, env.diagStyle())
	}
	return o.write(env, draw(w.Root))
}

// drawing is how the graph is made in the chosen format.
func (o *graphOptions) drawing(env Env) (func(*workflow.Node) []byte, error) {
	format := o.format
	if format == "" && strings.HasSuffix(strings.ToLower(o.output), ".svg") {
		format = "svg"
	}
	switch format {
	case "", "text":
		text := o.textOptions(env)
		return func(root *workflow.Node) []byte { return []byte(graph.Text(root, text)) }, nil
	case "svg":
		return func(root *workflow.Node) []byte { return graph.SVG(root, graph.SVGOptions{}) }, nil
	}
	return nil, &heitan.Error{Kind: heitan.Invalid, Msg: "unknown format " + format, Hint: "use --format text or --format svg"}
}

// textOptions fit a tree to the terminal, if that is where it goes.
func (o *graphOptions) textOptions(env Env) graph.TextOptions {
	if !env.Terminal || o.toFile() {
		return graph.TextOptions{}
	}
	width, _ := env.Size()
	return graph.TextOptions{Width: width, Style: graph.Style{
		Tree:     env.color(gray).paint,
		Operator: env.color(cyan).paint,
		Command:  env.color(gray).paint,
		Mark:     env.color(yellow).paint,
	}}
}

func (o *graphOptions) toFile() bool { return o.output != "" && o.output != "-" }

func (o *graphOptions) write(env Env, picture []byte) error {
	if !o.toFile() {
		_, err := env.Stdout.Write(picture)
		return err
	}
	if err := os.WriteFile(env.Path(o.output), picture, 0o644); err != nil {
		return &heitan.Error{Kind: heitan.Invalid, Msg: "write the graph", Err: err, Hint: "choose another --output"}
	}
	return nil
}
